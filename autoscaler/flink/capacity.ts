import type { Milliseconds } from "../../model/index.ts";
import { type FlinkOptions, utilizationMaxOf, utilizationMinOf } from "./flink-options.ts";

/** What a vertex is asked to do: records/s. */
export interface Demand {
  /** Arrival, by consumption and growth of the lag. */
  readonly targetRate: number;
  /** What works the lag off in time. */
  readonly catchUpRate: number;
}

const wholeSeconds = (ms: Milliseconds): number => Math.floor(ms / 1_000);

/**
 * Capacity in whole records/s that a vertex needs at a utilization; with `withRestart` also for what piles up while it
 * restarts. Utilization 0 or less: infinite. NaN where the demand is unknown.
 */
export function requiredCapacity(
  demand: Demand,
  utilization: number,
  withRestart: boolean,
  catchUpMs: Milliseconds,
  restartMs: Milliseconds,
): number {
  const { targetRate, catchUpRate } = demand;
  if (Number.isNaN(targetRate) || Number.isNaN(catchUpRate)) return Number.NaN;
  const share = Math.min(1, Math.max(0, utilization));
  if (share === 0) return Number.POSITIVE_INFINITY;
  const catchUp = wholeSeconds(catchUpMs);
  const restart = withRestart && catchUp > 0 ? (targetRate * wholeSeconds(restartMs)) / catchUp : 0;
  return Math.round(catchUpRate + restart + targetRate / share);
}

/** Bounds of a vertex's processing rate (records/s): below the one it is too small, above the other too large. */
export interface Thresholds {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

/** While a backlog is worked off nothing scales down, and up only above utilization 1. */
export function thresholdsOf(
  demand: Demand,
  options: FlinkOptions,
  restartMs: Milliseconds,
  processingBacklog: boolean,
): Thresholds {
  const upper = processingBacklog ? 1 : utilizationMaxOf(options);
  const lower = processingBacklog ? 0 : utilizationMinOf(options);
  return {
    scaleUp: requiredCapacity(demand, upper, false, options.catchUpMs, restartMs),
    scaleDown: requiredCapacity(demand, lower, true, options.catchUpMs, restartMs),
  };
}

/** Capacity that the new parallelism is computed for. */
export function targetCapacity(demand: Demand, options: FlinkOptions, restartMs: Milliseconds): number {
  return requiredCapacity(demand, options.target, true, options.catchUpMs, restartMs);
}
