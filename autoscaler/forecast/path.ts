import type { LoadForecast, Milliseconds } from "../../model/index.ts";
import type { LoadSeries } from "../learned.ts";
import { upperOf } from "./band.ts";
import { Replay } from "./replay.ts";
import { coarser, wasSeen } from "./steps.ts";

const DAY_MS = 86_400_000;
/** Fewer values than this are no past. */
const FEWEST_VALUES = 6;
/** What lies further back than two weeks, and a bit for lags, is not looked at. */
const MOST_DAYS = 15;

export interface PathOptions {
  /** Length of a step of the path; a multiple of the series' step. */
  readonly stepMs: Milliseconds;
  /** How many steps; beyond a day the season is repeated. */
  readonly steps: number;
  /** The rate seen right now, when it is fresher than the series' last value; records per second. */
  readonly level?: number;
}

/**
 * What is expected to arrive from the end of the series on: the middle, and the most within each step with 95 %
 * certainty, learned from how wrong the same forecasts were on this series. Null with fewer than 6 values. After a
 * change of level that no method explains: the last value, in a band that widens. Pure; cost: O(values),
 * of 15 days at most.
 * Throws a `Failure` where `stepMs` is not a multiple of the series' step.
 */
export function forecastPath(series: LoadSeries, options: PathOptions): LoadForecast | null {
  const past = coarser(newest(series, MOST_DAYS), options.stepMs);
  if (past.seen < FEWEST_VALUES || options.steps < 1) return null;
  const stepsPerDay = Math.max(4, Math.round(DAY_MS / options.stepMs));
  const replay = new Replay(past, { stepsPerDay, steps: options.steps });
  const level = wasSeen(options.level) ? options.level : past.last;
  const changed = replay.hasChanged(level);
  const median = changed ? replay.flat(level) : replay.expected();
  const shares = changed ? replay.bandOfLastValue() : replay.band();
  const upper = median.map((value, i) => upperOf(value, shares[i] ?? 0, replay.usual));
  // What is seen right now is inside the first step.
  if (wasSeen(options.level)) upper[0] = Math.max(upper[0] ?? 0, options.level);
  return {
    from: series.from + series.values.length * series.stepMs,
    stepMs: options.stepMs,
    upper,
    median,
    method: changed ? "last-value" : replay.bestMethod(),
  };
}

function newest(series: LoadSeries, days: number): LoadSeries {
  const most = Math.ceil((days * DAY_MS) / series.stepMs);
  return { ...series, values: series.values.slice(-most) };
}
