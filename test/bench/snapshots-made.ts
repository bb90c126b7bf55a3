import {
  operatorIdOf,
  propertiesOf,
  type RawSnapshot,
  type RawSubtask,
  type StreamHandle,
} from "../../engine/snapshot/index.ts";

/** A file of state by its whole path, or by its name where it lies beside `_metadata`. */
export interface MadeFile {
  readonly path: string;
  readonly bytes: number;
  readonly relative?: boolean;
}

/**
 * An incremental RocksDB checkpoint as Flink 1.20 writes it, of one operator: the first file is its meta file, all
 * others are shared; spread evenly over the subtasks. At least as many files as subtasks.
 */
export function madeSnapshot(
  checkpointId: number,
  files: readonly MadeFile[],
  parallelism: number,
): RawSnapshot {
  const perSubtask = Math.ceil(files.length / parallelism);
  const subtasks = Array.from({ length: parallelism }, (_, index) =>
    madeSubtask(checkpointId, index, files.slice(index * perSubtask, (index + 1) * perSubtask)),
  ).filter((subtask) => subtask !== undefined);
  const operator = {
    name: "",
    uid: "",
    id: operatorIdOf("count"),
    parallelism,
    maxParallelism: parallelism,
    chainLength: 1,
    coordinator: null,
    finishedMark: null,
    subtasks,
  };
  return {
    version: 4,
    checkpointId: BigInt(checkpointId),
    masterStates: [],
    operators: [operator],
    properties: propertiesOf("checkpoint"),
  };
}

function madeSubtask(
  checkpointId: number,
  index: number,
  files: readonly MadeFile[],
): RawSubtask | undefined {
  const [meta, ...shared] = files;
  if (meta === undefined) return undefined;
  return {
    index,
    state: {
      duration: -1n,
      managedOperator: null,
      rawOperator: null,
      managedKeyed: {
        kind: "incremental",
        type: 11,
        checkpointId: BigInt(checkpointId),
        backendId: "8a5c1f8e-3b57-4a8e-9d2c-5a1f0c7e4b11",
        range: { start: index, count: 1 },
        checkpointedSize: 1n,
        meta: streamOf(meta),
        shared: shared.map((file, i) => ({
          localPath: `${String(i).padStart(6, "0")}.sst`,
          stream: streamOf(file),
        })),
        private: [],
        id: "b3f9a1de-0c55-4c0a-8f6e-1d2a3b4c5d6e",
      },
      rawKeyed: null,
      inputChannels: [],
      outputChannels: [],
      referenceCheckpoint: null,
    },
  };
}

function streamOf({ path, bytes, relative = false }: MadeFile): StreamHandle {
  const size = BigInt(bytes);
  return relative ? { kind: "relative-file", path, size } : { kind: "file", size, path };
}
