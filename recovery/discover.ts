import {
  childOf,
  Failure,
  type FlinkJobId,
  type Instant,
  locationText,
  parseLocation,
  type SnapshotKind,
  type StoredFile,
  sentenceOf,
} from "../model/index.ts";
import { inParallel } from "./in-parallel.ts";
import type { SnapshotStorage, StoredPage } from "./ports.ts";
import { checkpointIdIn, flinkJobIdOf, isSnapshotPath } from "./storage-root.ts";
import { METADATA } from "./verify.ts";
import { kindByName } from "./verify-report.ts";
import { eachWithin, within } from "./within.ts";

/** A directory that looks like a snapshot. Nothing of it was read. */
export interface FoundSnapshot {
  readonly path: string;
  readonly kind: SnapshotKind;
  /** By the name of its directory; savepoints do not tell. */
  readonly checkpointId: number | null;
  readonly flinkJobId: FlinkJobId | null;
  /** False: not finished, given up, or being deleted. Null: the store did not answer. */
  readonly hasMetadata: boolean | null;
  /** When `_metadata` was written. */
  readonly writtenAt: Instant | null;
}

export interface FoundSnapshots {
  /** Whether anything at all lies there; false also where the store did not answer. */
  readonly exists: boolean;
  /** Newest first: by id inside a job's directory, else by the time of `_metadata`. */
  readonly snapshots: readonly FoundSnapshot[];
  /** False where the bounds ended the search or a directory could not be listed. */
  readonly complete: boolean;
  /** Directories that could not be listed. */
  readonly problems: readonly { readonly path: string; readonly sentence: string }[];
}

export interface FindOptions {
  readonly signal?: AbortSignal;
  /** Entries of listings that are looked through at most; 10,000. */
  readonly maxEntries?: number;
  /** Levels below the directory; 3, as in `ROOT/TEAM/JOB/chk-N`. */
  readonly levels?: number;
}

const MAX_ENTRIES = 10_000;
const LEVELS = 3;
/** Directories looked into at once. */
const CONCURRENCY = 8;
/** Below these lies state, never a snapshot. */
const STATE_FOLDERS = ["shared", "taskowned", "dstl"];

/**
 * Finds snapshots in a root, in a job's directory, or in the directory of one snapshot. What the store does never
 * throws: it is told as a problem.
 */
export async function findSnapshots(
  storage: SnapshotStorage,
  directory: string,
  options: FindOptions = {},
): Promise<FoundSnapshots> {
  const search = new Search(storage, options);
  await search.into(locationText(parseLocation(directory)));
  return search.found();
}

class Search {
  readonly #storage: SnapshotStorage;
  readonly #signal: AbortSignal | undefined;
  readonly #levels: number;
  readonly #snapshots: FoundSnapshot[] = [];
  readonly #problems: { path: string; sentence: string }[] = [];
  #entriesLeft: number;
  #exists = false;
  #complete = true;

  constructor(storage: SnapshotStorage, { signal, maxEntries, levels }: FindOptions) {
    this.#storage = storage;
    this.#signal = signal;
    this.#entriesLeft = maxEntries ?? MAX_ENTRIES;
    this.#levels = levels ?? LEVELS;
  }

