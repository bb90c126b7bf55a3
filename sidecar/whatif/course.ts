import type { Milliseconds, Parallelism } from "../../model/index.ts";
import type { LoadCurve } from "./contest.ts";
import { type RunTrace, slotsOf } from "./run.ts";

/** A stretch of a run; times in minutes since its beginning. */
export interface CoursePoint {
  readonly minute: number;
  /** Records/s that arrive at its end. */
  readonly rate: number;
  /** The most in the stretch. */
  readonly backlog: number;
  /** What waits ÷ what arrives, the most in the stretch; null: nothing arrives any more, but something waits. */
  readonly lagSeconds: number | null;
  readonly slots: number;
}

/** How a job fared in one run. */
export interface Course {
  readonly name: "without" | "with" | "outrider";
  /** At its end, by vertex id. */
  readonly parallelism: Parallelism;
  readonly points: readonly CoursePoint[];
  readonly peakLagSeconds: number;
  readonly endLagSeconds: number;
  /** Seconds with more lag than the objective allows. */
  readonly lateSeconds: number;
  /** Until nothing worth mentioning waits any more, and stays so; null: not within the time. */
  readonly drainSeconds: number | null;
  readonly downSeconds: number;
  readonly rescales: number;
  readonly slotsBefore: number;
  readonly slotsAfter: number;
  readonly slotHours: number;
}

const MOST_POINTS = 120;
/** Less than this much load is what waits in any running job. */
const GONE_SECONDS = 2;
/** Where nothing arrives, what waits is old, but nobody can say how old. */
const NOBODY_KNOWS = Number.POSITIVE_INFINITY;

/** Reads the course out of a run: lag is what waits ÷ the rate at which it arrives. O(seconds). */
export function courseOf(
  name: Course["name"],
  trace: RunTrace,
  load: LoadCurve,
  objectiveMs: Milliseconds,
): Course {
  const { seconds, backlog, slots, down, moves } = trace;
  const lags = Array.from({ length: seconds }, (_, s) =>
    lagOf(backlog[s] ?? 0, load.rateAt((s + 1) * 1_000)),
  );
  const known = lags.filter((lag) => lag !== NOBODY_KNOWS);
  const last = lags.findLastIndex((lag) => lag > GONE_SECONDS);
  return {
    name,
    parallelism: moves.at(-1)?.to ?? trace.start,
    points: pointsOf(trace, load, lags),
    peakLagSeconds: known.reduce((a, b) => Math.max(a, b), 0),
    endLagSeconds: known.at(-1) ?? 0,
    lateSeconds: lags.filter((lag) => lag * 1_000 > objectiveMs).length,
    drainSeconds: last === seconds - 1 ? null : last + 1,
    downSeconds: down.reduce((a, b) => a + b, 0),
    rescales: moves.length,
    slotsBefore: slots[0] ?? 0,
    slotsAfter: slots[seconds - 1] ?? 0,
    slotHours: slots.reduce((a, b) => a + b, 0) / 3_600,
  };
}

const lagOf = (backlog: number, rate: number): number =>
  backlog < 1 ? 0 : rate > 0 ? backlog / rate : NOBODY_KNOWS;

function pointsOf(trace: RunTrace, load: LoadCurve, lags: readonly number[]): readonly CoursePoint[] {
  const every = Math.max(1, Math.ceil(trace.seconds / MOST_POINTS));
  const points: CoursePoint[] = [];
  for (let from = 0; from < trace.seconds; from += every) {
    const to = Math.min(trace.seconds, from + every);
    const most = lags.slice(from, to).reduce((a, b) => Math.max(a, b), 0);
    points.push({
      minute: to / 60,
      rate: load.rateAt(to * 1_000),
      backlog: trace.backlog.subarray(from, to).reduce((a, b) => Math.max(a, b), 0),
      lagSeconds: most === NOBODY_KNOWS ? null : most,
      slots: trace.slots[to - 1] ?? 0,
    });
  }
  return points;
}

/** Slots of a parallelism in the sharing groups of a fitted job. */
export const slotsFor = (
  vertices: readonly {
    readonly id: string;
    readonly slotSharingGroup: string;
    readonly parallelism: number;
  }[],
  parallelism: Parallelism,
): number =>
  slotsOf(vertices.map((plan) => ({ plan, parallelism: parallelism[plan.id] ?? plan.parallelism })));
