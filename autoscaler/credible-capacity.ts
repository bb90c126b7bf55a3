import type { CapacityPoint } from "./learned.ts";
import { MOST_SPREAD } from "./straying-work.ts";

/** A busy share below this, of a vertex that should be busy, is that of a counter that stands still. */
const STANDS_STILL = 0.005;
/** What was learned counts when it was seen for this many minutes, and says that the vertex should be this busy. */
const LEAST_WEIGHT = 3;
const SHOULD_BE_BUSY = 0.1;
/** A vertex that reads all this with no busy time is not full, whatever was learned: it is kept as it is. */
const AT_MOST_BUSY = 0.9;
/** Careful exponent for a parallelism that was not seen itself. */
const BETA = 0.9;

/**
 * Capacity (records/s) to decide with, where the busy counter says that work costs nothing. Cheap vertices do show no
 * busy time, but not one that was seen busy with the same rate for minutes: for that one what was learned holds.
 * Where work does not follow the records, no work is no lie. And nothing grows for it.
 * Example: learned 2,000/s with 4 subtasks, 1,000/s arrive, busy 0 % → 2,000/s and not infinite.
 */
export function credibleCapacity(
  measured: number,
  seen: { readonly busyShare: number | null; readonly rate: number | null; readonly parallelism: number },
  points: readonly CapacityPoint[],
): number {
  if (seen.rate === null || seen.busyShare === null || seen.busyShare >= STANDS_STILL) return measured;
  const known = knownAt(seen.parallelism, points);
  if (known === undefined || points.some((p) => (p.spread ?? 0) > MOST_SPREAD)) return measured;
  if (seen.rate / known < SHOULD_BE_BUSY) return measured;
  return Math.min(measured, Math.max(known, seen.rate / AT_MOST_BUSY));
}

/** By the point of the nearest parallelism. */
function knownAt(parallelism: number, points: readonly CapacityPoint[]): number | undefined {
  let nearest: CapacityPoint | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const p of points) {
    if (!(p.weight >= LEAST_WEIGHT && p.rate > 0 && p.parallelism > 0)) continue;
    const distance = Math.abs(Math.log(p.parallelism / parallelism));
    if (nearest !== undefined && distance >= least) continue;
    nearest = p;
    least = distance;
  }
  return nearest === undefined ? undefined : nearest.rate * (parallelism / nearest.parallelism) ** BETA;
}