  found(): FoundSnapshots {
    return {
      exists: this.#exists,
      snapshots: newestFirst(this.#snapshots),
      complete: this.#complete,
      problems: this.#problems,
    };
  }

  /** Level by level, so that the bounds cut off what lies deepest. */
  async into(start: string): Promise<void> {
    let open: readonly string[] = [start];
    for (let level = 0; level <= this.#levels && open.length > 0; level++) {
      const next: string[] = [];
      await inParallel(open, CONCURRENCY, async (directory) => {
        next.push(...(await this.#lookInto(directory, level === 0)));
      });
      open = next;
    }
    if (open.length > 0) this.#complete = false;
  }

  /** Directories that the search goes on in. */
  async #lookInto(directory: string, isStart: boolean): Promise<readonly string[]> {
    if (!isStart && isSnapshotPath(directory)) {
      this.#snapshots.push(await this.#snapshotAt(directory));
      return [];
    }
    const below: string[] = [];
    const metadata = await this.#listed(directory, below);
    if (metadata !== undefined) {
      this.#snapshots.push(foundAt(directory, true, metadata.modifiedAt));
      return [];
    }
    if (isStart && isSnapshotPath(directory) && this.#exists) {
      this.#snapshots.push(foundAt(directory, false, null));
    }
    return this.#entriesLeft > 0 ? below : below.filter(isSnapshotPath);
  }

  /** The directory's own `_metadata`, if it has one; what else is worth a look goes to `below`. */
  async #listed(directory: string, below: string[]): Promise<StoredFile | undefined> {
    try {
      for await (const page of eachWithin(this.#storage.list(directory), this.#signal)) {
        const entries = page.files.length + page.directories.length;
        if (entries > 0) this.#exists = true;
        const metadata = metadataIn(page);
        if (metadata !== undefined) return metadata;
        below.push(...page.directories.filter((d) => !STATE_FOLDERS.includes(nameOfPath(d))));
        this.#entriesLeft -= entries;
        if (this.#entriesLeft <= 0) {
          this.#complete = false;
          return undefined;
        }
      }
    } catch (error) {
      if (!(error instanceof Failure && error.code === "not-found")) this.#fail(directory, error);
    }
    return undefined;
  }

  /** One request for each, where the store can look a file up; else as much of a listing as it takes. */
  async #snapshotAt(path: string): Promise<FoundSnapshot> {
    try {
      const metadata = await this.#metadataOf(path);
      return foundAt(path, metadata !== undefined, metadata?.modifiedAt ?? null);
    } catch (error) {
      this.#fail(path, error);
      return foundAt(path, null, null);
    }
  }

  async #metadataOf(path: string) {
    const file = locationText(childOf(parseLocation(path), METADATA));
    if (this.#storage.stat !== undefined) return within(this.#storage.stat(file), this.#signal);
    for await (const page of eachWithin(this.#storage.list(path), this.#signal)) {
      const metadata = metadataIn(page);
      if (metadata !== undefined) return metadata;
    }
    return undefined;
  }

  #fail(path: string, error: unknown): void {
    this.#complete = false;
    this.#problems.push({ path, sentence: sentenceOf(error) });
  }
}

const nameOfPath = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const metadataIn = (page: StoredPage) => page.files.find((f) => nameOfPath(f.path) === METADATA);

function foundAt(path: string, hasMetadata: boolean | null, writtenAt: Instant | null): FoundSnapshot {
  return {
    path,
    kind: kindByName(path),
    checkpointId: checkpointIdIn(path),
    flinkJobId: flinkJobIdOf(path),
    hasMetadata,
    writtenAt,
  };
}

/** Directories in the order of their newest snapshot; inside one directory checkpoints by id, others by time. */
function newestFirst(snapshots: readonly FoundSnapshot[]): readonly FoundSnapshot[] {
  const folderOf = ({ path }: FoundSnapshot): string => path.slice(0, path.lastIndexOf("/"));
  const newest = new Map<string, number>();
  for (const s of snapshots) {
    newest.set(folderOf(s), Math.max(newest.get(folderOf(s)) ?? 0, s.writtenAt ?? 0));
  }
  const byTime = (a: FoundSnapshot, b: FoundSnapshot): number => (b.writtenAt ?? 0) - (a.writtenAt ?? 0);
  return [...snapshots].sort(
    (a, b) =>
      (newest.get(folderOf(b)) ?? 0) - (newest.get(folderOf(a)) ?? 0) ||
      (folderOf(a) < folderOf(b) ? -1 : folderOf(a) > folderOf(b) ? 1 : 0) ||
      (b.checkpointId ?? -1) - (a.checkpointId ?? -1) ||
      byTime(a, b) ||
      (a.path < b.path ? -1 : 1),
  );
}
