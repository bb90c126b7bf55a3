import type { Milliseconds, Parallelism } from "../../model/index.ts";
import type { Move, RunTrace } from "./run.ts";

/** What the referee needs to judge moves. */
export interface Judged {
  readonly trace: RunTrace;
  /** The true load of every second in the unit of `capacity`; what arrived, unless the world's load is no rate. */
  readonly demand: Float64Array;
  /** Records per second of all sources together that a parallelism carries. */
  readonly capacity: (parallelism: Parallelism) => number;
  readonly slots: (parallelism: Parallelism) => number;
  readonly lagObjectiveMs: Milliseconds;
}

const MINUTE = 60;
/** An upward move is explained by anything within this long, seconds. */
const EXPLAINED_WITHIN = 60 * MINUTE;
/** A downward move has to hold this long. */
const HOLDS_FOR = 10 * MINUTE;
const REVERTED_WITHIN_MS = 30 * 60_000;
/** The load has moved when the largest and the smallest minute differ by more than this share of the larger. */
const LOAD_MOVED = 0.2;
/** Rescales after a step, and in any stretch as long, count as steps on the way to one size. */
const CONVERGES_WITHIN_MS = 15 * 60_000;
/** Capacities nearer than this are equal, and so are loads. */
const EQUAL = 0.005;
const SAME_LOAD = 0.01;
const ROUNDING_RECORDS = 1e-6;

/**
 * Moves against the load: see "Wrong direction" in docs/benchmarks.md. Judged with the true load that came after
 * them and the true mean capacity, neither of which the policy knew.
 */
export function wrongDirection(judged: Judged): number {
  return judged.trace.moves.filter((move) => isWrong(judged, move)).length;
}

function isWrong(judged: Judged, move: Move): boolean {
  const direction = directionOf(judged, move);
  if (direction === "up") return isNeedless(judged, move);
  return direction === "down" && isTooSmall(judged, move);
}

/** By capacity; where that stays, by slots. */
export function directionOf({ capacity, slots }: Judged, { from, to }: Move): "up" | "down" | "none" {
  const [before, after] = [capacity(from), capacity(to)];
  if (Math.abs(after - before) > EQUAL * before) return after > before ? "up" : "down";
  const more = slots(to) - slots(from);
  return more > 0 ? "up" : more < 0 ? "down" : "none";
}

/** The old size would have carried the next hour, and the load of that hour is no higher than it had just been. */
function isNeedless(judged: Judged, move: Move): boolean {
  const { trace, demand } = judged;
  const at = secondOf(move.askedMs);
  const until = Math.min(trace.seconds, at + EXPLAINED_WITHIN);
  const before = highestMinute(demand, at - HOLDS_FOR, at);
  const after = highestMinute(demand, at, until);
  return after <= before * (1 + SAME_LOAD) && carries(judged, move.from, at, until);
}

/** A minute of the next ten brings more than the new size carries and not more than the old one did. */
function isTooSmall({ trace, demand, capacity }: Judged, move: Move): boolean {
  const at = secondOf(move.askedMs);
  const most = highestMinute(demand, at, Math.min(trace.seconds, at + HOLDS_FOR));
  return most > capacity(move.to) && most <= capacity(move.from);
}

/** Whether a parallelism keeps the objective without a pause from `from` on, with the backlog that was there. */
function carries(judged: Judged, parallelism: Parallelism, from: number, until: number): boolean {
  const { trace, demand, lagObjectiveMs } = judged;
  const capacity = judged.capacity(parallelism);
  const allowed = lagObjectiveMs / 1_000;
  const rate = trace.arrivals[from - 1] ?? 0;
  let backlog = (trace.backlog[from - 1] ?? 0) * (rate > 0 ? (demand[from - 1] ?? 0) / rate : 1);
  let recent = arrivedIn(demand, from - allowed, from);
  for (let s = from; s < until; s++) {
    backlog = Math.max(0, backlog + (demand[s] ?? 0) - capacity);
    recent += (demand[s] ?? 0) - (demand[s - allowed] ?? 0);
    if (backlog > recent + ROUNDING_RECORDS) return false;
  }
  return true;
}

const secondOf = (ms: Milliseconds): number => Math.floor(ms / 1_000);

/** Records of the seconds `from` (at least 0) up to and without `until`. */
function arrivedIn(arrivals: Float64Array, from: number, until: number): number {
  let sum = 0;
  for (let s = Math.max(0, from); s < until; s++) sum += arrivals[s] ?? 0;
  return sum;
}

/** Largest mean of a whole minute between two seconds, records/s; a stretch under a minute counts as one. */
function highestMinute(arrivals: Float64Array, from: number, until: number): number {
  return minutes(arrivals, from, until).reduce((a, b) => Math.max(a, b), 0);
}

function minutes(arrivals: Float64Array, from: number, until: number): readonly number[] {
  const begin = Math.max(0, from);
  const means: number[] = [];
  for (let s = begin; s < until; s += MINUTE) {
    const end = Math.min(until, s + MINUTE);
    // What is left over at the end of a stretch is a minute of its own, with the seconds before it.
    const start = Math.max(begin, end - MINUTE);
    means.push(arrivedIn(arrivals, start, end) / (end - start));
  }
  return means;
}

/** Moves that take back what an earlier one did to a vertex, although the load has not moved in between. */
export function oscillations({ trace, demand }: Pick<Judged, "trace" | "demand">): number {
  const { moves } = trace;
  return moves.filter((move, i) => {
    const earlier = moves.slice(0, i).filter((m) => move.askedMs - m.askedMs <= REVERTED_WITHIN_MS);
    return Object.keys(move.to).some((id) => {
      const way = Math.sign((move.to[id] ?? 0) - (move.from[id] ?? 0));
      const last = earlier.findLast((m) => m.to[id] !== m.from[id]);
      if (way === 0 || last === undefined) return false;
      const reverts = Math.sign((last.to[id] ?? 0) - (last.from[id] ?? 0)) === -way;
      return reverts && !loadMoved(demand, secondOf(last.askedMs) - 2 * MINUTE, secondOf(move.askedMs));
    });
  }).length;
}

function loadMoved(demand: Float64Array, from: number, until: number): boolean {
  const means = minutes(demand, from, until);
  const most = Math.max(0, ...means);
  return most > 0 && (most - Math.min(...means)) / most > LOAD_MOVED;
}

/**
 * The most rescales that belong to one change of the load: asked for within 15 minutes of a step and before the
 * next one, or, where the load has no steps, within any 15 minutes.
 */
export function stepsToConverge({ moves }: RunTrace, stepsMs: readonly Milliseconds[]): number {
  const begins = stepsMs.length > 0 ? stepsMs : moves.map((m) => m.askedMs);
  const counts = begins.map((begin, i) => {
    const next = stepsMs[i + 1] ?? Number.POSITIVE_INFINITY;
    const end = Math.min(begin + CONVERGES_WITHIN_MS, next);
    return moves.filter((m) => m.askedMs >= begin && m.askedMs < end).length;
  });
  return Math.max(0, ...counts);
}

/** Seconds from each step to the first request after it; null where none came before the next step. */
export function firstDecisions(
  { askedMs, seconds }: RunTrace,
  stepsMs: readonly Milliseconds[],
): readonly (number | null)[] {
  return stepsMs.map((step, i) => {
    const until = stepsMs[i + 1] ?? seconds * 1_000;
    const first = askedMs.find((at) => at >= step && at < until);
    return first === undefined ? null : (first - step) / 1_000;
  });
}
