import type { VertexInputs } from "../model/index.ts";

/**
 * Share of the load (0..1) that the hottest subtask gets at parallelism `p`: a staircase wherever whole units are
 * dealt out. Key groups: ⌈K / p⌉ / K (`KeyGroupRangeAssignment`); source partitions likewise; otherwise 1 / p.
 */
export function hottestShare(vertex: VertexInputs, p: number): number {
  const units = vertex.source ? vertex.partitions : vertex.hashed ? vertex.maxParallelism : null;
  return units === null || units < 1 ? 1 / p : Math.ceil(units / p) / units;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** More steps than this are not walked: beyond it one subtask more or less makes no difference. */
const MOST_STEPS = 4_096;

/**
 * The smallest parallelism within bounds that carries `rate`, by what `carried` says of each. When none does, the
 * smallest that is as good as the largest: with 12 partitions and 11 allowed, 6 subtasks read 2 each, and 11 would
 * not do better. `from`: below it nobody needs to look, because even dealt out evenly it would not do.
 * O(steps from `from` to the answer).
 */
export function smallestSufficient(
  carried: (p: number) => number,
  rate: number,
  bounds: Bounds,
  from: number = bounds.min,
): number {
  const best = carried(bounds.max);
  const enough = Math.min(rate, best * (1 - 1e-9));
  const begin = rate > best ? bounds.min : Math.max(bounds.min, Math.min(bounds.max, Math.floor(from)));
  for (let p = begin; p < bounds.max && p - begin < MOST_STEPS; p++) {
    if (carried(p) >= enough) return p;
  }
  return bounds.max;
}

/** Bounds of a vertex: what people set, cut by key groups and, at sources, by partitions. */
export function capOf(vertex: VertexInputs, bounds: Bounds): Bounds {
  const partitions =
    vertex.source && vertex.partitions !== null ? vertex.partitions : Number.POSITIVE_INFINITY;
  const max = Math.max(1, Math.min(bounds.max, vertex.maxParallelism, partitions));
  return { min: Math.min(bounds.min, max), max };
}
