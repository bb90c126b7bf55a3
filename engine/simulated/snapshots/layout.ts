import { createHash } from "node:crypto";
import {
  type IncrementalHandle,
  type KeyedHandle,
  type OperatorHandle,
  operatorIdOf,
  propertiesOf,
  type RawOperator,
  type RawSnapshot,
  type RawSubtask,
  type RawSubtaskState,
  type StreamHandle,
} from "../../snapshot/index.ts";
import { isStateful, type OperatorState, type SnapshotToKeep } from "../physics/restore-point.ts";
import type { VertexPlan } from "../world.ts";

/** A file that a snapshot needs: shared ones outlive it, and may be there already. */
export interface FileToWrite {
  /** Name in its directory. */
  readonly name: string;
  readonly bytes: number;
  readonly shared: boolean;
}

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

/** Parts that an incremental checkpoint's state lies in; each checkpoint writes one of them anew. */
const PARTS = 4;
/** The state by which a simulated operator is known again. */
const STATE_NAME = "outrider-simulated";
const SOURCE_STATE_NAME = "SourceReaderState";
/** What RocksDB writes beside its tables. */
const ROCKSDB_META_BYTES = 1_330;

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

type Place = LayoutOptions & { readonly index: number; readonly parallelism: number };

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

/** Keyed state: as many bytes as the world says, shared out by key groups. */
function keyedStateOf(
  snapshot: SnapshotToKeep,
  vertex: VertexPlan,
  place: Place,
  files: FileToWrite[],
): KeyedHandle | null {
  const { index, parallelism } = place;
  const { maxParallelism, stateBytes } = vertex;
  const firstOf = (i: number): number => Math.ceil((i * maxParallelism) / parallelism);
  const start = firstOf(index);
  const count = firstOf(index + 1) - start;
  const upTo = (group: number): number => Math.floor((stateBytes * group) / maxParallelism);
  const bytes = upTo(start + count) - upTo(start);
  if (bytes <= 0) return null;
  const id = nameOf(snapshot, place, vertex.id, "handle");
  if (place.incremental && (snapshot.kind === "checkpoint" || snapshot.format === "native"))
    return incrementalOf(snapshot, vertex, place, { bytes, range: { start, count }, id }, files);
  const offsets = Array.from({ length: count }, (_, i) => BigInt(upTo(start + i) - upTo(start)));
  const canonical = snapshot.kind === "savepoint" && snapshot.format === "canonical";
  return {
    kind: "key-groups",
    type: canonical ? 7 : 12,
    keyGroups: { start, count, offsets },
    stream: exclusive(nameOf(snapshot, place, vertex.id, "state"), bytes, files),
    id: canonical ? "" : id,
  };
}

/**
 * Incremental state in four parts, of which each checkpoint writes one anew: so a file serves four checkpoints in a
 * row. Another attempt may have other key groups, and begins with all four. Native savepoints own all their files.
 */
function incrementalOf(
  snapshot: SnapshotToKeep,
  vertex: VertexPlan,
  place: Place,
  { bytes, range, id }: { bytes: number; range: { start: number; count: number }; id: string },
  files: FileToWrite[],
): IncrementalHandle {
  const checkpoint = snapshot.point.id;
  const metaBytes = Math.min(ROCKSDB_META_BYTES, bytes);
  const tables = bytes - metaBytes;
  const own = snapshot.kind === "savepoint";
  const shared = Array.from({ length: PARTS }, (_, part) => {
    const age = (checkpoint + PARTS - part) % PARTS;
    const born = own ? checkpoint : Math.max(checkpoint - age, snapshot.since);
    const size = Math.floor((tables * (part + 1)) / PARTS) - Math.floor((tables * part) / PARTS);
    const localPath = `${String(born * PARTS + part).padStart(6, "0")}.sst`;
    const name = uuidOf(
      place.seed,
      snapshot.job.id,
      vertex.id,
      place.index,
      "sst",
      snapshot.attempt,
      born,
      part,
      own,
    );
    return {
      localPath,
      stream: own ? exclusive(name, size, files) : sharedFile(name, size, place.sharedUrl, files),
    };
  }).filter(({ stream }) => !("size" in stream) || stream.size > 0n);
  return {
    kind: "incremental",
    type: 11,
    checkpointId: BigInt(checkpoint),
    backendId: uuidOf(place.seed, snapshot.job.id, vertex.id, place.index, "backend", snapshot.attempt),
    range,
    checkpointedSize: BigInt(bytes),
    meta: exclusive(nameOf(snapshot, place, vertex.id, "meta"), metaBytes, files),
    shared,
    private: [],
    id,
  };
}

function exclusive(name: string, bytes: number, files: FileToWrite[]): StreamHandle {
  files.push({ name, bytes, shared: false });
  return { kind: "relative-file", path: name, size: BigInt(bytes) };
}

function sharedFile(name: string, bytes: number, url: string, files: FileToWrite[]): StreamHandle {
  files.push({ name, bytes, shared: true });
  return { kind: "file", path: `${url}/${name}`, size: BigInt(bytes) };
}

const nameOf = (s: SnapshotToKeep, place: Place, vertex: string, what: string): string =>
  uuidOf(place.seed, s.job.id, vertex, place.index, what, s.kind, s.point.id);

/** Shaped as the random names that Flink gives, and always the same for the same words. */
export function uuidOf(...words: readonly (string | number | boolean)[]): string {
  const hex = createHash("sha256").update(JSON.stringify(words)).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
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
