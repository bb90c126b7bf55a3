import type { Instant, Parallelism, VertexId } from "../../model/index.ts";
import type { DelayedScaleDowns } from "./delayed-scale-down.ts";
import type { Told } from "./messages.ts";
import type { Totals } from "./readings.ts";
import type { RestartRecord } from "./restart-times.ts";
import type { LastLook } from "./sample-of.ts";
import type { FlinkSample } from "./samples.ts";
import type { ScalingEntry, ScalingHistory } from "./scaling-history.ts";

/** A number of the window in a form that JSON can say; null: unknown. */
export type Figure = number | "infinite" | null;

/** What the policy found of one vertex: records/s, shares 0..1. */
export interface VertexFinding {
  readonly parallelism: number;
  /** Parallelism that it should have. */
  readonly wished: number;
  readonly outside: boolean;
  readonly load: Figure;
  readonly lag: Figure;
  readonly trueProcessingRate: Figure;
  readonly targetRate: Figure;
  readonly catchUpRate: Figure;
  readonly scaleUpThreshold: Figure;
  readonly scaleDownThreshold: Figure;
}

/** Why the policy does what it does. */
export type FlinkOutcome =
  | "disabled"
  | "not-running"
  | "missing"
  | "stabilizing"
  | "window-filling"
  | "within"
  | "waiting-to-scale-down"
  | "ineffective"
  | "memory-pressure"
  | "advisor-mode"
  | "excluded-period"
  | "quota"
  | "scale";

/** What one pass decided: a plain value. */
export interface FlinkDecision {
  readonly at: Instant;
  readonly outcome: FlinkOutcome;
  /** Parallelism of every vertex that is to be asked for; null: nothing. */
  readonly target: Parallelism | null;
  /** What it would be without the thing that holds it; null: nothing should change. */
  readonly recommended: Parallelism | null;
  readonly vertices: Readonly<Record<VertexId, VertexFinding>>;
  /** When the wait ends that `stabilizing`, `window-filling` and `waiting-to-scale-down` speak of. */
  readonly until: Instant | null;
  /** Outage that was reckoned with, ms. */
  readonly restartMs: number;
  readonly processingBacklog: boolean;
  /** GC share and mean heap share that the memory gate saw. */
  readonly gcPressure: Figure;
  readonly heapUsage: Figure;
  /** What is missing, in words. */
  readonly missing: readonly string[];
  /** New messages in the Java autoscaler's words. */
  readonly messages: readonly { readonly reason: string; readonly text: string }[];
}

/** A rescale that was decided and is not known to have been carried out. */
export interface Pending {
  readonly at: Instant;
  readonly target: Parallelism;
  readonly entries: Readonly<Record<VertexId, ScalingEntry>>;
}

/** Everything that the policy remembers of a job: a plain JSON value. */
export interface FlinkState {
  readonly samples: readonly FlinkSample[];
  readonly lastLook: LastLook | null;
  /** Counters made out of observations; null where readouts are read directly. */
  readonly totals: Totals | null;
  readonly history: ScalingHistory;
  readonly restarts: readonly RestartRecord[];
  readonly delayed: DelayedScaleDowns;
  /** Parallelism that was asked for last, of every vertex; asked for again while Flink does not hold it. */
  readonly overrides: Parallelism;
  readonly told: Told;
  readonly pending: Pending | null;
  /** The last decision, which stands until the next look is due. */
  readonly last: FlinkDecision | null;
}

export const NEW_FLINK_STATE: FlinkState = {
  samples: [],
  lastLook: null,
  totals: null,
  history: {},
  restarts: [],
  delayed: {},
  overrides: {},
  told: {},
  pending: null,
  last: null,
};
