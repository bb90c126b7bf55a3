import type { Milliseconds, ScaleInputs } from "../model/index.ts";
import { strays } from "./demand.ts";
import { knowsSeason } from "./forecast/index.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { sourceArrival } from "./sizing.ts";

/** How far ahead a small shortage is looked at, and what share of the lag objective it may then take. */
const AHEAD_MS: Milliseconds = 60_000;
const BEARABLE = 0.8;
/** Who is shorter than this is not just at the top of a peak. */
const MOST_SHORT = 1.1;
/** Who asks for more headroom than this is not asked to bear a shortage. */
const LEAST_TARGET = 0.9;
/** So soon after a growth more lag than this share of the objective is a sign that it was too small. */
const DRAINED_WITHIN_MS: Milliseconds = 600_000;
const DRAINED = 1 / 6;

/** Milliseconds of lag that a millisecond adds: what arrives and is not carried, as a share of what arrives. */
export const lagGrowth = (utilization: number): number => (utilization > 1 ? 1 - 1 / utilization : 0);

/** The last rescale was a growth, and what waited then may still wait. */
export function hasJustGrown({ rescales, to }: ScaleInputs): boolean {
  const last = rescales.at(-1);
  return last?.direction === "up" && to - last.at < DRAINED_WITHIN_MS;
}

/** The season of the load is known, and the work follows the load. */
const knowsItsDay = (inputs: ScaleInputs): boolean =>
  inputs.forecast !== null && knowsSeason(inputs.forecast.method) && !strays(inputs);

/** A small shortage and what it comes to. */
export interface Shortage {
  /** Busy share that the fullest vertex would need; above 1 the lag grows. */
  readonly utilization: number;
  /** What waits now, and what would after the time that is looked ahead and the pause of a growth. */
  readonly lagMs: Milliseconds;
  readonly thenMs: Milliseconds;
  readonly mostMs: Milliseconds;
}

/**
 * What a job whose fullest vertex is a little short comes to when it is left so; null where it may not be: what waits,
 * after one more minute and the pause that a growth would take, has to stay well inside the lag objective. Peaks often
 * pass sooner, and a growth for them is a pause for nothing. Only where the season of the load is known: a peak of an
 * unknown load may be the beginning of more, and work that does not follow its records leaves no backlog to tell. Not
 * after a growth that left a backlog: that was to be drained.
 *
 * Example, objective 30 s, pause 8 s, 3 % short: borne up to 14.2 s of lag, because 14.2 + 0.03 × 60 + 8 = 24.
 */
export function bearableShortage(
  inputs: ScaleInputs,
  utilization: number,
  config: AutoscalerConfig,
): Shortage | null {
  const arrival = sourceArrival(inputs);
  if (utilization > MOST_SHORT || !knowsItsDay(inputs)) return null;
  // A backlog that is not known is not 0.
  if (inputs.backlog === null || arrival <= 0 || config.targetUtilization < LEAST_TARGET) return null;
  const lagMs = (inputs.backlog / arrival) * 1_000;
  if (hasJustGrown(inputs) && lagMs > config.lagObjectiveMs * DRAINED) return null;
  const thenMs = lagMs + lagGrowth(utilization) * AHEAD_MS + inputs.restartPauseMs;
  const mostMs = config.lagObjectiveMs * BEARABLE;
  return thenMs <= mostMs ? { utilization, lagMs, thenMs, mostMs } : null;
}
