import type { Parallelism, ScaleInputs, VertexId, VertexInputs } from "../model/index.ts";
import { type Bounds, nextUseful, smallestSufficient } from "./align.ts";
import { boundsOf, isExcluded } from "./bounds.ts";
import { type Curve, curveOf } from "./capacity.ts";
import { tied, tiesOf } from "./forward-ties.ts";
import { halving } from "./halving.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { usefulMost } from "./skew-limit.ts";

/** A vertex with what it may have, looked up once. */
export interface Bounded {
  readonly id: VertexId;
  readonly vertex: VertexInputs;
  readonly bounds: Bounds;
  readonly excluded: boolean;
}

/** A vertex with what a sizing needs of it, looked up once. */
export interface Sized extends Bounded {
  /** Null: unknown. */
  readonly curve: Curve | null;
  /** The parallelism within bounds that a rate takes when it is dealt out evenly. */
  readonly leastEven: (rate: number) => number;
  /** Records per second that it carries at its upper bound. */
  readonly best: number;
}

/** Parallelism of every vertex, in the order of the vertices. */
export type Sizes = readonly number[];

/** A vertex that the parallelism does not name keeps what it has. */
const sizesIn = (vertices: readonly Pick<Sized, "id" | "vertex">[], parallelism: Parallelism): Sizes =>
  vertices.map(({ id, vertex }) => parallelism[id] ?? vertex.parallelism);

/** Values in the order of the vertices, by their ids. */
export const byId = (
  vertices: readonly Pick<Sized, "id">[],
  values: readonly number[],
): Record<VertexId, number> => Object.fromEntries(vertices.map(({ id }, i) => [id, values[i] ?? 1]));

/** All vertices with their bounds by the settings, the calendar and what is of use to them. */
export function boundedVertices(inputs: ScaleInputs, config: AutoscalerConfig): readonly Bounded[] {
  return Object.entries(inputs.vertices).map(([id, vertex]) => {
    const { min, max } = boundsOf(config, id, vertex, inputs.calendar);
    const bounds = { min, max: Math.max(min, usefulMost(vertex, max)) };
    return { id, vertex, bounds, excluded: isExcluded(config, id, vertex) };
  });
}

/** The same with what each carries. */
export function sizedVertices(inputs: ScaleInputs, config: AutoscalerConfig): readonly Sized[] {
  return boundedVertices(inputs, config).map((one) => {
    const { min, max } = one.bounds;
    const curve = curveOf(one.vertex);
    if (curve === null) return { ...one, curve, leastEven: () => min, best: 0 };
    const sized = { ...one, curve, leastEven: halving(curve.even, min, max), best: curve.carries(max) };
    const least = leastForSurges(sized);
    if (least <= min) return sized;
    return { ...sized, bounds: { min: least, max }, leastEven: halving(curve.even, least, max) };
  });
}

/** What the surges of a vertex take is not given back, but no more than it has is asked for them. */
function leastForSurges(sized: Sized): number {
  const { surge, parallelism } = sized.vertex;
  if (surge === null || surge === undefined) return 0;
  return Math.min(parallelism, sized.bounds.max, parallelismFor(sized, surge, 1));
}

/** Records per second that arrive at all sources together. */
export function sourceArrival(inputs: ScaleInputs): number {
  let sum = 0;
  for (const v of Object.values(inputs.vertices)) if (v.source) sum += v.arrivalRate ?? 0;
  return sum;
}

/** Subtasks that what arrives keeps busy, all vertices together: arrival × cost; `undefined` where a number is missing. */
export function workOf(inputs: ScaleInputs): number | undefined {
  let busy = 0;
  for (const { arrivalRate, costMs } of Object.values(inputs.vertices)) {
    if (arrivalRate === null || costMs === null) return undefined;
    busy += (arrivalRate * costMs) / 1_000;
  }
  return busy;
}

/**
 * The smallest parallelism with which a vertex carries `rate` records/s while its hottest subtask is busy for
 * `share` of its time. Without a known capacity it stays as it is. Bound by the outside, it gets what that takes.
 */
