import type { Milliseconds } from "../../../../model/index.ts";

/** One size that the job can have. */
export interface OracleLevel {
  /** Slots that it holds. */
  readonly slots: number;
  /** Records per second of all sources together that it carries: one number, or one for each step. */
  readonly capacity: number | Float64Array;
}

/** What a plan is judged by. All rates are means over a step. */
export interface Course {
  /** Records per second that arrive at all sources together, by step. */
  readonly rate: Float64Array;
  readonly stepMs: Milliseconds;
  readonly levels: readonly OracleLevel[];
  /** Nothing is read for this long after every change. */
  readonly pauseMs: Milliseconds;
  /** Records that a restart reads a second time, in milliseconds of arrivals; default 0. */
  readonly replayMs?: Milliseconds;
  /** The oldest record that waits may be so old. */
  readonly lagObjectiveMs: Milliseconds;
}

/** A course with what follows from it, so that a plan is judged without computing it again. */
export interface PreparedCourse extends Course {
  /** By step: the backlog at whose oldest record is just as old as the objective allows. */
  readonly limit: Float64Array;
  /** Most late seconds of the whole course; bounds the backlog too, as what arrives while late. */
  readonly mostLateSeconds: number;
}

/** `share`: of all seconds that must be inside the objective. */
export function prepare(course: Course, share: number): PreparedCourse {
  const seconds = (course.rate.length * course.stepMs) / 1_000;
  return { ...course, limit: limitsOf(course), mostLateSeconds: (1 - share) * seconds };
}

/** What arrived within the objective's time before the end of each step: a backlog of that many records is just not late. */
function limitsOf({ rate, stepMs, lagObjectiveMs }: Course): Float64Array {
  return rate.map((_, t) => {
    let [records, left] = [0, lagObjectiveMs];
    for (let k = t; left > 0; k -= 1) {
      // Before the beginning it was as at the beginning.
      const ms = k <= 0 ? left : Math.min(left, stepMs);
      records += ((rate[Math.max(0, k)] ?? 0) * ms) / 1_000;
      left -= ms;
    }
    return records;
  });
}

/** The same course in steps that are so many times as long. */
export function coarser(course: PreparedCourse, times: number): PreparedCourse {
  const steps = Math.floor(course.rate.length / times);
  const mean = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: steps }, (_, t) => {
      const part = values.subarray(t * times, (t + 1) * times);
      return part.reduce((a, b) => a + b, 0) / times;
    });
  const levels = course.levels.map(({ slots, capacity }) => ({
    slots,
    capacity: typeof capacity === "number" ? capacity : mean(capacity),
  }));
  const stepMs = course.stepMs * times;
  return { ...course, rate: mean(course.rate), limit: mean(course.limit), levels, stepMs };
}

/** From step `atStep` on the job has the size `level` (an index); the first entry is at step 0. */
export interface PlanEntry {
  readonly atStep: number;
  readonly level: number;
}

export type Plan = readonly PlanEntry[];

/** Backlog after a stretch of time, and how much of that time was beyond the objective. */
interface Stretch {
  backlog: number;
  late: number;
}

export const capacityAt = (level: OracleLevel | undefined, step: number): number => {
  if (level === undefined) return 0;
  return typeof level.capacity === "number" ? level.capacity : (level.capacity[step] ?? 0);
};

/**
 * A stretch of constant rates: the backlog moves in a line and never below 0. `surplus` = capacity − arrivals in
 * records/s, `limit` = the backlog that is still inside the objective. Writes into `into`: it is the innermost loop.
 */
export function flowInto(
  into: Stretch,
  backlog: number,
  surplus: number,
  seconds: number,
  limit: number,
): void {
  const end = backlog - surplus * seconds;
  into.backlog = end > 0 ? end : 0;
  if (backlog > limit) {
    into.late = surplus > 0 ? Math.min(seconds, (backlog - limit) / surplus) : seconds;
  } else {
    into.late = end > limit ? seconds - (limit - backlog) / -surplus : 0;
  }
}

/** The state of a run between two entries of a plan; `copyFrom` lets many continuations share one beginning. */
export class CourseRun {
  readonly #course: PreparedCourse;
  readonly #stretch: Stretch = { backlog: 0, late: 0 };
  #pauseLeft = 0;
  #backlog = 0;
  slotSeconds = 0;
  lateSeconds = 0;

  constructor(course: PreparedCourse) {
    this.#course = course;
  }

  copyFrom(other: CourseRun): void {
    this.#backlog = other.#backlog;
    this.#pauseLeft = other.#pauseLeft;
    this.slotSeconds = other.slotSeconds;
    this.lateSeconds = other.lateSeconds;
  }

  /** Runs the steps from `entry.atStep` up to `until`, both counted from 0; a change begins with a pause. */
  advance(entry: PlanEntry, until: number, change: boolean): void {
    const { rate, limit: limits, stepMs, levels, pauseMs, replayMs = 0 } = this.#course;
    const level = levels[entry.level];
    if (change) {
      this.#pauseLeft = pauseMs / 1_000;
      this.#backlog += ((rate[entry.atStep] ?? 0) * replayMs) / 1_000;
    }
    for (let t = entry.atStep; t < until; t += 1) {
      const arriving = rate[t] ?? 0;
      const limit = limits[t] ?? 0;
      const still = Math.min(this.#pauseLeft, stepMs / 1_000);
      if (still > 0) this.#flow(-arriving, still, limit);
      this.#pauseLeft -= still;
      const left = stepMs / 1_000 - still;
      if (left > 0) this.#flow(capacityAt(level, t) - arriving, left, limit);
    }
    this.slotSeconds += ((level?.slots ?? 0) * Math.max(0, until - entry.atStep) * stepMs) / 1_000;
  }

  #flow(surplus: number, seconds: number, limit: number): void {
    flowInto(this.#stretch, this.#backlog, surplus, seconds, limit);
    this.#backlog = this.#stretch.backlog;
    this.lateSeconds += this.#stretch.late;
  }
}
