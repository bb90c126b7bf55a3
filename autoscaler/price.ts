import type { Milliseconds, ScaleInputs } from "../model/index.ts";
import { lagCurve } from "./lag-curve.ts";
import type { AutoscalerConfig } from "./settings.ts";

/** Every rescale of the last day makes the next one that nobody needs this many times as dear. */
const DEARER = 1.5;
/** However many there were: a rescale is never worth more than the whole job for this long. */
const MOST_MS: Milliseconds = 7_200_000;
/** Where a day is known ahead, a change is weighed against hours; where not, still not against seconds. */
const LEAST_PLANNED_MS: Milliseconds = 2_700_000;
const LEAST_BLIND_MS: Milliseconds = 1_200_000;
/** Seconds of a day that may lie outside the objective: 0.5 %, worth about an eighth of the day's slots. */
const OUTSIDE_WORTH = 0.125 / 0.005;
const DAY_MS: Milliseconds = 86_400_000;
const CURVE_MS: Milliseconds = 3_600_000;

/** Rescales of ours within the last 24 hours. */
export function rescalesToday(inputs: ScaleInputs): number {
  return inputs.rescales.filter((r) => inputs.to - r.at < DAY_MS).length;
}

/**
 * For how long the job's slots are worth one change, in ms: the least, or the patience where that is longer, half
 * as much again for every rescale of today, plus what the change itself puts outside the lag objective. `planned`: the day ahead
 * is known. Example, nothing known: the first change today must save 20 min of the whole job, the third 45 min.
 */
export function changeWorthMs(inputs: ScaleInputs, config: AutoscalerConfig, planned: boolean): Milliseconds {
  const least = Math.max(inputs.patienceMs, planned ? LEAST_PLANNED_MS : LEAST_BLIND_MS);
  const dear = least * DEARER ** Math.min(8, rescalesToday(inputs));
  return Math.min(MOST_MS, dear) + outsideMs(inputs, config) * OUTSIDE_WORTH;
}

/** Time that one change costs outside the objective: what queues up in its pause, drained with the usual headroom. */
export function outsideMs(inputs: ScaleInputs, config: AutoscalerConfig): Milliseconds {
  const curve = lagCurve(
    {
      load: [1],
      stepMs: CURVE_MS,
      before: 1,
      after: 1 / config.targetUtilization,
      backlog: 0,
      pauseMs: inputs.restartPauseMs,
      horizonMs: CURVE_MS,
    },
    config.lagObjectiveMs,
  );
  return curve.outsideMs;
}
