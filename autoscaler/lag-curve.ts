import type { Milliseconds } from "../model/index.ts";

/** Loads and capacities of one predicted course, all in records per second at the sources. */
export interface Course {
  /** Expected arrivals, one value per step; the last one goes on. */
  readonly load: readonly number[];
  readonly stepMs: Milliseconds;
  /** What the job carries before and after the change. */
  readonly before: number;
  readonly after: number;
  /** Records waiting now. */
  readonly backlog: number;
  /** The change begins now and stops the job for this long. Null: no change, `before` stays. */
  readonly pauseMs: Milliseconds | null;
  readonly horizonMs: Milliseconds;
}

export interface LagCurve {
  /** Lag = backlog ÷ arrival rate, at the end of each interval of `everyMs`. */
  readonly lagMs: readonly Milliseconds[];
  readonly everyMs: Milliseconds;
  readonly peakMs: Milliseconds;
  /** Time within the horizon during which the lag is above the objective. */
  readonly outsideMs: Milliseconds;
  /** Until the backlog is gone; null: not within the horizon. */
  readonly goneAfterMs: Milliseconds | null;
}

const MOST_INTERVALS = 360;
/** A backlog of less than this much load is what any running job has. */
const GONE_MS = 1_500;

/**
 * How the lag goes on with and without a change: what arrives minus what is carried, interval by interval. During
 * the pause nothing is carried. Example: 1,500/s arrive, 500/s are carried, 8,000 wait, the change to 2,500/s takes
 * 1 s: the backlog grows to 9,500, then falls by 1,000/s and is gone after 10.5 s. O(horizon ÷ interval).
 */
export function lagCurve(course: Course, objectiveMs: Milliseconds): LagCurve {
  const everyMs = Math.max(1_000, course.horizonMs / MOST_INTERVALS);
  const lagMs: number[] = [];
  let backlog = Math.max(0, course.backlog);
  let outsideMs = 0;
  let peakMs = 0;
  let goneAfterMs: number | null = null;
  for (let at = 0; at < course.horizonMs; at += everyMs) {
    const step = Math.min(course.load.length - 1, Math.floor(at / course.stepMs));
    const arrival = course.load[step] ?? 0;
    backlog = Math.max(0, backlog + ((arrival - carriedIn(course, at, everyMs)) * everyMs) / 1_000);
    const lag = backlog <= 0 ? 0 : arrival > 0 ? (backlog / arrival) * 1_000 : course.horizonMs;
    lagMs.push(lag);
    peakMs = Math.max(peakMs, lag);
    if (lag > objectiveMs) outsideMs += everyMs;
    if (lag > GONE_MS) goneAfterMs = null;
    else goneAfterMs ??= at + everyMs;
  }
  return { lagMs, everyMs, peakMs, outsideMs, goneAfterMs };
}

/** Mean rate carried within an interval, the pause taken out of it. */
function carriedIn({ before, after, pauseMs }: Course, at: Milliseconds, everyMs: Milliseconds): number {
  if (pauseMs === null) return before;
  const paused = Math.min(everyMs, Math.max(0, pauseMs - at));
  return (after * (everyMs - paused)) / everyMs;
}
