import { Failure, type Milliseconds } from "../../model/index.ts";
import type { LoadSeries } from "../learned.ts";

/** A series on a coarser grid that ends where the series ends. */
export interface Steps {
  readonly mean: readonly (number | null)[];
  /** The highest value inside each step. */
  readonly most: readonly (number | null)[];
  /** The newest value that was seen, and how many were. */
  readonly last: number;
  readonly seen: number;
}

/** More records per second than this is no rate. */
const LARGEST_RATE = 1e15;

/** NaN, negative and absurdly large rates were not seen. */
export const wasSeen = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && value >= 0 && value <= LARGEST_RATE;

/**
 * Puts a series on steps of `stepMs`, counted from its end, so that the newest step is always whole; what is left at the
 * beginning is dropped. A step has a value when at least one of its values was seen;
 * steps before the first value are dropped too.
 */
export function coarser(series: LoadSeries, stepMs: Milliseconds): Steps {
  const ratio = stepMs / series.stepMs;
  if (!Number.isInteger(ratio) || ratio < 1) {
    throw new Failure(
      "bad-request",
      `cannot forecast: steps; got ${stepMs} ms over a series of ${series.stepMs} ms; expected a multiple of it`,
    );
  }
  const { values } = series;
  const mean: (number | null)[] = [];
  const most: (number | null)[] = [];
  let last = Number.NaN;
  let seen = 0;
  for (let from = values.length % ratio; from < values.length; from += ratio) {
    let sum = 0;
    let count = 0;
    let top = 0;
    for (let i = from; i < from + ratio; i++) {
      const value = values[i];
      if (!wasSeen(value)) continue;
      sum += value;
      count++;
      top = Math.max(top, value);
      last = value;
    }
    seen += count;
    if (seen === 0) continue;
    mean.push(count === 0 ? null : sum / count);
    most.push(count === 0 ? null : top);
  }
  return { mean, most, last, seen };
}
