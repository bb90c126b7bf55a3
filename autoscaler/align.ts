import type { VertexInputs } from "../model/index.ts";

/**
 * Share of the load (0..1) that the hottest subtask gets at parallelism `p`: a staircase wherever whole units are
 * dealt out. Key groups: ⌈K / p⌉ / K (`KeyGroupRangeAssignment`); source partitions likewise; otherwise 1 / p.
 */
export function hottestShare(vertex: VertexInputs, p: number): number {
  const units = unitsOf(vertex);
  return units === null ? 1 / p : Math.ceil(units / p) / units;
}

/** What is dealt out whole: key groups or partitions; null: records, one by one. */
function unitsOf(vertex: VertexInputs): number | null {
  const units = vertex.source ? vertex.partitions : vertex.hashed ? vertex.maxParallelism : null;
  return units === null || units < 1 ? null : units;
}

/** The next parallelism above `p` whose hottest subtask has less to do: with 128 key groups 64 → 128. */
export function nextUseful(vertex: VertexInputs, p: number): number {
  const units = unitsOf(vertex);
  if (units === null) return p + 1;
  const most = Math.ceil(units / p);
  return most <= 1 ? Number.POSITIVE_INFINITY : Math.max(p + 1, Math.ceil(units / (most - 1)));
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * The smallest parallelism within bounds that carries `rate`, by what `carried` says of each. When none does, the
 * smallest that is as good as the largest: with 12 partitions and 11 allowed, 6 subtasks read 2 each, and 11 would
 * not do better. `from`: below it nobody needs to look, because even dealt out evenly it would not do; `next`: the
 * parallelism after another that is worth a look; `best`: what the largest carries, for who knows it.
 * O(steps from `from` to the answer).
 */
export function smallestSufficient(
  carried: (p: number) => number,
  rate: number,
  bounds: Bounds,
  {
    from = bounds.min,
    next = (p: number) => p + 1,
    best = carried(bounds.max),
  }: { from?: number; next?: (p: number) => number; best?: number } = {},
): number {
  const enough = Math.min(rate, best * (1 - 1e-9));
  const begin = rate > best ? bounds.min : Math.max(bounds.min, Math.min(bounds.max, Math.floor(from)));
  for (let p = begin; p < bounds.max; p = next(p)) {
    if (carried(p) >= enough) return p;
  }
  return bounds.max;
}

/** Bounds of a vertex: what people set, cut by key groups and, at sources, by partitions, where these are known. */
export function capOf(vertex: VertexInputs, bounds: Bounds): Bounds {
  // Below 1 is no number of units; taken for one it would shrink every job to 1.
  const known = (units: number | null): number =>
    units !== null && units >= 1 ? units : Number.POSITIVE_INFINITY;
  const partitions = known(vertex.source ? vertex.partitions : null);
  const max = Math.max(1, Math.min(bounds.max, known(vertex.maxParallelism), partitions));
  return { min: Math.min(bounds.min, max), max };
}
