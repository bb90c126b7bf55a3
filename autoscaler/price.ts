import type { Milliseconds, ScaleInputs } from "../model/index.ts";
import type { AutoscalerConfig } from "./settings.ts";

/** Every rescale of the last day makes the next one that nobody needs this many times as dear. */
const DEARER = 1.5;
/** However many there were: a rescale is never worth more than the whole job for this long. */
const MOST_MS: Milliseconds = 7_200_000;
/** Where a day is known ahead, a change is weighed against hours; where not, still not against seconds. */
const LEAST_PLANNED_MS: Milliseconds = 2_700_000;
const LEAST_BLIND_MS: Milliseconds = 1_200_000;
/** Time of a day that may lie outside the objective, 0.5 %: it is worth an eighth of the day's slots, what exceeds it more. */
const MAY_BE_OUTSIDE_MS: Milliseconds = 432_000;
const OUTSIDE_WORTH = 0.125 / 0.005;
const EXCEEDING_WORTH = 8 * OUTSIDE_WORTH;
const DAY_MS: Milliseconds = 86_400_000;
/** However little is to spare: after so long somebody will have helped. */
const MOST_OUTSIDE_MS: Milliseconds = 3_600_000;

/** Rescales of ours within the last 24 hours. */
export function rescalesToday(inputs: ScaleInputs): number {
  return inputs.rescales.filter((r) => inputs.to - r.at < DAY_MS).length;
}

/**
 * For how long the job's slots are worth one change, in ms, its pause not counted: the least, or the patience where that
 * is longer, half as much again for every rescale of today. `planned`: the day ahead is known. Example, nothing known: the
 * first change today must save 20 min of the whole job, the third 45 min.
 */
export function changeWorthMs(inputs: ScaleInputs, planned: boolean): Milliseconds {
  const least = Math.max(inputs.patienceMs, planned ? LEAST_PLANNED_MS : LEAST_BLIND_MS);
  return Math.min(MOST_MS, least * DEARER ** Math.min(8, rescalesToday(inputs)));
}

/**
 * For how long the job's slots are worth the lag that a change brings, in ms: nothing where its pause is no longer than
 * the objective. `headroom`: what is carried after it ÷ what arrives. Example, objective 30 s, pause 180 s, headroom 2:
 * 300 s outside, worth 2 h of the job; after two such pauses today, of which the objective bears no more, 10 h.
 */
export function pauseWorthMs(inputs: ScaleInputs, config: AutoscalerConfig, headroom: number): Milliseconds {
  const above = inputs.restartPauseMs - config.lagObjectiveMs;
  if (above <= 0) return 0;
  // The pause begins with no lag, and of its lag 1 − 1/headroom is drained in every second after it.
  const outside = headroom > 1 ? Math.min(MOST_OUTSIDE_MS, above + above / (headroom - 1)) : MOST_OUTSIDE_MS;
  const left = Math.max(0, MAY_BE_OUTSIDE_MS - rescalesToday(inputs) * above);
  return Math.min(left, outside) * OUTSIDE_WORTH + Math.max(0, outside - left) * EXCEEDING_WORTH;
}
