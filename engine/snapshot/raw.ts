import type { ByteStreamHandle, ChannelHandle, KeyedHandle, OperatorHandle } from "./raw-handles.ts";

/**
 * A `_metadata` file with nothing left out: what `parseSnapshot` gives and `writeMetadata` takes. Field order is the
 * order in the file; numbers of 64 bits are `bigint`, because a flipped bit makes them larger than a `number` holds.
 * Where Flink has several type bytes for one kind of handle (its own older and newer spellings), `type` is that byte.
 */
export interface RawSnapshot {
  /** 2 to 7. */
  readonly version: number;
  readonly checkpointId: bigint;
  readonly masterStates: readonly RawMasterState[];
  readonly operators: readonly RawOperator[];
  /** The Java-serialized checkpoint properties up to the end of the file; versions 2 and 3 have none. */
  readonly properties: Uint8Array | null;
}

/** What a hook of the JobManager keeps. */
export interface RawMasterState {
  readonly version: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface RawOperator {
  /** Since version 5; empty where none was given. Not written before it. */
  readonly name: string;
  readonly uid: string;
  /** 32 hex digits. */
  readonly id: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Version 2 only, unused ever since; else 1. */
  readonly chainLength: number;
  readonly coordinator: ByteStreamHandle | null;
  /** A negative count: the whole operator had finished, `subtasks` is empty. */
  readonly finishedMark: number | null;
  readonly subtasks: readonly RawSubtask[];
}

export interface RawSubtask {
  readonly index: number;
  /** null: this subtask had finished. */
  readonly state: RawSubtaskState | null;
}

export interface RawSubtaskState {
  /** Version 2 only: unused; else -1. */
  readonly duration: bigint;
  readonly managedOperator: OperatorHandle | null;
  readonly rawOperator: OperatorHandle | null;
  readonly managedKeyed: KeyedHandle | null;
  readonly rawKeyed: KeyedHandle | null;
  /** Since version 3; unaligned checkpoints have them. */
  readonly inputChannels: readonly ChannelHandle[];
  readonly outputChannels: readonly ChannelHandle[];
  /** Version 7 only: the older checkpoint that this state was taken over from. */
  readonly referenceCheckpoint: bigint | null;
}
