import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SnapshotReference } from "../../../model/index.ts";
import { waitFor } from "../support/child.ts";
import { asFlink } from "./oracle/as-flink.ts";
import type { HandleRow } from "./oracle/reading.ts";
import type { Pressed } from "./press.ts";
import type { Session } from "./session.ts";
import type { SnapshotStore } from "./stores.ts";
import { subject } from "./subject.ts";

/** The directory of a pressed snapshot on this machine. */
export const directoryOf = (store: SnapshotStore, { pointer }: Pressed): string => store.onDisk(pointer);

/** The bytes of its `_metadata`. */
export const metadataOf = (store: SnapshotStore, pressed: Pressed): Uint8Array =>
  new Uint8Array(readFileSync(join(directoryOf(store, pressed), "_metadata")));

/** Where a file that the snapshot refers to lies on this machine. */
export function placeOf(store: SnapshotStore, pressed: Pressed, reference: SnapshotReference): string {
  return reference.relative
    ? join(directoryOf(store, pressed), reference.path)
    : store.onDisk(reference.path);
}

/** Every file below a directory; none where there is no such directory. */
export function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Files in the directories of jobs to which no `_metadata` in the store refers, and that still lie there after Flink
 * had time to delete them: `expected` says of whose jobs they may be.
 */
export async function litter(
  session: Session,
  expected: (jobId: string) => boolean,
): Promise<readonly string[]> {
  const unexpected = () => orphans(session.store).filter((file) => !expected(jobIdIn(file)));
  await waitFor("Flink to delete what no checkpoint needs", 10_000, async () =>
    unexpected().length === 0 ? true : undefined,
  ).catch(() => undefined);
  return unexpected();
}

function orphans(store: SnapshotStore): readonly string[] {
  const files = filesBelow(store.onDisk(store.root)).filter((file) => jobIdIn(file) !== "");
  const needed = new Set(
    files.filter((file) => file.endsWith("/_metadata")).flatMap((file) => [file, ...neededBy(store, file)]),
  );
  return files.filter((file) => !needed.has(file));
}

function neededBy(store: SnapshotStore, metadata: string): readonly string[] {
  const parsed = subject.parse(new Uint8Array(readFileSync(metadata)));
  if (!parsed.ok) throw new Error(`${metadata}: ${parsed.defect.sentence}`);
  const rows: HandleRow[] = asFlink(parsed.snapshot).operators.flatMap(({ subtasks }) =>
    subtasks.flatMap(({ handles }) => handles),
  );
  return rows.flatMap((row) => {
    if (row.kind === "relative") return [join(dirname(metadata), row.path)];
    return row.kind === "file" || row.kind === "segment" ? [store.onDisk(row.path)] : [];
  });
}

/** The job in whose directory a file lies (`ckpt/JOB/…`, `dstl/JOB/…`); empty for savepoints. */
const jobIdIn = (file: string): string => /\/([0-9a-f]{32})\//.exec(file)?.[1] ?? "";
