import { readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

/** Halves the `_metadata` of a checkpoint: what a write that was cut off leaves behind. */
export function truncateMetadata(checkpoint: string): void {
  const file = join(checkpoint, "_metadata");
  truncateSync(file, Math.floor(statSync(file).size / 2));
}

/** Removes one file that only the newest checkpoint needs: no other checkpoint of `others` refers to it. */
export function removeSharedFile(
  sharedDir: string,
  newest: readonly string[],
  others: readonly (readonly string[])[],
): string {
  const needed = new Set(others.flat());
  const own = newest.filter((file) => file.startsWith(sharedDir) && !needed.has(file));
  const victim = own[0];
  if (victim === undefined) {
    throw new Error(
      `no shared file is the newest checkpoint's alone; in ${sharedDir}: ${readdirSync(sharedDir)}`,
    );
  }
  rmSync(victim);
  return victim;
}
