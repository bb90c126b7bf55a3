import type {
  FlinkJobId,
  Instant,
  JobState,
  Milliseconds,
  SavepointFormat,
  VertexId,
} from "../../model/index.ts";
import type { Operation } from "./physics/operation.ts";
import type { Thrown } from "./physics/state-fault.ts";
import type { ClusterPlan, JobPlan, Requirements, VertexPlan } from "./world.ts";

/**
 * The simulated cluster as its own JobManager sees it, at one instant of virtual time. The protocol side (REST,
 * metrics, reporter pages) reads only this. Everything is live: copy what must outlive the instant.
 */
export interface ClusterView {
  readonly plan: ClusterPlan;
  readonly epoch: Instant;
  now(): Instant;
  readonly jobManager: JobManagerView;
  /** Registered ones; a lost one stays here until its heartbeat timed out. */
  readonly taskManagers: readonly TaskManagerView[];
  readonly jobs: readonly JobView[];
}

export interface JobManagerView {
  /** `down`: nothing listens. `electing`: something listens and leads nothing yet (high availability). */
  readonly state: "up" | "down" | "electing";
  /** Another number: another process, which remembers nothing of the one before. */
  readonly process: number;
}

export interface TaskManagerView {
  readonly id: string;
  readonly index: number;
  readonly slots: number;
  readonly freeSlots: number;
  readonly cores: number;
  readonly startedAt: Instant;
  /** False from its crash on; then `lastHeartbeatAt` stands still. */
  readonly alive: boolean;
  readonly lastHeartbeatAt: Instant;
  /** Cores in use now, 0 … `cores`. */
  readonly coresUsed: number;
  /** Scripted, beside what collections cost anyway: share of the time in which collectors stop its tasks. */
  readonly gcShare: number;
  /** Scripted: share of the heap that a collection leaves behind; undefined: what is usual. */
  readonly heapShare: number | undefined;
}

export interface JobView {
  readonly plan: JobPlan;
  readonly id: FlinkJobId;
  readonly state: JobState;
  readonly startTime: Instant;
  /** Undefined while the job lives. */
  readonly endTime: Instant | undefined;
  /** When each state was entered last; a state never entered is not here. `RUNNING` is renewed by every restart. */
  readonly timestamps: Readonly<Partial<Record<JobState, Instant>>>;
  /** Restarts of any cause, rescales included, as `numRestarts`. */
  readonly restarts: number;
  /** Rescales alone. */
  readonly rescales: number;
  readonly vertices: readonly VertexView[];
  /** Undefined where the scheduler has none (default scheduler). */
  readonly requirements: Requirements | undefined;
  readonly checkpoints: CheckpointsView;
  /** Newest first, bounded. */
  readonly exceptions: readonly ExceptionView[];
  /** Flink's words for its restart strategy. */
  readonly strategyName: string;
}

export interface VertexView {
  readonly plan: VertexPlan;
  readonly id: VertexId;
  /** Of the attempt that runs, or of the one that is to come. */
  readonly parallelism: number;
  readonly subtasks: readonly SubtaskView[];
}

/** Counters of one subtask since its attempt began; all stand still while the job does not run. */
export interface SubtaskView {
  readonly index: number;
  readonly taskManager: string;
  readonly readRecords: number;
  readonly writeRecords: number;
  /** busy + idle + back-pressured = time since `startedAt` in which the task ran (ms). */
  readonly busyMs: number;
  readonly idleMs: number;
  readonly backPressuredMs: number;
  readonly startedAt: Instant;
  /** Records in its input queue. */
  readonly queued: number;
  /** 0..1, of the input queues' room. */
  readonly inPoolUsage: number;
  /** Sources only: records that wait in its partitions; undefined elsewhere. */
  readonly pendingRecords: number | undefined;
  /** Sources only: its partitions. */
  readonly partitions: readonly number[];
  /** Event time it has reached; undefined until it saw a record. */
  readonly watermark: Instant | undefined;
}

export interface CheckpointsView {
  readonly triggered: number;
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
  /** Newest first, bounded (Flink keeps 10). */
  readonly history: readonly CheckpointView[];
  readonly latestCompleted: CheckpointView | undefined;
  readonly latestSavepoint: CheckpointView | undefined;
  readonly latestFailed: CheckpointView | undefined;
  /** `path` undefined: that of the checkpoint of this id. */
  readonly restored:
    | { readonly id: number; readonly at: Instant; readonly isSavepoint: boolean; readonly path?: string }
    | undefined;
}

export interface CheckpointView {
  readonly id: number;
  readonly status: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly isSavepoint: boolean;
  /** Savepoints only. */
  readonly format?: SavepointFormat;
  /** Flink has deleted it. */
  readonly discarded?: boolean;
  readonly triggeredAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly durationMs: Milliseconds | undefined;
  readonly stateBytes: number;
  /** Undefined where none was written. */
  readonly path: string | undefined;
  readonly failure: string | undefined;
}

export interface ExceptionView {
  readonly at: Instant;
  /** Java class name. */
  readonly name: string;
  readonly message: string;
  /** Frames below it without `at`; undefined: some of Flink's. */
  readonly frames?: readonly string[];
  /** What caused it, the outer one first. */
  readonly causes?: readonly Thrown[];
  readonly taskName: string | undefined;
  readonly taskManager: string | undefined;
}

/** What a client may ask the cluster to do. Each throws `Refused` with Flink's own words and status. */
export interface ClusterCommands {
  /** Every vertex of the job must be named. */
  putRequirements(job: FlinkJobId, wish: Requirements): void;
  cancel(job: FlinkJobId): void;
  /** Triggers a checkpoint now; returns its id. */
  triggerCheckpoint(job: FlinkJobId): number;
  /** Accepts whatever is asked: what goes wrong is told by the operation. */
  triggerSavepoint(job: FlinkJobId, wish: SavepointRequest): Operation;
  /** Deletes a savepoint. */
  disposeSavepoint(path: string): Operation;
  /** Starts the job of the world that a jar stands for; returns its id. */
  run(request: RunRequest): FlinkJobId;
}

export interface SavepointRequest {
  /** Undefined: the cluster's own directory. */
  readonly target: string | undefined;
  readonly format: SavepointFormat;
  readonly then: "run" | "finish" | "cancel";
}

export interface RunRequest {
  /** File name of the jar, without its id. */
  readonly jar: string;
  readonly entryClass: string | undefined;
  readonly parallelism: number | undefined;
  readonly jobId: FlinkJobId | undefined;
  readonly savepointPath: string | undefined;
  readonly allowNonRestoredState: boolean;
  readonly claim: boolean;
}

/** A request that Flink would not grant: `status` and the text of its `errors` entry, class name included. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "Refused";
    this.status = status;
  }
}

/** Virtual time and its driver. */
export interface SimulatedCluster extends ClusterView, ClusterCommands {
  /** Runs the physics up to `to`; an earlier `to` changes nothing. */
  advanceTo(to: Instant): void;
  /** Calls back on every multiple of `everyMs` of virtual time since the epoch, in the order of time. */
  onTick(everyMs: Milliseconds, callback: (now: Instant) => void): void;
}
