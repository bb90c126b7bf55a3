import type { Parallelism, VertexId } from "./graph.ts";
import type { FlinkJobId, JobKey } from "./job.ts";
import type { RestoreDecision, RestoreStep, SavepointDecision } from "./restore.ts";
import type { Instant, Milliseconds } from "./time.ts";

export const MODES = ["observe", "approve", "act"] as const;
/** Trust ladder: look only; act when a person agrees; act. */
export type Mode = (typeof MODES)[number];

/** A guard asks "is it wise?". `amend`: the proposal was changed. */
export interface GuardResult {
  readonly name: string;
  readonly verdict: "pass" | "amend" | "veto";
  readonly sentence: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** The numbers of one vertex that the decision stands on. `null`: missing, which JSON can say and NaN cannot. */
export interface VertexInputs {
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly slotSharingGroup: string;
  readonly source: boolean;
  /** Whether a hash edge feeds it, so that key groups bind. */
  readonly hashed: boolean;
  readonly inputs: readonly VertexId[];
  /** Those of `inputs` whose edge is FORWARD, which ties the two parallelisms together. */
  readonly forwardInputs: readonly VertexId[];
  readonly partitions: number | null;
  /** Records per second that arrive now, by the sources' consumption and backlog growth. */
  readonly arrivalRate: number | null;
  /** The highest arrival rate inside the scale-down patience. */
  readonly peakArrivalRate: number | null;
  readonly costMs: number | null;
  readonly selectivity: number | null;
  /** Records per second at 100 % busy with the present parallelism. */
  readonly capacity: number | null;
  /** arrivalRate / capacity; above 1 the vertex falls behind. */
  readonly utilization: number | null;
  readonly backPressuredShare: number | null;
}

export interface ScaleInputs {
  readonly from: Instant;
  readonly to: Instant;
  readonly observations: number;
  readonly coverage: number;
  readonly watchedMs: Milliseconds;
  readonly runningSince: Instant;
  readonly lastRescaleAt: Instant | null;
  /** Pause of a rescale: measured on this job, else the configured assumption. */
  readonly restartPauseMs: Milliseconds;
  /** How long the load must have been low before scaling down. */
  readonly patienceMs: Milliseconds;
  /** False while the newest readings of a source still disagree about a step in its load. */
  readonly loadSettled: boolean;
  /** True while the load has just fallen: the peak of the patience is above that of its newer half. */
  readonly loadFalling: boolean;
  readonly backlog: number | null;
  readonly slotsTotal: number | null;
  readonly slotsFree: number | null;
  readonly requirements: Parallelism | null;
  readonly adaptive: boolean;
  /** When the requirements last changed without us; null when they never did. */
  readonly foreignChangeAt: Instant | null;
  readonly newestAgeMs: Milliseconds;
  readonly vertices: Readonly<Record<VertexId, VertexInputs>>;
}

/** What the module itself puts into a record; identity and storage are added by `sidecar`. */
export interface ScaleDecision {
  readonly kind: "scale";
  readonly version: 1;
  readonly job: JobKey;
  readonly flinkJobId: FlinkJobId;
  readonly at: Instant;
  readonly trigger: "pass" | "request";
  readonly inputs: ScaleInputs;
  /** Settings the decision was made with: what is needed to compute it again. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it would take, before the guards. */
  readonly proposal: Parallelism;
  readonly guards: readonly GuardResult[];
  /** What is to be done: null is a hold. */
  readonly effective: Parallelism | null;
  readonly estimate: {
    readonly pauseMs: Milliseconds;
    readonly backlogAfterPause: number | null;
    readonly drainMs: Milliseconds | null;
    readonly slotsBefore: number;
    readonly slotsAfter: number;
  };
  readonly reason: string;
  readonly sentence: string;
}

/** Every kind of decision; `kind` tells them apart. */
export type Decision = ScaleDecision | RestoreDecision | SavepointDecision;

/** What makes a decision a record: immutable. Equal holds in a row are one record with `since` and `times`. */
export interface Kept {
  readonly id: string;
  readonly since: Instant;
  readonly times: number;
}

export type DecisionRecord = ScaleDecision & Kept;
export type RestoreRecord = RestoreDecision & Kept;
export type SavepointRecord = SavepointDecision & Kept;
export type AnyRecord = DecisionRecord | RestoreRecord | SavepointRecord;

export const PERMITS = [
  "allowed",
  "read-only",
  "paused",
  "needs-approval",
  "rejected",
  "duplicate-key",
  "budget-exhausted",
  "circuit-open",
] as const;
export type PermitCode = (typeof PERMITS)[number];

/** Who or what allowed or held a decision. */
export interface Permit {
  readonly decision: string;
  readonly at: Instant;
  readonly code: PermitCode;
  readonly by: string;
  readonly sentence: string;
}

export const ATTEMPT_STATES = ["intended", "requested", "accepted", "failed", "abandoned"] as const;
export interface Attempt {
  readonly decision: string;
  readonly at: Instant;
  readonly status: (typeof ATTEMPT_STATES)[number];
  /** Which step of a restore; absent where a decision is one request. */
  readonly step?: RestoreStep;
  /** Deterministic, derived from the decision's id: a repeated request is recognisable as the same one. */
  readonly requestId: string;
  readonly sentence: string;
}

export interface Outcome {
  readonly decision: string;
  readonly at: Instant;
  readonly verdict: "reached" | "not-reached" | "superseded";
  readonly expected: Parallelism;
  readonly observed: Parallelism;
  /** From the request until every vertex ran with the target. */
  readonly tookMs: Milliseconds | null;
  /** Restores: when each step ended, counted from the fault (`detect`, `choose`, `dead`, `running`, `checkpoint`). */
  readonly timings?: Readonly<Record<string, Milliseconds>>;
  /** Restores: the id that the job has now. */
  readonly newFlinkJobId?: FlinkJobId;
  /** Savepoints: where it lies. */
  readonly location?: string;
  readonly sentence: string;
}
