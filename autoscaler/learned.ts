import type {
  Instant,
  LoadForecast,
  Milliseconds,
  PastRescale,
  VertexBound,
  VertexId,
} from "../model/index.ts";
import type { FlinkState } from "./flink/index.ts";

/** How fast a vertex was at one parallelism, learned over all times that it ran with it. */
export interface CapacityPoint {
  readonly parallelism: number;
  /** Records per second of all subtasks together at 100 % busy. */
  readonly rate: number;
  /** How much was seen: minutes of task time, fading with age (half of it after a week). */
  readonly weight: number;
  /** How far it strays from that with the same parallelism: mean distance of its logarithm. 0.1 is about 10 %. */
  readonly spread?: number;
  readonly at: Instant;
}

/** Mean rate of all sources together in even steps; null: not seen. The newest value is the last whole step. */
export interface LoadSeries {
  /** Beginning of the first step, a multiple of `stepMs`. */
  readonly from: Instant;
  readonly stepMs: Milliseconds;
  readonly values: readonly (number | null)[];
}

/** The step that is still open: what arrived in it so far. */
export interface OpenStep {
  readonly from: Instant;
  readonly records: number;
  readonly seenMs: Milliseconds;
}

/** The highest rate at which records came to a vertex in a surge of its own. */
export interface Surge {
  /** When such a surge was last seen. */
  readonly at: Instant;
  /** Records per second, the mean of 10 s. */
  readonly rate: number;
}

/**
 * What this job's past taught. A plain value: kept in the store between passes and across restarts, shown to people,
 * and overridable by settings. A job that is new has `NOTHING_LEARNED`.
 */
export interface Learned {
  readonly capacity: Readonly<Record<VertexId, readonly CapacityPoint[]>>;
  readonly load: LoadSeries | null;
  readonly open: OpenStep | null;
  readonly forecast: LoadForecast | null;
  /** Measured restart pauses of rescales in place, newest last, at most 10. */
  readonly pausesMs: readonly Milliseconds[];
  /** When its tasks were last seen at work, and in which attempt (by when that began to run). */
  readonly worked?: { readonly at: Instant; readonly attempt: Instant };
  /** When it stood still before an attempt; gone once the rescale that it was for has it. */
  readonly stoodStill?: { readonly attempt: Instant; readonly from: Instant; readonly to: Instant };
  /** When the newest of `rescales` was asked for, by the JobManager's clock. */
  readonly askedAt?: Instant;
  /** Rescales of the last 24 hours, at most 50. */
  readonly rescales: readonly PastRescale[];
  readonly bounds: Readonly<Record<VertexId, VertexBound>>;
  /** Vertices that get their records in surges; absent: none was seen. */
  readonly surges?: Readonly<Record<VertexId, Surge>>;
  /** Starts of the job as seen, newest last, at most 20. */
  readonly starts: readonly Instant[];
  /** Kept for policy `flink` alone: its samples, its queue, its history. */
  readonly flink?: FlinkState | undefined;
}

export const NOTHING_LEARNED: Learned = {
  capacity: {},
  load: null,
  open: null,
  forecast: null,
  pausesMs: [],
  rescales: [],
  bounds: {},
  starts: [],
};
