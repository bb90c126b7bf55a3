import {
  type LocalFile,
  propertiesOf,
  type RawOperator,
  type RawSnapshot,
  type RawSubtask,
  type RawSubtaskState,
  type StreamHandle,
} from "../../engine/snapshot/index.ts";

/** Snapshots of which a test names only what it is about; the rest is empty or ordinary. */
export function aSnapshot(given: Partial<RawSnapshot> = {}): RawSnapshot {
  const version = given.version ?? 6;
  const properties = version < 4 ? null : propertiesOf("checkpoint");
  return { version, checkpointId: 7n, masterStates: [], operators: [], properties, ...given };
}

export function anOperator(given: Partial<RawOperator> = {}): RawOperator {
  return {
    name: "",
    uid: "",
    id: "6bf01baa9d2ca23a3ef7ce311722523d",
    parallelism: 4,
    maxParallelism: 128,
    chainLength: 1,
    coordinator: null,
    finishedMark: null,
    subtasks: [],
    ...given,
  };
}

export function aSubtask(index: number, given: Partial<RawSubtaskState> = {}): RawSubtask {
  return {
    index,
    state: {
      duration: -1n,
      managedOperator: null,
      rawOperator: null,
      managedKeyed: null,
      rawKeyed: null,
      inputChannels: [],
      outputChannels: [],
      referenceCheckpoint: null,
      ...given,
    },
  };
}

/** Subtask 0 of one operator with this state in keyed state of one file, and nothing else. */
export const keyedIn = (stream: StreamHandle): Partial<RawSubtaskState> => ({
  managedKeyed: {
    kind: "key-groups",
    type: 12,
    keyGroups: { start: 0, count: 1, offsets: [0n] },
    stream,
    id: "h",
  },
});

/** Keyed state of a RocksDB backend that takes incremental checkpoints. */
export const incrementalOf = (
  shared: readonly LocalFile[],
  own: readonly LocalFile[] = [],
): Partial<RawSubtaskState> => ({
  managedKeyed: {
    kind: "incremental",
    type: 11,
    checkpointId: 7n,
    backendId: "12345678-1234-1234-1234-123456789abc",
    range: { start: 0, count: 32 },
    checkpointedSize: 0n,
    meta: { kind: "byte-stream", name: "meta", bytes: new Uint8Array(3) },
    shared,
    private: own,
    id: "h",
  },
});

export const file = (path: string, size: bigint): StreamHandle => ({ kind: "file", path, size });
export const relativeFile = (path: string, size: bigint): StreamHandle => ({
  kind: "relative-file",
  path,
  size,
});
export const segment = (
  path: string,
  start: bigint,
  size: bigint,
  scope: "exclusive" | "shared" = "shared",
): StreamHandle => ({ kind: "segment", path, start, size, scope, logicalFile: "l" });
export const inline = (length: number): StreamHandle => ({
  kind: "byte-stream",
  name: "b",
  bytes: new Uint8Array(length),
});
