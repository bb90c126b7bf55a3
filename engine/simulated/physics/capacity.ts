import type { CapacityPoint } from "../world.ts";

/**
 * Records per second of a whole vertex at a parallelism: measured points, joined by straight lines between logarithms,
 * because capacity is about c × pᵇ. Beyond the first and the last point their line goes on, held between "more subtasks
 * bring nothing" and "twice as many bring twice as much". `points` in any order, one at least.
 */
export function capacityAt(points: readonly CapacityPoint[], parallelism: number): number {
  const sorted = points.toSorted(([a], [b]) => a - b);
  const above = sorted.findIndex(([p]) => p >= parallelism);
  const right = above === -1 ? sorted.length - 1 : Math.max(1, above);
  const outside = above <= 0;
  const [to, from] = [sorted[right], sorted[right - 1]];
  const anchor = above === 0 ? sorted[0] : (to ?? from);
  if (anchor === undefined)
    throw new RangeError("cannot tell the capacity: got no points; expected one at least");
  const slope = from === undefined || to === undefined ? 1 : slopeOf(from, to);
  const bounded = outside ? Math.min(1, Math.max(0, slope)) : slope;
  return anchor[1] * (parallelism / anchor[0]) ** bounded;
}

const slopeOf = ([p, rate]: CapacityPoint, [q, other]: CapacityPoint): number =>
  Math.log(other / rate) / Math.log(q / p);
