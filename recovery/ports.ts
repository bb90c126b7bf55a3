import type { SnapshotReading, StoredFile } from "../model/index.ts";

/** One page of a listing: files, and the directories right below the one listed (normalised, no slash at the end). */
export interface StoredPage {
  readonly files: readonly StoredFile[];
  readonly directories: readonly string[];
}

/**
 * What verification needs of a store of files, local or remote. Paths are normalised locations (`parseLocation`).
 * Every method throws a `Failure`: `unreachable`, `timeout`, `unavailable`, `throttled`, `unauthorized` and
 * `forbidden`, `rejected`, `bad-reply`, `too-large` and `bad-config` mean that nothing is known; `not-found` means that the store answered and there is no such thing;
 * `not-supported` that no adapter speaks the scheme; `bad-request` that the path lies outside the roots that may be
 * read.
 */
export interface SnapshotStorage {
  /** What lies right in a directory, not deeper, in pages of at most 1,000 entries. An absent directory: no page. */
  list(directory: string): AsyncIterable<StoredPage>;
  /**
   * Looks one file up; undefined where the store answers that it is not there. Asked for the few files that a listing
   * lacks or shows too short, because listings may be older than the files; never for every file.
   */
  stat?(file: string): Promise<StoredFile | undefined>;
  /**
   * The first byte of a file; undefined where it has none. Asked for a few files whose length says nothing, because
   * they may be compressed.
   */
  firstByte?(file: string): Promise<number | undefined>;
  /** Reads and parses a `_metadata` file. Bounded in memory: state that lies inline is counted, not kept. */
  readMetadata(file: string): Promise<SnapshotReading>;
}
