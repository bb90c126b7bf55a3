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
  /** Busy share now, mean over subtasks. */
  readonly busyShare: number | null;
  /** capacity(p) = capacity × (p / parallelism)^beta: learned from this job, or the prior. */
  readonly beta: number;
  /** 0..1: how much of `beta` comes from this job's own history. */
  readonly confidence: number;
  /** `[parallelism, records/s at 100 % busy]` as measured on this job, ascending; the present one included. */
  readonly measured: readonly (readonly [number, number])[];
  /**
   * How far the capacity strays with one parallelism (mean distance of its logarithm): where its work does not
   * follow the records, what is known of their rate says little of what it will need.
   */
  readonly spread: number;
  /** How far the capacity of one attempt strays from the curve through all: standard deviation of ln rate. */
  readonly scatter?: number;
  /** Records per second that come to it in its surges (below a window); null or absent: it has none. */
  readonly surge?: number | null;
  /** Subtask that reads the most, and its share of all records (1 / parallelism when even); null: not assessed. */
  readonly hottestSubtask: number | null;
  readonly hottestShare: number | null;
  /** The outside takes no more than `rate`: proven by a scale-up of this vertex that did not help. */
  readonly bound: VertexBound | null;
}

/** What a probe taught of a vertex that more subtasks do not make faster. */
export interface VertexBound {
  readonly at: Instant;
  /** Records per second that it took before and after. */
  readonly rate: number;
  /** Parallelism that was enough for that rate. */
  readonly parallelism: number;
}

/** What is expected to arrive at all sources together, records per second. */
export interface LoadForecast {
  /** Time of the first value; the others follow at `stepMs`. */
  readonly from: Instant;
  readonly stepMs: Milliseconds;
  /** The most that is expected within each step: with 95 % certainty, and the middle of what is expected. */
  readonly upper: readonly number[];
  readonly median: readonly number[];
  /** Which method was the best of those that were back-tested on this job; `last-value`: nothing beat "same as now". */
  readonly method: string;
}

/** A rescale of ours that came true, and whether it did what it was for. */
export interface PastRescale {
  readonly at: Instant;
  readonly from: Parallelism;
  readonly to: Parallelism;
  readonly direction: "up" | "down" | "both";
  readonly reason: string;
  /** From the request until every vertex ran with the target. */
  readonly pauseMs: Milliseconds;
  /** Records/s consumed by all sources before it (held back or not) and after it had settled; null: not known yet. */
  readonly consumedBefore: number | null;
  readonly consumedAfter: number | null;
  /** Subtasks that what arrived before it kept busy, arrival × cost of all vertices together; absent: not known. */
  readonly workBefore?: number;
  /** `unknown` until enough was seen of the time after it. */
  readonly effect: "unknown" | "helped" | "no-effect" | "worse";
}

/** What the calendar says at this moment, all plans together. */
export interface CalendarState {
  /** Least and most subtasks by vertex id or name (`*`: every vertex); where plans overlap the higher floor, the lower ceiling. */
  readonly floors: Readonly<Record<string, number>>;
  readonly ceilings: Readonly<Record<string, number>>;
  /** Names of the plans in force. */
  readonly plans: readonly string[];
  /** Set inside an excluded period: when it ends. */
  readonly excludedUntil: Instant | null;
}

/** What of the machines bears on scaling. `null`: not assessed, which is no alarm. */
export interface PressureInputs {
  /** Largest share of time that a TaskManager spends in garbage collection, 0..1. */
  readonly gcShare: number | null;
  /** Heap in use after collection ÷ heap, of the fullest TaskManager, 0..1: the least seen in the window. */
  readonly heapShare: number | null;
  /** Largest `Status.JVM.CPU.Load` of a TaskManager, 0..1 of the cores that it may use. */
  readonly cpuLoad: number | null;
  /** Starts of the job within the last 10 minutes that we did not ask for. */
  readonly foreignStarts: number;
  /** Failed checkpoints since the newest completed one; null: unknown. */
  readonly checkpointsFailing: number | null;
  readonly checkpointAgeMs: Milliseconds | null;
  readonly checkpointIntervalMs: Milliseconds | null;
  /** True while a savepoint that we were asked for is being taken. */
  readonly snapshotInProgress: boolean;
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
  /** True while the load has just fallen: the peak of the patience is a quarter above it. */
  readonly loadFalling: boolean;
  /** The newest readings have just left the level before them upwards; absent in records of before it was kept. */
  readonly loadRising?: boolean;
  /** For how long nothing has arrived, in whole steps of the load that is kept; absent in records of before it was. */
  readonly idleMs?: Milliseconds;
  readonly backlog: number | null;
  readonly slotsTotal: number | null;
  readonly slotsFree: number | null;
  readonly requirements: Parallelism | null;
  readonly adaptive: boolean;
  /** When the requirements last changed without us; null when they never did. */
  readonly foreignChangeAt: Instant | null;
  readonly newestAgeMs: Milliseconds;
  /** Null: too little was seen, or the load has left everything that it ever was. */
  readonly forecast: LoadForecast | null;
  /** Our rescales of the last 24 hours, oldest first. */
  readonly rescales: readonly PastRescale[];
  readonly calendar: CalendarState | null;
  readonly pressure: PressureInputs;
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