export function parallelismFor(
  { vertex, bounds, curve, leastEven, best }: Sized,
  rate: number,
  share: number,
): number {
  if (curve === null) return vertex.bound === null ? vertex.parallelism : vertex.bound.parallelism;
  const wanted = vertex.bound === null ? rate / share : Math.min(rate / share, vertex.bound.rate);
  if (wanted <= 0) return bounds.min;
  return smallestSufficient(curve.carries, wanted, bounds, {
    // Even dealt out evenly it needs this many.
    from: leastEven(wanted),
    best,
    next: (p) => nextUseful(vertex, p),
  });
}

/**
 * Parallelism of every vertex for loads `factors` times the present one, at `share` of capacity; excluded vertices
 * stay. FORWARD edges tie their ends: they get the larger of their needs, within the smaller of their bounds.
 */
export function sizesAt(
  vertices: readonly Sized[],
  factors: readonly number[],
  share: number,
): readonly Sizes[] {
  const ties = tiesOf(vertices);
  const most = mostOf(vertices, () => 1);
  // Vertex by vertex: what was found out of one curve is at hand for its next load.
  const needs = vertices.map((one) =>
    factors.map((factor) =>
      one.excluded
        ? one.vertex.parallelism
        : parallelismFor(one, (one.vertex.arrivalRate ?? 0) * factor, share),
    ),
  );
  return factors.map((_, k) =>
    tied(
      ties,
      needs.map((of) => of[k] ?? 1),
      most,
    ),
  );
}

/** What each vertex may have: its upper bound, or `leastOf` it where that is more; excluded vertices what they have. */
const mostOf = (vertices: readonly Bounded[], leastOf: (one: Bounded) => number): Sizes =>
  vertices.map((one) => (one.excluded ? one.vertex.parallelism : Math.max(one.bounds.max, leastOf(one))));

/** Wishes cut to what each may have (`leastOf` it in any case), both ends of FORWARD edges alike. */
export const allowed = (
  vertices: readonly Bounded[],
  wanted: Sizes,
  leastOf: (one: Bounded) => number,
): Sizes => tied(tiesOf(vertices), wanted, mostOf(vertices, leastOf));

/** Slots that sizes need: per sharing group the largest one, summed. */
export function slotsOfSizes(vertices: readonly Pick<Sized, "vertex">[], sizes: Sizes): number {
  const groups = new Map<string, number>();
  for (const [i, { vertex }] of vertices.entries()) {
    const p = sizes[i] ?? vertex.parallelism;
    if (p > (groups.get(vertex.slotSharingGroup) ?? 0)) groups.set(vertex.slotSharingGroup, p);
  }
  let sum = 0;
  for (const p of groups.values()) sum += p;
  return sum;
}

/** The same of a parallelism. */
export const slotsFor = (
  vertices: readonly Pick<Sized, "id" | "vertex">[],
  parallelism: Parallelism,
): number => slotsOfSizes(vertices, sizesIn(vertices, parallelism));

/** The same of a decision's inputs; a vertex that is not named keeps what it has. */
export const slotsOf = (inputs: ScaleInputs, parallelism: Parallelism = {}): number =>
  slotsFor(
    Object.entries(inputs.vertices).map(([id, vertex]) => ({ id, vertex })),
    parallelism,
  );

/** The load factor that sizes carry at `share` of capacity: the least over vertices. Infinity when idle. */
export function factorOfSizes(vertices: readonly Sized[], sizes: Sizes, share: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { vertex, curve }] of vertices.entries()) {
    const rate = vertex.arrivalRate ?? 0;
    const most = curve?.carries(sizes[i] ?? vertex.parallelism) ?? null;
    // What the outside bounds limits the job whatever its parallelism: it says nothing about sizes.
    if (rate <= 0 || most === null || isAtBound(vertex, most)) continue;
    least = Math.min(least, (most * share) / rate);
  }
  return least;
}

/** The same of a parallelism. */
export const carriedFactor = (vertices: readonly Sized[], parallelism: Parallelism, share: number): number =>
  factorOfSizes(vertices, sizesIn(vertices, parallelism), share);

const isAtBound = (vertex: VertexInputs, most: number): boolean =>
  vertex.bound !== null && most >= vertex.bound.rate * (1 - 1e-9);
