import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMetadata } from "../../../engine/snapshot/index.ts";
import { parseLocation } from "../../../model/index.ts";
import { waitFor } from "../support/child.ts";

/** The complete `chk-N` of a job's directory, oldest first. */
export function checkpointsIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith("chk-") && existsSync(join(directory, name, "_metadata")))
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .map((name) => join(directory, name));
}

export function newestIn(directory: string): string {
  const found = checkpointsIn(directory).at(-1);
  if (found === undefined) throw new Error(`no complete checkpoint in ${directory}`);
  return found;
}

/** The checkpoint that is newest right after the next one completed: nobody writes another for a whole interval. */
export async function freshlyCompleted(directory: string): Promise<string> {
  const before = newestIn(directory);
  return waitFor("the next checkpoint", 60_000, async () => {
    const newest = newestIn(directory);
    return newest === before ? undefined : newest;
  });
}

/** Every file that a checkpoint refers to, as a path of this machine. */
export function filesOf(checkpoint: string): readonly string[] {
  const reading = readMetadata(readFileSync(join(checkpoint, "_metadata")));
  if (!reading.ok) throw new Error(reading.defect.sentence);
  return reading.content.references.map((r) =>
    r.relative ? join(checkpoint, r.path) : parseLocation(r.path).path,
  );
}
