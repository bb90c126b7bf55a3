import { Failure, type Instant, type Milliseconds, type VertexId } from "../../model/index.ts";
import { type Aligned, align } from "./align.ts";
import { targetCapacity } from "./capacity.ts";
import { type DelayedScaleDowns, delay, evict, without } from "./delayed-scale-down.ts";
import { type Ineffective, ineffectiveScaleUp } from "./effectiveness.ts";
import type { Evaluated } from "./evaluate.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { type ScalingEntry, scalabilityOf } from "./scaling-history.ts";

/** What is to become of one vertex. */
export interface VertexChange {
  readonly parallelism: number;
  /** Outside its bounds, by itself enough for a rescale; within them it only goes along with another. */
  readonly outside: boolean;
  /** Records/s that it should do afterwards. */
  readonly expectedRate: number;
}

export interface VertexVerdict {
  /** Null: it stays. */
  readonly change: VertexChange | null;
  readonly delayed: DelayedScaleDowns;
  /** Records/s that the parallelism is computed for; NaN: unknown. */
  readonly targetCapacity: number;
  readonly limited: Aligned["limited"];
  readonly ineffective: Ineffective | null;
}

/** A scale-up or scale-down of one vertex, from its numbers, its past and what waits. */
export function scaleVertex(
  id: VertexId,
  evaluated: Evaluated,
  inputs: readonly string[],
  history: readonly ScalingEntry[],
  delayed: DelayedScaleDowns,
  options: FlinkOptions,
  restartMs: Milliseconds,
  now: Instant,
): VertexVerdict {
  const { parallelism, trueProcessingRate } = evaluated;
  const capacity = targetCapacity(evaluated, options, restartMs);
  const stay = { change: null, delayed, targetCapacity: capacity, limited: null, ineffective: null };
  const factor = factorOf(capacity / trueProcessingRate, history, options);
  // A rate below 0 is a counter that began anew: the Java autoscaler would scale down on it.
  if (Number.isNaN(factor) || trueProcessingRate < 0) return stay;
  const { parallelism: wished, limited } = scaleBy(
    factor,
    evaluated,
    inputs,
    Math.min(parallelism, options.minParallelism),
    Math.max(parallelism, options.maxParallelism),
    options.alignment,
  );
  const cleared = { ...stay, delayed: without(delayed, id), limited };
  if (wished === parallelism) return cleared;
  const expected = (p: number): number => (trueProcessingRate / parallelism) * p;
  const outside = isOutside(evaluated);
  if (wished > parallelism) {
    const ineffective = ineffectiveScaleUp(history.at(-1), parallelism, trueProcessingRate, options);
    const change = ineffective?.blocks
      ? null
      : { parallelism: wished, outside, expectedRate: expected(wished) };
    return { ...cleared, change, ineffective };
  }
  const down = scaleDown(id, parallelism, { at: now, parallelism: wished, outside }, delayed, options);
  const change =
    down.change === null
      ? null
      : {
          parallelism: down.change.parallelism,
          outside: down.change.outside,
          expectedRate: expected(down.change.parallelism),
        };
  return { ...stay, change, delayed: down.delayed, limited };
}

/** Whether the processing rate is out of its bounds. */
export const isOutside = (e: Evaluated): boolean =>
  e.trueProcessingRate < e.scaleUpThreshold || e.trueProcessingRate > e.scaleDownThreshold;

function factorOf(plain: number, history: readonly ScalingEntry[], options: FlinkOptions): number {
  const coefficient = options.scalability
    ? scalabilityOf(history, options.scalabilityMin, options.scalabilityLeast)
    : 1;
  const least = 1 - options.scaleDownMaxFactor;
  const most = 1 + options.scaleUpMaxFactor;
  return Math.min(most, Math.max(least, plain / coefficient));
}

/** Applies a factor to a parallelism, within limits and aligned. Limits that cross are refused. */
export function scaleBy(
  factor: number,
  vertex: Pick<Evaluated, "parallelism" | "maxParallelism" | "partitions">,
  inputs: readonly string[],
  lowerLimit: number,
  upperLimit: number,
  mode: FlinkOptions["alignment"],
): Aligned {
  if (lowerLimit > upperLimit) {
    throw new Failure(
      "bad-config",
      `scaling limits: got a lower limit of ${lowerLimit} and an upper limit of ${upperLimit}; expected them in order`,
    );
  }
  const { parallelism: current, maxParallelism, partitions } = vertex;
  const raw = Math.min(Math.ceil(factor * current), 2_147_483_647);
  const wished = Math.min(Math.max(lowerLimit, raw), maxParallelism, upperLimit);
  if (wished === current) return { parallelism: current, limited: null };
  return align(mode, { current, wished, partitions, maxParallelism, lowerLimit, upperLimit, inputs });
}

/** A scale-down waits for its interval and is then the largest of what was recommended in it. */
function scaleDown(
  id: VertexId,
  current: number,
  next: { readonly at: Instant; readonly parallelism: number; readonly outside: boolean },
  delayed: DelayedScaleDowns,
  options: FlinkOptions,
): { change: { parallelism: number; outside: boolean } | null; delayed: DelayedScaleDowns } {
  const interval = options.scaleDownIntervalMs;
  if (interval <= 0) return { change: next, delayed };
  const windowStart = next.at - interval;
  const waiting = delay(delayed[id], next);
  if (windowStart < waiting.since) return { change: null, delayed: { ...delayed, [id]: waiting } };
  const kept = evict(waiting, windowStart);
  const most = kept.queue[0];
  const change = most === undefined || most.parallelism === current ? null : most;
  return { change, delayed: { ...delayed, [id]: kept } };
}
