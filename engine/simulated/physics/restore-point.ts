import type { FlinkJobId, SavepointFormat, VertexId } from "../../../model/index.ts";
import type { JobPlan, VertexPlan } from "../world.ts";

/** What a completed checkpoint or savepoint can bring back. */
export interface RestorePoint {
  readonly id: number;
  /** By source: the position in each partition when the barrier started. */
  readonly positions: ReadonlyMap<VertexId, Float64Array>;
  /** By window: records in panes and results not yet sent. */
  readonly windows: Map<VertexId, { readonly pane: number; readonly outbox: number }>;
  /** By edge (`from>to`), unaligned only: records that the barrier overtook. */
  readonly inFlight: Map<string, number>;
  /** By vertex with state: records that it has ever worked on, as its state counts them. */
  readonly processed: Map<VertexId, number>;
  /** Subtasks of each vertex when it was taken. */
  readonly parallelism: ReadonlyMap<VertexId, number>;
}

/** A vertex that loses nothing in a restart but what is in flight. */
export const isStateful = (plan: VertexPlan): boolean => plan.stateBytes > 0 || plan.window !== undefined;

/** Where a snapshot lies, and what it needs there. */
export interface KeptSnapshot {
  /** As Flink writes it: `file:/a/b/chk-3`. */
  readonly path: string;
  /** Files that only it uses, and files that it shares with other checkpoints, by local path → bytes needed. */
  readonly exclusive: ReadonlyMap<string, number>;
  readonly shared: ReadonlyMap<string, number>;
}

/** A snapshot as it is handed over to be kept. */
export interface SnapshotToKeep {
  readonly job: JobPlan;
  readonly point: RestorePoint;
  readonly kind: "checkpoint" | "savepoint";
  /** Savepoints only. */
  readonly format: SavepointFormat;
  /** Savepoints only: where theirs is made. */
  readonly target: string | undefined;
  /** Which attempt of the job wrote it: another one with other subtasks shares no files with it. */
  readonly attempt: number;
  /** Id of the first checkpoint of that attempt. */
  readonly since: number;
}

/**
 * What keeps snapshots for the cluster. Every method but `discard` and `abandon` may throw `StateFault`, in Flink's
 * words.
 */
export interface SnapshotKeeper {
  /** A checkpoint begins: its directory is there, without `_metadata`. */
  begin(job: FlinkJobId, checkpoint: number): void;
  /** Writes everything, `_metadata` last. */
  write(snapshot: SnapshotToKeep): KeptSnapshot;
  /** A checkpoint that began came to nothing. */
  abandon(job: FlinkJobId, checkpoint: number): void;
  /** Deletes a snapshot: `_metadata` first, shared files only where no other checkpoint of the job needs them. */
  discard(kept: KeptSnapshot): void;
  /** Whether the state that tasks would read back is all there. `_metadata` is not asked: the JobManager knows it. */
  check(kept: KeptSnapshot): void;
  /** Reads a snapshot from its directory or its `_metadata`, for a job that is to begin with it. */
  read(path: string): { readonly kept: KeptSnapshot; readonly operators: readonly ReadOperator[] };
}

/** What `_metadata` says of one operator. */
export interface ReadOperator {
  readonly id: VertexId;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly hasState: boolean;
  readonly checkpoint: number;
  /** Simulated state; undefined for an operator that a real Flink wrote. */
  readonly state: OperatorState | undefined;
}

/** The simulated part of one operator's state. */
export interface OperatorState {
  /** Sources: by partition. */
  readonly positions?: readonly number[];
  readonly processed?: number;
  readonly window?: { readonly pane: number; readonly outbox: number };
  /** By sending vertex. */
  readonly inFlight?: Readonly<Record<VertexId, number>>;
}
