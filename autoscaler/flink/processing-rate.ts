import type { VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";
import type { FlinkSample } from "./samples.ts";
import { averageOf, rateOf } from "./series.ts";

/** Busy milliseconds per second of a subtask: the mean of LOAD (MAX, MIN), or by the counter (AVG). */
export function busyAverage(
  samples: readonly FlinkSample[],
  id: VertexId,
  parallelism: number,
  aggregator: FlinkOptions["busyAggregator"],
): number {
  return aggregator === "AVG"
    ? rateOf(samples, id, "busyMs") / parallelism
    : averageOf(samples, id, "load") * 1_000;
}

/**
 * Records/s that go with the busy time: the counter, or for a vertex that is not a source under MAX and MIN the mean
 * of the gauge, because the busy gauge is as old as it. Release 1.15 takes the counter always.
 */
export function inputRateForBusy(
  samples: readonly FlinkSample[],
  id: VertexId,
  source: boolean,
  aggregator: FlinkOptions["busyAggregator"],
): number {
  const counted = rateOf(samples, id, "recordsIn");
  if (aggregator === "AVG" || source) return counted;
  const gauge = averageOf(samples, id, "inPerSecond");
  return Number.isNaN(gauge) ? counted : gauge;
}

/** Records/s at 100 % busy. Nothing read: infinite. */
export function rateByBusyTime(recordsPerSecond: number, busyMsPerSecond: number): number {
  if (recordsPerSecond === 0) return Number.POSITIVE_INFINITY;
  return recordsPerSecond / (busyMsPerSecond / 1_000);
}

/** Which of the two is believed: what was observed under lag, where busy time promises more than `switchShare` above it. */
export function trueProcessingRate(byBusy: number, observed: number, switchShare: number): number {
  if (Number.isNaN(observed)) return byBusy;
  if (!Number.isFinite(byBusy)) return observed;
  return byBusy > observed * (1 + switchShare) ? observed : byBusy;
}
