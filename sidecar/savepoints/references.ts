import { Failure, type JobKey, type Location, parseLocation } from "../../model/index.ts";
import { METADATA, referencedFiles, type SnapshotStorage, storageRootOf } from "../../recovery/index.ts";
import type { RestorePoints } from "../restore/ports.ts";

export interface ReferenceOptions {
  readonly points: Pick<RestorePoints, "candidates">;
  /** Every job that is known: one of them may have been started from another's savepoint. */
  readonly jobs: () => readonly JobKey[];
  readonly storageFor: (job: JobKey, roots: readonly Location[], signal: AbortSignal) => SnapshotStorage;
}

/** Longest time for reading all of them. */
const TIMEOUT_MS = 60_000;

/** Files that snapshots other than `except` refer to; null: not every one of them could be read. */
export type ReadReferences = (except: string) => Promise<ReadonlySet<string> | null>;

/** Reads the `_metadata` of every snapshot that is known of, of every job. One that is gone refers to nothing. */
export function createReferences({ points, jobs, storageFor }: ReferenceOptions): ReadReferences {
  const read = (job: JobKey, path: string, signal: AbortSignal) => {
    const storage = storageFor(job, [parseLocation(storageRootOf(path))], signal);
    return referencedFiles(storage, `${path}/${METADATA}`, signal).catch(absent);
  };
  return async (except) => {
    const files = new Set<string>();
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const all = jobs().flatMap((job) => points.candidates(job).map(({ path }) => ({ job, path })));
    for (const { job, path } of all.filter((c) => c.path !== except)) {
      const found = await read(job, path, signal);
      if (typeof found === "string") return null;
      for (const file of found) files.add(file);
    }
    return files;
  };
}

function absent(error: unknown): readonly string[] | string {
  if (!(error instanceof Failure)) throw error;
  return error.code === "not-found" ? [] : error.message;
}
