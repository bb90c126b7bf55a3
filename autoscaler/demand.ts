import type { LoadForecast, Milliseconds, ScaleInputs } from "../model/index.ts";
import { knowsSeason } from "./forecast/index.ts";
import { sourceArrival } from "./sizing.ts";
import { MOST_SPREAD } from "./straying-work.ts";

/** What has to be carried from now on, as multiples of the load that arrives now. */
export interface Demand {
  readonly path: readonly number[];
  readonly stepMs: Milliseconds;
  /** The day ahead is known by its season, not only by where the load is now. */
  readonly seasonal: boolean;
}

/** Without a season a load is taken to go on for as long as the job has been left alone, at least for this long. */
const BLIND_MS: Milliseconds = 7_200_000;
const LONGEST_MS: Milliseconds = 86_400_000;
/** How far from the middle (0) to the upper edge (1) of a forecast one goes: for the next half hour, and beyond. */
interface Care {
  readonly near: number;
  readonly far: number;
}
const NEAR_MS: Milliseconds = 1_800_000;
/** Nothing else can be done in time for the next half hour; later there is time to look again. */
const PLANNED: Care = { near: 1, far: 0.5 };
/** A change that has to be made anyway is made for more, so that the next one need not follow soon. */
const URGENT: Care = { near: 1, far: 1 };
/** That a load might grow because nobody knows is no reason to grow with it, but for the next half hour. */
const BLIND: Care = { near: 0, far: 0 };
const BLIND_URGENT: Care = { near: 1, far: 0 };
const IDLE_SHARE = 0.2;
/** A load above its forecast stays above it for a while: half of the difference is left after this long. */
const LIFT_HALF_MS: Milliseconds = 7_200_000;
/** Loads below this share of the largest one are all the same to a plan. */
const LEAST_SHARE = 0.01;

/**
 * The path of the load: the forecast's upper edge, never below what arrives now or arrived at the peak of the
 * patience while the first step lasts. `null`: there is no forecast, nothing arrives that could be multiplied, or the
 * work does not follow what arrives.
 */
export function demandOf(inputs: ScaleInputs, urgent: boolean): Demand | null {
  const arrival = sourceArrival(inputs);
  if (inputs.forecast === null || !(arrival > 0) || strays(inputs)) return null;
  const { stepMs } = inputs.forecast;
  const seasonal = knowsSeason(inputs.forecast.method);
  const care = seasonal ? (urgent ? URGENT : PLANNED) : urgent ? BLIND_URGENT : BLIND;
  const ahead = carefully(inputs.forecast, inputs.to, care);
  const aloneMs = inputs.to - (inputs.lastRescaleAt ?? inputs.to - inputs.watchedMs);
  const aheadMs = seasonal ? LONGEST_MS : Math.min(LONGEST_MS, Math.max(BLIND_MS, aloneMs));
  const most = Math.ceil(aheadMs / stepMs);
  // What knows no season says "as now", and now is fresher than the forecast.
  const fresh = seasonal ? 1 : arrival / Math.max(ahead[0] ?? arrival, 1e-9);
  const rates = ahead.slice(0, most).map((rate) => rate * fresh);
  const first = rates[0];
  if (first === undefined) return null;
  const largest = Math.max(arrival, ...rates);
  const peak = recentPeak(inputs);
  const above = Math.max(1, (peak * arrival) / Math.max(first, largest * LEAST_SHARE)) - 1;
  const path = rates.map((rate, i) => {
    const lifted = 1 + above * 0.5 ** ((i * stepMs) / LIFT_HALF_MS);
    return (Math.max(rate, largest * LEAST_SHARE) * lifted) / arrival;
  });
  path[0] = Math.max(path[0] ?? 0, peak);
  return { path, stepMs, seasonal };
}

/** Some vertex's work did not follow its records, whether it has work now or not. */
export const strayed = (inputs: ScaleInputs): boolean =>
  Object.values(inputs.vertices).some((v) => v.spread > MOST_SPREAD);

/** Some vertex that matters works now more, now less, for the same records: their forecast is none of its work. */
export const strays = (inputs: ScaleInputs): boolean =>
  Object.values(inputs.vertices).some((v) => v.spread > MOST_SPREAD && (v.utilization ?? 0) > IDLE_SHARE);

/** What to be ready for from the step that holds `now` on. */
function carefully(
  { from, stepMs, upper, median }: LoadForecast,
  now: number,
  care: Care,
): readonly number[] {
  const passed = Math.max(0, Math.floor((now - from) / stepMs));
  return upper.slice(passed).flatMap((most, i) => {
    const middle = median[passed + i] ?? most;
    const rate = middle + (i * stepMs < NEAR_MS ? care.near : care.far) * Math.max(0, most - middle);
    return Number.isFinite(rate) && rate >= 0 ? [rate] : [];
  });
}

/** The highest load within the patience, as a multiple of the present one; at least 1. */
export function recentPeak(inputs: ScaleInputs): number {
  let peak = 1;
  for (const v of Object.values(inputs.vertices)) {
    if (v.arrivalRate === null || v.peakArrivalRate === null || v.arrivalRate <= 0) continue;
    peak = Math.max(peak, v.peakArrivalRate / v.arrivalRate);
  }
  return peak;
}
