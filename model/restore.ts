import type { GuardResult } from "./decision.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { CheckpointSettings } from "./health.ts";
import type { FlinkJobId, JobKey } from "./job.ts";
import type { SavepointFormat, SnapshotKind, SnapshotState } from "./snapshot.ts";
import type { Instant, Milliseconds } from "./time.ts";

/** A snapshot that a job could be restored from, and what we know of it. */
export interface Candidate {
  /** Of its directory, normalised. */
  readonly path: string;
  /** Of the job that wrote it, where it can be told. */
  readonly flinkJobId: FlinkJobId | null;
  readonly checkpointId: number | null;
  readonly kind: SnapshotKind;
  readonly format: SavepointFormat | null;
  /** Where a restore would resume reading: trigger time, else when `_metadata` was written. Null: unknown. */
  readonly takenAt: Instant | null;
  readonly state: SnapshotState | "unchecked";
  readonly checkedAt: Instant | null;
  readonly bytes: number | null;
  readonly files: number | null;
  /** Fits the job's operators and max parallelism; null where one of the two is unknown. */
  readonly compatible: boolean | null;
  /** Verdict in one line: why it was taken or passed over. */
  readonly sentence: string;
  /** Who told of it. */
  readonly origin: "flink" | "directory" | "person" | "outrider";
}

export const RESTORE_STEPS = [
  "cancel",
  "await-dead",
  "verify",
  "upload-jar",
  "run",
  "await-running",
  "await-checkpoint",
] as const;
export type RestoreStep = (typeof RESTORE_STEPS)[number];

/** What is to be done. `stop`: end a loop that restoring would not end, keep its state, tell a person. */
export interface RestorePlan {
  readonly action: "restore" | "stop";
  readonly way: "jar" | "operator";
  /** What it is restored from; for `stop` the proven one that stays. Null: empty state, by `allowEmptyState` only. */
  readonly snapshot: string | null;
  readonly steps: readonly RestoreStep[];
  /** Deterministic: the id that the restored job will have. Null for `stop` and where the way chooses it. */
  readonly newFlinkJobId: FlinkJobId | null;
}

/** The job's parallelism, jar and arguments: what `/jars/:id/run` needs. */
export interface RestoreSpec {
  /** Local path of the jar; uploaded when Flink's list has no jar of this name. */
  readonly jar: string;
  readonly entryClass: string | null;
  readonly args: readonly string[];
  /** Null: what the jar says, or the last one seen. */
  readonly parallelism: number | null;
  /** Flink configuration of this job alone, as `flinkConfiguration` of the run request. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** What is known of a job's life in one Flink cluster; kept so that a job that is gone can be brought back. */
export interface JobLife {
  readonly flinkJobId: FlinkJobId;
  readonly firstSeenAt: Instant;
  /** By our clock. */
  readonly lastSeenAt: Instant;
  readonly lastState: string;
  readonly checkpointSettings: CheckpointSettings | null;
  readonly maxParallelism: Readonly<Record<string, number>>;
  /** TaskManagers that were registered while it ran. */
  readonly taskManagers: readonly string[];
  readonly highAvailability: string | null;
  /** Parallelism per vertex when it ran last. */
  readonly parallelism: Readonly<Record<string, number>>;
  /** Directory of all its checkpoints (`…/<job id>`), from the newest one's path. */
  readonly checkpointDirectory: string | null;
}

export interface RestoreInputs {
  readonly diagnosis: Diagnosis;
  readonly life: JobLife;
  /** Ranked. */
  readonly candidates: readonly Candidate[];
  /** Whether the search for candidates was complete: no directory went unread for want of an answer. */
  readonly searched: boolean;
  /** A snapshot that a person named, normalised. */
  readonly from: string | null;
  /** Live jobs with this key, this one included while it lives. */
  readonly namesakes: number;
  /** The newest restores of this job that were begun, oldest first. */
  readonly earlier: readonly EarlierRestore[];
  /** Null: could not be read, which is not `none`. */
  readonly highAvailability: string | null;
  readonly jarKnown: boolean;
  readonly spec: RestoreSpec | null;
}

/** A restore that was tried before: what budgets and the judgement "deterministic" stand on. */
export interface EarlierRestore {
  readonly decision: string;
  readonly job: JobKey;
  /** Of the life that it was to replace. */
  readonly flinkJobId: FlinkJobId;
  readonly action: RestorePlan["action"];
  /** When it was begun, by our clock. */
  readonly at: Instant;
  /** Null: still open. */
  readonly endedAt: Instant | null;
  readonly snapshot: string | null;
  /** Of the fault that it answered. */
  readonly fingerprint: string | null;
  /** It ran and completed a checkpoint of its own. Null: still open, or superseded. */
  readonly succeeded: boolean | null;
  /** It asked Flink to cancel the life before it. */
  readonly cancelled: boolean;
  /** From its beginning until every task ran; null where that did not come. */
  readonly runningAfterMs: Milliseconds | null;
}

/** How much would be read again: from the snapshot to the fault. */
export interface ReplayWindow {
  readonly from: Instant;
  readonly to: Instant;
  readonly ms: Milliseconds;
}

/** A decision about a job's state: to restore it, to stop it, or why neither. Recomputable from its own fields. */
export interface RestoreDecision {
  readonly kind: "restore";
  readonly version: 1;
  readonly job: JobKey;
  /** Of the life that ended or loops. */
  readonly flinkJobId: FlinkJobId;
  readonly at: Instant;
  readonly trigger: "pass" | "request";
  readonly inputs: RestoreInputs;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly proposal: RestorePlan | null;
  readonly guards: readonly GuardResult[];
  /** What is to be done: null is a hold. */
  readonly effective: RestorePlan | null;
  readonly estimate: {
    readonly replay: ReplayWindow | null;
    /** Until RUNNING. */
    readonly durationMs: Milliseconds | null;
  };
  readonly reason: string;
  readonly sentence: string;
}

/** A savepoint asked for by a person, the calendar or a planned action. */
export interface SavepointDecision {
  readonly kind: "savepoint";
  readonly version: 1;
  readonly job: JobKey;
  readonly flinkJobId: FlinkJobId;
  readonly at: Instant;
  readonly trigger: "request" | "calendar" | "action";
  readonly inputs: {
    /** The calendar's instant that is due, where it was the calendar. */
    readonly dueAt: Instant | null;
    readonly by: string;
    readonly snapshotInProgress: boolean | null;
  };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly proposal: SavepointPlan;
  readonly guards: readonly GuardResult[];
  readonly effective: SavepointPlan | null;
  readonly estimate: { readonly durationMs: Milliseconds | null };
  readonly reason: string;
  readonly sentence: string;
}

export interface SavepointPlan {
  /** 32 hex digits: asking twice triggers once. */
  readonly triggerId: string;
  /** Null: Flink's configured directory. */
  readonly targetDirectory: string | null;
  readonly format: SavepointFormat;
}
