import type { Instant } from "./time.ts";

/** Checkpoint or savepoint; `unknown` where the file does not tell (metadata before version 4 has no properties). */
export type SnapshotKind = "checkpoint" | "savepoint" | "unknown";

/** Format of a savepoint: `canonical` is independent of the state backend. */
export type SavepointFormat = "canonical" | "native";

/** Who may also use a file: `exclusive` to its checkpoint, `shared` between checkpoints of one or several jobs. */
export type ReferenceScope = "exclusive" | "shared";

export const SNAPSHOT_STATES = ["verified", "incomplete", "corrupt", "unsupported", "unknown"] as const;
/**
 * What is known of a snapshot. `verified`: parsed to the last byte, every reference there and long enough.
 * `incomplete`: a referenced file is missing or short, or there is no `_metadata`. `corrupt`: `_metadata` is empty,
 * cut or contradicts itself. `unsupported`: a version or state handle that we do not know or have not proven.
 * `unknown`: could not be asked, or lies where we may not read: wait, do not fall back.
 */
export type SnapshotState = (typeof SNAPSHOT_STATES)[number];

/** One operator with state in a snapshot. */
export interface SnapshotOperator {
  /** 32 hex digits, as Flink prints them. */
  readonly id: string;
  /** Since metadata version 5; null before it or where none was given. */
  readonly uid: string | null;
  readonly name: string | null;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Bytes of its state: files by recorded size, segments and inline bytes. A file used twice counts once. */
  readonly bytes: number;
  /** Subtasks that carry state. */
  readonly subtasks: number;
  /** Every subtask had finished when the snapshot was taken. */
  readonly finished: boolean;
}

/** A file that the snapshot needs, once per path: how long it must at least be. */
export interface SnapshotReference {
  /** As written: absolute with or without scheme, or a name relative to the directory of `_metadata`. */
  readonly path: string;
  readonly relative: boolean;
  /** Bytes that must be there: the recorded size; for merged files the furthest end of a segment. */
  readonly needed: number;
  readonly scope: ReferenceScope;
  /**
   * Only on files of a changelog: `needed` is the length without compression, which is all that Flink records. A shorter
   * file that begins with the byte 1 is compressed (`dstl.dfs.compression.enabled`) and may be whole; one that begins
   * with 0 is not.
   */
  readonly compressible?: true;
}

/** Everything a `_metadata` file says that Outrider uses. */
export interface SnapshotContent {
  readonly version: number;
  readonly checkpointId: number;
  readonly kind: SnapshotKind;
  /** Savepoints only. */
  readonly format: SavepointFormat | null;
  readonly operators: readonly SnapshotOperator[];
  /** Distinct by path, in the order of the file. */
  readonly references: readonly SnapshotReference[];
  /** Bytes of state inside `_metadata` itself. */
  readonly inlineBytes: number;
  /** Length of `_metadata`. */
  readonly metadataBytes: number;
  /** False where this version has no released Flink behind it (7): read, but never called proven. */
  readonly proven: boolean;
}

/** Why a `_metadata` file could not be read: `corrupt` or `unsupported`, at which byte, in words. */
export interface SnapshotDefect {
  readonly state: "corrupt" | "unsupported";
  readonly offset: number;
  readonly sentence: string;
}

export type SnapshotReading =
  | { readonly ok: true; readonly content: SnapshotContent }
  | { readonly ok: false; readonly defect: SnapshotDefect };

/** What is wrong with one file of a snapshot. Sizes in bytes. */
export interface SnapshotProblem {
  readonly file: string;
  /** null where no length is asked, such as for `_metadata` itself. */
  readonly needed: number | null;
  /** null: missing, or not looked at (the sentence says which). */
  readonly found: number | null;
  readonly sentence: string;
}

/** The verdict on one snapshot, as every surface shows it. */
export interface SnapshotReport {
  /** Of its directory, normalised. */
  readonly path: string;
  readonly state: SnapshotState;
  readonly kind: SnapshotKind;
  readonly format: SavepointFormat | null;
  /** null where `_metadata` could not be read that far. */
  readonly version: number | null;
  readonly checkpointId: number | null;
  readonly operators: readonly SnapshotOperator[];
  /** Distinct files and the bytes of them that are needed. */
  readonly references: { readonly files: number; readonly bytes: number };
  readonly problems: readonly SnapshotProblem[];
  /** More problems than are listed (at most 1,000 are). */
  readonly moreProblems: number;
  readonly checkedAt: Instant;
  readonly sentence: string;
}

/** A file in a store. */
export interface StoredFile {
  /** Normalised, absolute (`file:/a/b`, `s3://bucket/a/b`). */
  readonly path: string;
  readonly bytes: number;
  /** When it was written; null where the store does not tell. */
  readonly modifiedAt: Instant | null;
}
