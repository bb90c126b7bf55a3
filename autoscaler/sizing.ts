import type { Parallelism, ScaleInputs, VertexId, VertexInputs } from "../model/index.ts";
import { type Bounds, nextUseful, smallestSufficient } from "./align.ts";
import { boundsOf, isExcluded } from "./bounds.ts";
import { type Curve, curveOf } from "./capacity.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { usefulMost } from "./skew-limit.ts";

/** A vertex with what a sizing needs of it, looked up once. */
export interface Sized {
  readonly id: VertexId;
  readonly vertex: VertexInputs;
  readonly bounds: Bounds;
  readonly excluded: boolean;
  /** Null: unknown. */
  readonly curve: Curve | null;
}

export function sizedVertices(inputs: ScaleInputs, config: AutoscalerConfig): readonly Sized[] {
  return Object.entries(inputs.vertices).map(([id, vertex]) => {
    const { min, max } = boundsOf(config, id, vertex, inputs.calendar);
    const bounds = { min, max: Math.max(min, usefulMost(vertex, max)) };
    return { id, vertex, bounds, excluded: isExcluded(config, id, vertex), curve: curveOf(vertex) };
  });
}

/** Records per second that arrive at all sources together. */
export function sourceArrival(inputs: ScaleInputs): number {
  let sum = 0;
  for (const v of Object.values(inputs.vertices)) if (v.source) sum += v.arrivalRate ?? 0;
  return sum;
}

/**
 * The smallest parallelism with which a vertex carries `rate` records/s while its hottest subtask is busy for
 * `share` of its time. Without a known capacity it stays as it is. Bound by the outside, it gets what that takes.
 */
export function parallelismFor({ vertex, bounds, curve }: Sized, rate: number, share: number): number {
  if (curve === null) return vertex.bound === null ? vertex.parallelism : vertex.bound.parallelism;
  const wanted = vertex.bound === null ? rate / share : Math.min(rate / share, vertex.bound.rate);
  if (wanted <= 0) return bounds.min;
  return smallestSufficient(curve.carries, wanted, bounds, {
    from: leastEven(curve, wanted, bounds),
    next: (p) => nextUseful(vertex, p),
  });
}

/** Even dealt out evenly it needs this many: found by halving, because that curve never falls. O(log max). */
function leastEven(curve: Curve, wanted: number, bounds: Bounds): number {
  let low = bounds.min;
  let high = bounds.max;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (curve.even(middle) >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Gives all vertices that FORWARD edges join the same value, the one that `pick` finds among theirs. */
export function spreadForward(
  vertices: readonly Sized[],
  values: Record<VertexId, number>,
  pick: (a: number, b: number) => number,
): void {
  const tied = vertices.filter(({ vertex }) => vertex.forwardInputs.length > 0);
  let changed = tied.length > 0;
  while (changed) {
    changed = false;
    for (const { id, vertex } of tied) {
      for (const from of vertex.forwardInputs) {
        const a = values[id];
        const b = values[from];
        if (a === undefined || b === undefined || a === b) continue;
        values[id] = values[from] = pick(a, b);
        changed = true;
      }
    }
  }
}

/**
 * Parallelism of every vertex for a load `factor` times the present one, at `share` of capacity; excluded vertices
 * stay. FORWARD edges tie their ends: they get the larger of their needs, within the smaller of their bounds.
 */
export function parallelismAt(
  vertices: readonly Sized[],
  factor: number,
  share: number,
): Record<VertexId, number> {
  const wanted: Record<VertexId, number> = {};
  const most: Record<VertexId, number> = {};
  for (const sized of vertices) {
    const { id, vertex, bounds, excluded } = sized;
    wanted[id] = excluded
      ? vertex.parallelism
      : parallelismFor(sized, (vertex.arrivalRate ?? 0) * factor, share);
    most[id] = excluded ? vertex.parallelism : bounds.max;
  }
  return tied(vertices, wanted, most);
}

/** Applies FORWARD edges to wishes. */
export function tied(
  vertices: readonly Sized[],
  wanted: Record<VertexId, number>,
  most: Record<VertexId, number>,
): Record<VertexId, number> {
  spreadForward(vertices, most, Math.min);
  for (const [id, p] of Object.entries(wanted)) wanted[id] = Math.min(p, most[id] ?? p);
  spreadForward(vertices, wanted, Math.max);
  return wanted;
}

/** Slots that a parallelism needs: per sharing group the largest one, summed. */
export function slotsFor(
  vertices: readonly Pick<Sized, "id" | "vertex">[],
  parallelism: Parallelism,
): number {
  const groups = new Map<string, number>();
  for (const { id, vertex } of vertices) {
    const p = parallelism[id] ?? vertex.parallelism;
    groups.set(vertex.slotSharingGroup, Math.max(groups.get(vertex.slotSharingGroup) ?? 0, p));
  }
  let sum = 0;
  for (const p of groups.values()) sum += p;
  return sum;
}

/** The same of a decision's inputs; a vertex that is not named keeps what it has. */
export const slotsOf = (inputs: ScaleInputs, parallelism: Parallelism = {}): number =>
  slotsFor(
    Object.entries(inputs.vertices).map(([id, vertex]) => ({ id, vertex })),
    parallelism,
  );

/** The load factor that a parallelism carries at `share` of capacity: the least over vertices. Infinity when idle. */
export function carriedFactor(vertices: readonly Sized[], parallelism: Parallelism, share: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { id, vertex, curve } of vertices) {
    const rate = vertex.arrivalRate ?? 0;
    const most = curve?.carries(parallelism[id] ?? vertex.parallelism) ?? null;
    // What the outside bounds limits the job whatever its parallelism: it says nothing about sizes.
    if (rate <= 0 || most === null || isAtBound(vertex, most)) continue;
    least = Math.min(least, (most * share) / rate);
  }
  return least;
}

const isAtBound = (vertex: VertexInputs, most: number): boolean =>
  vertex.bound !== null && most >= vertex.bound.rate * (1 - 1e-9);
