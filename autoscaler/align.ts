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

/**
 * The smallest parallelism within bounds whose hottest subtask carries at most one subtask's work, given a need in
 * subtasks (4.3 = 4.3 subtasks' worth of work). When none does, the smallest that is as good as the largest:
 * with 12 partitions and 11 allowed, 6 subtasks read 2 each, and 11 would not do better. O(max − min).
 */
export function smallestSufficient(vertex: VertexInputs, need: number, bounds: Bounds): number {
  const best = hottestShare(vertex, bounds.max);
  for (let p = bounds.min; p < bounds.max; p++) {
    const share = hottestShare(vertex, p);
    if (need * share <= 1 || share <= best) return p;
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
