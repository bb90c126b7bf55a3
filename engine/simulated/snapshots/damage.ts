import { rmSync, statSync, truncateSync } from "node:fs";
import { Failure } from "../../../model/index.ts";
import type { KeptSnapshot } from "../physics/restore-point.ts";
import type { SnapshotDamage } from "../world.ts";

/** Spoils one file of a snapshot. Throws a `Failure` `not-found` where it has no such file. */
export function damage(kept: KeptSnapshot, metadata: string, kind: SnapshotDamage): void {
  switch (kind) {
    case "metadata-cut":
      truncateSync(metadata, Math.floor(statSync(metadata).size / 2));
      return;
    case "metadata-missing":
      rmSync(metadata);
      return;
    case "file-short":
      truncateSync(firstOf(kept.exclusive, kept, kind), 1);
      return;
    case "file-missing":
      rmSync(firstOf(kept.exclusive, kept, kind));
      return;
    case "shared-file-missing":
      rmSync(newestOf(kept.shared, kept, kind));
      return;
  }
}

/** The longest one: cutting a file of one byte would change nothing. */
function firstOf(files: ReadonlyMap<string, number>, kept: KeptSnapshot, kind: string): string {
  const [path] = [...files].sort((a, b) => b[1] - a[1])[0] ?? [];
  return path ?? none(kept, kind);
}

/** The file that this checkpoint wrote itself, so that older ones stay whole. */
function newestOf(files: ReadonlyMap<string, number>, kept: KeptSnapshot, kind: string): string {
  const byAge = [...files.keys()].map((path) => ({ path, at: statSync(path).mtimeMs }));
  return byAge.sort((a, b) => b.at - a.at)[0]?.path ?? none(kept, kind);
}

function none(kept: KeptSnapshot, kind: string): never {
  throw new Failure(
    "not-found",
    `cannot do ${kind} to ${kept.path}: got no such file in it; expected a job with state${kind.startsWith("shared") ? " and incremental checkpoints" : ""}`,
  );
}
