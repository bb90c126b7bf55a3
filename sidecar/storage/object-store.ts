import type { Instant, Location } from "../../model/index.ts";

/** A file right in the directory that was listed. */
export interface StoredEntry {
  readonly name: string;
  readonly bytes: number;
  /** When it was written; null where the store does not tell. */
  readonly modifiedAt: Instant | null;
}

/** At most 1,000 entries of a directory: plain names, no paths. */
export interface ObjectPage {
  readonly files: readonly StoredEntry[];
  readonly directories: readonly string[];
}

/** What a call may read, and when it has to stop. */
export interface Access {
  /** The real place lies inside one of these. Links of a file system must not lead out of them. */
  readonly roots: readonly Location[];
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a file from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start?: number;
  readonly end?: number;
}

/**
 * One kind of store, read only. Throws `Failure`s as `SnapshotStorage` in `recovery/ports.ts` promises them.
 * Names that no Flink can write (control characters, backslashes, `..`) are left out of listings.
 */
export interface ObjectStore {
  /** What lies right in a directory, page by page. An absent directory: no page. */
  list(directory: Location, access: Access): AsyncIterable<ObjectPage>;
  /** Asks for one file itself, not for a listing; undefined where the store says that it is not there. */
  stat(file: Location, access: Access): Promise<StoredEntry | undefined>;
  /** The bytes of a file in order; `not-found` where there is none. */
  read(file: Location, access: Access, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Ends connections; later calls fail. */
  close(): void;
}

/** What every kind of store keeps to. Times in milliseconds. */
export interface Bounds {
  /** Longest wait for one page of a listing, with all its retries, and for the next bytes of a file. */
  readonly pageTimeoutMs: number;
  /** Longest time for one file. */
  readonly readTimeoutMs: number;
  /** Most pages of one directory. */
  readonly mostPages: number;
}
