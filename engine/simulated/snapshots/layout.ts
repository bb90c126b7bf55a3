import {
  type OperatorHandle,
  operatorIdOf,
  propertiesOf,
  type RawOperator,
  type RawSnapshot,
  type RawSubtask,
  type RawSubtaskState,
} from "../../snapshot/index.ts";
import { isStateful, type OperatorState, type SnapshotToKeep } from "../physics/restore-point.ts";
import type { VertexPlan } from "../world.ts";
import { type FileToWrite, keyedStateOf, type Place } from "./keyed-layout.ts";

/** What is to be written: the handles of `_metadata`, and the files that they name. */
export interface Layout {
  readonly metadata: RawSnapshot;
  readonly files: readonly FileToWrite[];
}

export interface LayoutOptions {
  readonly seed: number;
  /** 4 for Flink 1.x, 6 for 2.x. */
  readonly version: number;
  readonly incremental: boolean;
  /** URL of the directory of shared files. */
  readonly sharedUrl: string;
}

/** The state by which a simulated operator is known again. */
const STATE_NAME = "outrider-simulated";
const SOURCE_STATE_NAME = "SourceReaderState";

/** Lays a snapshot out as Flink does. Deterministic: names come from the seed, the job and the checkpoint. */
export function layoutOf(snapshot: SnapshotToKeep, options: LayoutOptions): Layout {
  const files: FileToWrite[] = [];
  const operators = snapshot.job.vertices.map((vertex) => operatorOf(snapshot, vertex, options, files));
  const flavour = snapshot.kind === "checkpoint" ? "checkpoint" : (`${snapshot.format} savepoint` as const);
  const metadata: RawSnapshot = {
    version: options.version,
    checkpointId: BigInt(snapshot.point.id),
    masterStates: [],
    operators,
    properties: propertiesOf(flavour),
  };
  return { metadata, files };
}

function operatorOf(
  snapshot: SnapshotToKeep,
  vertex: VertexPlan,
  options: LayoutOptions,
  files: FileToWrite[],
): RawOperator {
  const { point } = snapshot;
  const parallelism = point.parallelism.get(vertex.id) ?? vertex.parallelism;
  const bare = vertex.name.replace(/^Source: /, "").replace(/: Writer$/, "");
  const known = operatorIdOf(bare) === vertex.id;
  const named = options.version >= 5;
  return {
    name: named ? vertex.name : "",
    uid: named && known ? bare : "",
    id: vertex.id,
    parallelism,
    maxParallelism: vertex.maxParallelism,
    chainLength: 1,
    coordinator:
      vertex.source === undefined
        ? null
        : { kind: "byte-stream", name: vertex.id, bytes: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0) },
    finishedMark: null,
    subtasks: Array.from({ length: parallelism }, (_, index) =>
      subtaskOf(snapshot, vertex, { index, parallelism, ...options }, files),
    ).filter(({ state }) => state !== null),
  };
}

function subtaskOf(
  snapshot: SnapshotToKeep,
  vertex: VertexPlan,
  place: Place,
  files: FileToWrite[],
): RawSubtask {
  const managedOperator = place.index === 0 ? operatorStateOf(snapshot, vertex) : null;
  const managedKeyed = keyedStateOf(snapshot, vertex, place, files);
  if (managedOperator === null && managedKeyed === null) return { index: place.index, state: null };
  const state: RawSubtaskState = {
    duration: -1n,
    managedOperator,
    rawOperator: null,
    managedKeyed,
    rawKeyed: null,
    inputChannels: [],
    outputChannels: [],
    referenceCheckpoint: null,
  };
  return { index: place.index, state };
}

/** What the simulation itself must know again lies inside `_metadata`, in the first subtask. */
function operatorStateOf({ point }: SnapshotToKeep, vertex: VertexPlan): OperatorHandle | null {
  const inFlight = [...point.inFlight].filter(([edge]) => edge.endsWith(`>${vertex.id}`));
  if (vertex.source === undefined && !isStateful(vertex) && inFlight.length === 0) return null;
  const positions = point.positions.get(vertex.id);
  const processed = point.processed.get(vertex.id);
  const window = point.windows.get(vertex.id);
  const state: OperatorState = {
    ...(positions === undefined ? {} : { positions: [...positions] }),
    ...(processed === undefined ? {} : { processed }),
    ...(window === undefined ? {} : { window }),
    ...(inFlight.length === 0
      ? {}
      : { inFlight: Object.fromEntries(inFlight.map(([edge, n]) => [edge.split(">")[0] ?? "", n])) }),
  };
  const name = vertex.source === undefined ? STATE_NAME : SOURCE_STATE_NAME;
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  return {
    states: [{ name, mode: "split", offsets: [0n] }],
    merged: null,
    stream: { kind: "byte-stream", name: `${vertex.id}-state`, bytes },
  };
}

/** The simulated state in the bytes of an operator's state; undefined where somebody else wrote them. */
export function simulatedStateIn(handle: OperatorHandle | null): OperatorState | undefined {
  const name = handle?.states[0]?.name;
  if (handle?.stream.kind !== "byte-stream" || (name !== STATE_NAME && name !== SOURCE_STATE_NAME))
    return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(handle.stream.bytes)) as OperatorState;
  } catch {
    return undefined;
  }
}
