import type { FlinkJobId, JobState } from "./job.ts";
import type { Reading } from "./reading.ts";
import type { SavepointFormat, SnapshotKind } from "./snapshot.ts";
import type { Instant, Milliseconds } from "./time.ts";

/** One failure as Flink keeps it in a job's exception history. Texts are bounded when they are read. */
export interface FlinkException {
  readonly at: Instant;
  /** Class of the outermost exception. */
  readonly name: string;
  /** The whole stack with its `Caused by:` lines, at most 16 KiB. */
  readonly stack: string;
  /** Null where a process rather than a task failed (a lost TaskManager). */
  readonly task: string | null;
  readonly taskManager: string | null;
  /** Labels of failure enrichers (Flink 1.18 and later). */
  readonly labels: Readonly<Record<string, string>>;
  /** What failed at the same time; Flink does not take it for the cause. At most 8, none of them with its own. */
  readonly concurrent?: readonly FlinkException[];
}

/** A snapshot that Flink's REST API told of. It says nothing about what lies in the store. */
export interface ListedSnapshot {
  /** As Flink writes it; not normalised. */
  readonly path: string;
  readonly checkpointId: number;
  readonly kind: SnapshotKind;
  readonly format: SavepointFormat | null;
  /** When its barrier left the sources: where a restore resumes reading. Null: Flink does not tell any more. */
  readonly triggeredAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly stateBytes: number | null;
  /** Flink cleaned it up. */
  readonly discarded: boolean;
}

/** What becomes of a job's checkpoints, as `checkpoints/config` tells. */
export interface CheckpointSettings {
  /** Null: not periodic. */
  readonly intervalMs: Milliseconds | null;
  readonly timeoutMs: Milliseconds;
  /** Checkpoints outlive a failed job at all. */
  readonly externalized: boolean;
  /** Cancelling the job deletes its checkpoints (also true where they are not externalized). */
  readonly deleteOnCancellation: boolean;
  readonly tolerableFailures: number | null;
}

/** What recovery asks of one job, terminal or not. */
export interface HealthReadout {
  readonly flinkJobId: FlinkJobId;
  readonly name: string;
  /** JobManager time of the reply. */
  readonly at: Instant;
  readonly state: JobState;
  /** When each state was entered last, by Flink's clock. */
  readonly enteredAt: Readonly<Partial<Record<JobState, Instant>>>;
  /** `numRestarts` since the JobManager took the job. */
  readonly restarts: Reading;
  /** Subtasks that run, and all that have not finished their work. */
  readonly tasksRunning: number;
  readonly tasksTotal: number;
  /** Subtasks by Flink's state of them (`RUNNING`, `SCHEDULED`, `INITIALIZING` …), where it was told. */
  readonly tasksByState?: Readonly<Record<string, number>>;
  /** Newest first, at most 20. */
  readonly exceptions: readonly FlinkException[];
  /** Checkpoints completed and failed since the JobManager took the job; missing where checkpointing is off. */
  readonly completed: Reading;
  readonly failedCheckpoints: Reading;
  /** What Flink restored this life from; null: from nothing. */
  readonly restoredFrom: ListedSnapshot | null;
  /** Newest first, savepoints included. */
  readonly snapshots: readonly ListedSnapshot[];
  /** Undefined where it could not be read or checkpointing is off. */
  readonly checkpointSettings: CheckpointSettings | undefined;
  /** When the newest checkpoint or savepoint completed, also one without a path. Null: none has yet. */
  readonly latestCompletedAt?: Instant | null;
  /** The newest failed checkpoint, in Flink's words. */
  readonly latestFailedCheckpoint?: { readonly at: Instant; readonly message: string } | null;
  /** Parts that could not be read this time, so that an empty list is not taken for "there are none". */
  readonly unread?: readonly HealthPart[];
}

export const HEALTH_PARTS = ["restarts", "exceptions", "checkpoints", "checkpointSettings"] as const;
export type HealthPart = (typeof HEALTH_PARTS)[number];

export interface TaskManagerReadout {
  readonly id: string;
  readonly slots: number;
  readonly freeSlots: number;
  /** By Flink's clock. */
  readonly lastHeartbeatAt: Instant | null;
}

export const HA_MODES = ["none", "zookeeper", "kubernetes", "other"] as const;

/** What recovery asks of a cluster. */
export interface ClusterReadout {
  /** By our clock: Flink does not tell its own with these. */
  readonly at: Instant;
  readonly flinkVersion: string;
  /** Who recovers a lost JobManager's jobs: `none` means that nobody does. Null: could not be read. */
  readonly highAvailability: (typeof HA_MODES)[number] | null;
  /** `heartbeat.timeout`, 50 s by default: how long a TaskManager goes on after its JobManager is gone. */
  readonly heartbeatTimeoutMs: Milliseconds;
  readonly taskManagers: readonly TaskManagerReadout[];
  /** Uploaded jars: Flink's id and the file name they were uploaded under. */
  readonly jars: readonly { readonly id: string; readonly name: string }[];
  /** Configured directories, where they can be read: roots that snapshots may be looked for in. */
  readonly checkpointDirectory: string | null;
  readonly savepointDirectory: string | null;
  /** Tells one JobManager process from the next, where Flink tells; a restart is also seen by jobs that vanish. */
  readonly jobManagerStartedAt: Instant | null;
  /**
   * A name that each JobManager process has for itself (its temporary folder). Another one: another process answered,
   * after a restart or from a standby. Null: could not be read.
   */
  readonly jobManagerProcess?: string | null;
  /** Parts that could not be read this time. */
  readonly unread?: readonly ("jars" | "configuration")[];
}
