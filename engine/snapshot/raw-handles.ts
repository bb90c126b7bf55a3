import type { ReferenceScope } from "../../model/index.ts";

/*
 * The handles of a raw snapshot: what Flink writes about where state lies. Kinds have one spelling here; where Flink has
 * an older and a newer one, `type` is its type byte.
 */

export interface ByteStreamHandle {
  readonly kind: "byte-stream";
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface FileHandle {
  readonly kind: "file";
  /** -1: Flink did not know it. */
  readonly size: bigint;
  readonly path: string;
}

export interface RelativeFileHandle {
  readonly kind: "relative-file";
  /** Below the directory of `_metadata`. */
  readonly path: string;
  readonly size: bigint;
}

export interface SegmentHandle {
  readonly kind: "segment";
  readonly start: bigint;
  readonly size: bigint;
  readonly scope: ReferenceScope;
  /** The physical file, which holds many segments. */
  readonly path: string;
  readonly logicalFile: string;
}

export interface EmptySegmentHandle {
  readonly kind: "empty-segment";
}

/** Key groups as a stream: the format has them, real files were not seen to. */
export interface KeyGroupsStreamHandle {
  readonly kind: "key-groups-stream";
  readonly keyGroups: KeyGroupOffsets;
  readonly stream: StreamHandle;
}

/** Where bytes of state lie. */
export type StreamHandle =
  | ByteStreamHandle
  | FileHandle
  | RelativeFileHandle
  | SegmentHandle
  | EmptySegmentHandle
  | KeyGroupsStreamHandle;

export interface KeyGroupRange {
  readonly start: number;
  /** 0: the empty range. */
  readonly count: number;
}

export interface KeyGroupOffsets extends KeyGroupRange {
  /** One per key group. */
  readonly offsets: readonly bigint[];
}

export const DISTRIBUTION_MODES = ["split", "union", "broadcast"] as const;
export type DistributionMode = (typeof DISTRIBUTION_MODES)[number];

export interface PartitionedState {
  readonly name: string;
  readonly mode: DistributionMode;
  readonly offsets: readonly bigint[];
}

/** Operator state: `merged` is the form of file merging (type 17), whose stream is a segment. */
export interface OperatorHandle {
  readonly states: readonly PartitionedState[];
  readonly merged: MergedDirectories | null;
  readonly stream: StreamHandle;
}

export interface MergedDirectories {
  readonly taskOwned: string;
  readonly shared: string;
  readonly empty: boolean;
}

/** 3 old, 12 with `id`, 7 canonical savepoint. */
export interface KeyGroupsHandle {
  readonly kind: "key-groups";
  readonly type: 3 | 7 | 12;
  readonly keyGroups: KeyGroupOffsets;
  readonly stream: StreamHandle;
  /** Type 12 only. */
  readonly id: string;
}

export interface LocalFile {
  readonly localPath: string;
  readonly stream: StreamHandle;
}

/** 5 old, 11 with `checkpointedSize` and `id`. */
export interface IncrementalHandle {
  readonly kind: "incremental";
  readonly type: 5 | 11;
  readonly checkpointId: bigint;
  readonly backendId: string;
  readonly range: KeyGroupRange;
  /** Type 11 only. */
  readonly checkpointedSize: bigint;
  readonly meta: StreamHandle;
  readonly shared: readonly LocalFile[];
  readonly private: readonly LocalFile[];
  /** Type 11 only. */
  readonly id: string;
}

/** 8 old, 14 with `checkpointId`. */
export interface ChangelogHandle {
  readonly kind: "changelog";
  readonly type: 8 | 14;
  readonly range: KeyGroupRange;
  readonly checkpointedSize: bigint;
  readonly materialized: readonly KeyedHandle[];
  readonly increments: readonly ChangelogIncrement[];
  readonly materializationId: bigint;
  /** Type 14 only. */
  readonly checkpointId: bigint;
  readonly id: string;
}

export interface StateChange {
  /** -1: metadata. */
  readonly keyGroup: number;
  readonly bytes: Uint8Array;
}

/** 9: changes that lie inside `_metadata`. */
export interface ChangelogBytesHandle {
  readonly kind: "changelog-bytes";
  readonly range: KeyGroupRange;
  readonly from: bigint;
  readonly to: bigint;
  readonly changes: readonly StateChange[];
  readonly id: string;
}

export interface ChangelogFile {
  readonly offset: bigint;
  readonly stream: StreamHandle;
}

/** 10 old, 13 with `storage`. */
export interface ChangelogFilesHandle {
  readonly kind: "changelog-files";
  readonly type: 10 | 13;
  readonly range: KeyGroupRange;
  readonly files: readonly ChangelogFile[];
  readonly size: bigint;
  readonly checkpointedSize: bigint;
  readonly id: string;
  /** Type 13 only. */
  readonly storage: string;
}

export type ChangelogIncrement = ChangelogBytesHandle | ChangelogFilesHandle;
export type KeyedHandle = KeyGroupsHandle | IncrementalHandle | ChangelogHandle | ChangelogIncrement;

/** In-flight records of one channel; `channel` is gate and channel of an input, partition and subpartition of an output. */
export interface SingleChannelHandle {
  readonly kind: "channel";
  readonly subtask: number;
  readonly channel: readonly [number, number];
  readonly offsets: readonly bigint[];
  readonly size: bigint;
  readonly stream: StreamHandle;
}

/** Since version 6: in-flight records of all channels of one subtask. */
export interface MergedChannelHandle {
  readonly kind: "merged-channels";
  readonly subtask: number;
  readonly size: bigint;
  readonly stream: StreamHandle;
  /** Where each channel begins, as Flink serialized it. */
  readonly offsets: Uint8Array;
}

export type ChannelHandle = SingleChannelHandle | MergedChannelHandle;
