import { Failure, type SnapshotProblem, type StoredFile, sentenceOf } from "../model/index.ts";
import { type NeededFiles, type NeededNames, pathIn } from "./needed-files.ts";
import type { SnapshotStorage } from "./ports.ts";
import { eachWithin } from "./within.ts";

/** A needed file that a listing lacks or shows too short. */
export interface Suspect {
  readonly file: string;
  readonly needed: number;
  /** Bytes as listed; null: not listed. */
  readonly found: number | null;
}

/** What the listings of all directories of a snapshot showed. */
export interface Presence {
  /** At most `MOST_SUSPECTS`, short ones first. */
  readonly suspects: readonly Suspect[];
  readonly moreSuspects: number;
  /** Shorter than needed, which says nothing if they are compressed; at most `MOST_SUSPECTS`. */
  readonly packed: readonly Suspect[];
  /** One for each directory that could not be listed. */
  readonly unasked: readonly SnapshotProblem[];
  /** The file called `watched`, as listed. */
  readonly watched: StoredFile | undefined;
}

export interface LookOptions {
  /** A file that is needed as well, and whose listing is handed back. */
  readonly watched: { readonly directory: string; readonly name: string; readonly bytes: number };
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  readonly progress: ((p: { readonly found: number; readonly of: number }) => void) | undefined;
}

const MOST_SUSPECTS = 1_000;
/** After so many directories that the store did not answer for, it is asked no more: nothing would be proven. */
const MOST_SILENT = 20;

/**
 * Looks for the files in listings: each directory once, a few at a time, and no further than its last needed file.
 * Empties the names of `needed` as they are found, so that no second copy of them is held.
 */
export async function lookForFiles(
  storage: SnapshotStorage,
  needed: NeededFiles,
  options: LookOptions,
): Promise<Presence> {
  const { directory, name, bytes } = options.watched;
  const all = new Map(needed.directories);
  const own = all.get(directory) ?? new Map<string, number>();
  all.set(directory, own.set(name, bytes));
  const look = new Look(storage, needed, options);
  const queue = all.entries();
  const worker = async (): Promise<void> => {
    for (const [at, names] of queue) await look.at(at, names);
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return look.seen(all);
}

class Look {
  readonly #storage: SnapshotStorage;
  readonly #needed: NeededFiles;
  readonly #options: LookOptions;
  readonly #short: Suspect[] = [];
  readonly #packed: Suspect[] = [];
  #moreShort = 0;
  #found = 0;
  readonly #unasked = new Map<string, string>();
  #silent = 0;
  #watched: StoredFile | undefined;

  constructor(storage: SnapshotStorage, needed: NeededFiles, options: LookOptions) {
    this.#storage = storage;
    this.#needed = needed;
    this.#options = options;
  }

  async at(directory: string, names: NeededNames): Promise<void> {
    if (this.#silent >= MOST_SILENT) {
      this.#unasked.set(directory, "the store did not answer for many others");
      return;
    }
    try {
      for await (const page of eachWithin(this.#storage.list(directory), this.#options.signal)) {
        const before = names.size;
        for (const file of page.files) this.#see(directory, names, file);
        this.#found += before - names.size;
        this.#options.progress?.({ found: this.#found, of: this.#needed.files + 1 });
        if (names.size === 0) return;
      }
    } catch (error) {
      if (error instanceof Failure && error.code === "not-found") return;
      if (!(error instanceof Failure) || error.retryable) this.#silent++;
      this.#unasked.set(directory, sentenceOf(error));
    }
  }

  /** By name, because a mapped store may call the directory otherwise. */
  #see(directory: string, names: NeededNames, file: StoredFile): void {
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    const needed = names.get(name);
    if (needed === undefined) return;
    names.delete(name);
    const { watched } = this.#options;
    if (name === watched.name && directory === watched.directory) this.#watched = file;
    // So that a size which is no number counts as short.
    if (!(file.bytes >= needed)) this.#doubt({ file: pathIn(directory, name), needed, found: file.bytes });
  }

  #doubt(suspect: Suspect): void {
    if ((suspect.found ?? 0) > 0 && this.#needed.compressible.has(suspect.file)) {
      if (this.#packed.length < MOST_SUSPECTS) this.#packed.push(suspect);
    } else if (this.#short.length < MOST_SUSPECTS) this.#short.push(suspect);
    else this.#moreShort++;
  }

  seen(all: ReadonlyMap<string, NeededNames>): Presence {
    const suspects = [...this.#short];
    let more = this.#moreShort;
    const unasked: SnapshotProblem[] = [];
    for (const [directory, names] of all) {
      const why = this.#unasked.get(directory);
      if (why !== undefined) {
        unasked.push(unaskedProblem(directory, names.size, why));
        continue;
      }
      for (const [name, needed] of names) {
        if (suspects.length < MOST_SUSPECTS)
          suspects.push({ file: pathIn(directory, name), needed, found: null });
        else more++;
      }
    }
    return { suspects, moreSuspects: more, packed: this.#packed, unasked, watched: this.#watched };
  }
}

function unaskedProblem(directory: string, files: number, why: string): SnapshotProblem {
  const count = files === 1 ? "1 needed file" : `${files} needed files`;
  return { file: directory, needed: null, found: null, sentence: `${count} could not be looked at: ${why}` };
}
