import { createHash } from "node:crypto";
import type { IncrementalHandle, KeyedHandle, StreamHandle } from "../../snapshot/index.ts";
import type { SnapshotToKeep } from "../physics/restore-point.ts";
import type { VertexPlan } from "../world.ts";

/** A file that a snapshot needs: shared ones outlive it, and may be there already. */
export interface FileToWrite {
  /** Name in its directory. */
  readonly name: string;
  readonly bytes: number;
  readonly shared: boolean;
}

/** Where one subtask's state goes. */
export interface Place {
  readonly seed: number;
  readonly incremental: boolean;
  /** URL of the directory of shared files. */
  readonly sharedUrl: string;
  readonly index: number;
  readonly parallelism: number;
}

/** Parts that an incremental checkpoint's state lies in; each checkpoint writes one of them anew. */
const PARTS = 4;
/** What RocksDB writes beside its tables. */
const ROCKSDB_META_BYTES = 1_330;

/** Keyed state: as many bytes as the world says, shared out by key groups. */
export function keyedStateOf(
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
