import type { ScaleInputs } from "../model/index.ts";
import { bearableShortage, hasJustGrown, lagGrowth, type Shortage } from "./bearable.ts";
import { carries } from "./capacity.ts";
import { lagCurve } from "./lag-curve.ts";
import { fullShare } from "./levels.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { carriedFactor, type Sized, sourceArrival } from "./sizing.ts";

/** A backlog is drained in about the time that it took to grow, but nobody needs it faster than this. */
const LEAST_CATCH_UP_MS = 25_000;
/** How far ahead the present lag is looked at, and for how many pauses at least. */
const LAG_HORIZON_MS = 300_000;
const LAG_HORIZON_PAUSES = 5;
/** A growth for lag alone lengthens it by its own pause first: what is over within this many of them is left to drain. */
const WORTH_PAUSES = 3;
/** What a pause brought is about what arrived in it, and drains within this time. */
const OWN_PAUSE = 1.25;
const OWN_PAUSE_MS = 3_600_000;
/** Records per second; nothing carries more, and a vertex whose cost is none would carry infinitely many. */
const MOST_CARRIED = 1e12;

/** Busy share of a vertex's hottest subtask at what arrives now; above 1 it falls behind. */
export function utilizationOf({ vertex, curve }: Sized): number {
  const most = carries(vertex, vertex.parallelism, curve);
  if (vertex.arrivalRate === null || vertex.arrivalRate <= 0 || most === null) return 0;
  // A vertex that the outside bounds is not short of subtasks.
  if (vertex.bound !== null && most >= vertex.bound.rate) return 0;
  return vertex.arrivalRate / most;
}

/** The greatest of them among the vertices that may be rescaled. */
export const fullestShare = (sized: readonly Sized[]): number =>
  Math.max(0, ...sized.map((s) => (s.excluded ? 0 : utilizationOf(s))));

/** The outside is what sets the pace of a drain: it takes less than the vertices that could grow carry. */
function isOutsideNarrowest(sized: readonly Sized[]): boolean {
  let outside = Number.POSITIVE_INFINITY;
  for (const { vertex } of sized) {
    if (vertex.bound === null || vertex.arrivalRate === null || vertex.arrivalRate <= 0) continue;
    outside = Math.min(outside, vertex.bound.rate / vertex.arrivalRate);
  }
  return Number.isFinite(outside) && outside <= carriedFactor(sized, {}, 1);
}

/** What is urgent, or the small shortage that is not. */
export interface Urgency {
  /** `load`: a vertex cannot keep up; `lag`: what waits would stay outside the objective. Null: nothing is urgent. */
  readonly cause: "load" | "lag" | null;
  readonly borne: Shortage | null;
}

export function urgencyOf(inputs: ScaleInputs, sized: readonly Sized[], config: AutoscalerConfig): Urgency {
  const fullest = fullestShare(sized);
  const borne = fullest > fullShare(config) ? bearableShortage(inputs, fullest, config) : null;
  if (fullest > fullShare(config) && borne === null) return { cause: "load", borne };
  const lags = isLagUrgent(inputs, sized, config);
  return lags ? { cause: "lag", borne: null } : { cause: null, borne };
}

/** The pause of a shrink of ours brought it, and that was weighed when it was decided: no growth is to undo the shrink. */
function isOfOwnPause(
  { rescales, restartPauseMs, to }: ScaleInputs,
  backlog: number,
  arrival: number,
): boolean {
  const last = rescales.at(-1);
  if (last?.direction !== "down" || to - last.at > OWN_PAUSE_MS) return false;
  return backlog * 1_000 <= OWN_PAUSE * arrival * Math.max(restartPauseMs, last.pauseMs);
}

/** What waits would stay outside the objective for long. */
function isLagUrgent(inputs: ScaleInputs, sized: readonly Sized[], config: AutoscalerConfig): boolean {
  const { backlog } = inputs;
  // What waits for the outside drains no sooner with more subtasks.
  if (backlog === null || backlog <= 0 || isOutsideNarrowest(sized)) return false;
  const arrival = sourceArrival(inputs);
  if (arrival <= 0) return !carriesIdle(inputs, sized, config);
  if (isOfOwnPause(inputs, backlog, arrival)) return false;
  const horizonMs = Math.max(LAG_HORIZON_MS, LAG_HORIZON_PAUSES * inputs.restartPauseMs);
  const curve = lagCurve(
    {
      load: [arrival],
      stepMs: horizonMs,
      before: Math.min(carriedFactor(sized, {}, 1) * arrival, MOST_CARRIED),
      after: 0,
      backlog,
      pauseMs: null,
      horizonMs,
    },
    config.lagObjectiveMs,
  );
  return curve.outsideMs > Math.max(config.catchUpMs / 2, WORTH_PAUSES * inputs.restartPauseMs);
}

/**
 * The factor by which arrival has to be outdone so that the backlog is gone within about the time that it took to
 * grow: 1 + backlog / (D × arrival). D is twice the time that the backlog stands for, or longer where it grew slowly
 * (L / (1 − 1 / u) for L of lag at u times what is carried); at least 25 s, at most `catchUp`. What queues up in the
 * restart pause counts where it would leave the lag objective; otherwise the usual headroom drains it.
 * Examples: 8,000 wait, 1,500/s arrive, a sixth is carried: 5.3 s of load, gone in 25 s with 320/s more, factor 1.21.
 * The same 5.3 s of load that 4 % too much brought in two minutes: factor 1.04.
 */
export function catchUpFactor(inputs: ScaleInputs, utilization: number, config: AutoscalerConfig): number {
  const arrival = sourceArrival(inputs);
  if (arrival <= 0 || inputs.backlog === null) return 1;
  const afterPause = inputs.backlog + (arrival * inputs.restartPauseMs) / 1_000;
  const outside = (afterPause / arrival) * 1_000 > config.lagObjectiveMs;
  const waiting = outside ? afterPause : inputs.backlog;
  const lagMs = (waiting * 1_000) / arrival;
  // What waits although everything is carried, or since a growth that was too small, came of something else.
  const isSmall = lagMs <= config.lagObjectiveMs;
  const grewSlowly = isSmall && utilization > fullShare(config) && !hasJustGrown(inputs);
  const grewMs = grewSlowly ? lagMs / Math.max(lagGrowth(utilization), 1e-9) : 0;
  const drainMs = Math.min(config.catchUpMs, Math.max(LEAST_CATCH_UP_MS, 2 * lagMs, grewMs));
  return 1 + (waiting * 1_000) / (Math.max(1, drainMs) * arrival);
}

/** Records per second that a backlog asks for when nothing arrives that could be multiplied. */
export function idleDrainRate(inputs: ScaleInputs, config: AutoscalerConfig): number {
  return ((inputs.backlog ?? 0) * 1_000) / Math.max(1, config.catchUpMs);
}

function carriesIdle(inputs: ScaleInputs, sized: readonly Sized[], config: AutoscalerConfig): boolean {
  const rate = idleDrainRate(inputs, config);
  return sized.every(({ vertex, curve }) => (carries(vertex, vertex.parallelism, curve) ?? rate) >= rate);
}
