import type { GuardResult, Parallelism, ScaleInputs, VertexId } from "../model/index.ts";
import { hottestShare } from "./align.ts";
import { spread, tiesOf } from "./forward-ties.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { type Bounded, boundedVertices, byId } from "./sizing.ts";

/** More changes than this are counted, not told one by one. */
const MOST_TOLD = 3;

/** A proposal under the hands of those who may change it. */
export interface Draft {
  readonly inputs: ScaleInputs;
  readonly config: AutoscalerConfig;
  readonly vertices: readonly Bounded[];
  /** Vertices that may change: those that are excluded, and what FORWARD edges tie to them, may not. */
  readonly movable: readonly Bounded[];
}

/** Lays out a proposal's vertices; the calendar is left out of their bounds, because it is a voice of its own. */
export function draftOf(inputs: ScaleInputs, config: AutoscalerConfig): Draft {
  const vertices = boundedVertices({ ...inputs, calendar: null }, config);
  const excluded = vertices.map((one) => (one.excluded ? 1 : 0));
  const fixed = spread(tiesOf(vertices), excluded, Math.max);
  return { inputs, config, vertices, movable: vertices.filter((_, i) => fixed[i] === 0) };
}

/** One bound per vertex that may change; null: none. */
export type BoundOf = (one: Bounded) => number | null;

/** At least `boundOf` each; what FORWARD edges tie together gets the largest of their bounds. */
export function raise({ movable }: Draft, proposal: Parallelism, boundOf: BoundOf): Parallelism {
  const bounds = movable.map((one) => boundOf(one) ?? 0);
  const least = byId(movable, spread(tiesOf(movable), bounds, Math.max));
  return mapValues(proposal, (p, id) => Math.max(p, least[id] ?? p));
}

/**
 * At most `boundOf` each; what FORWARD edges tie together gets the smallest of their bounds. A value that carries no
 * more than a smaller one is not taken: of 6 partitions 5 subtasks read as slowly as 3. Nothing falls below what it
 * has only for that.
 */
export function cut(draft: Draft, proposal: Parallelism, boundOf: BoundOf): Parallelism {
  const { movable } = draft;
  const bounds = movable.map((one) => boundOf(one) ?? Number.POSITIVE_INFINITY);
  const most = byId(movable, spread(tiesOf(movable), bounds, Math.min));
  const tied = new Set(
    movable.flatMap(({ id, vertex }) =>
      vertex.forwardInputs.length > 0 ? [id, ...vertex.forwardInputs] : [],
    ),
  );
  const cuts = movable.filter(({ id }) => (proposal[id] ?? 0) > (most[id] ?? Number.POSITIVE_INFINITY));
  const result: Record<VertexId, number> = { ...proposal };
  for (const sized of cuts) {
    const bound = Math.max(1, most[sized.id] ?? 1);
    result[sized.id] = tied.has(sized.id) ? bound : useful(sized, bound);
  }
  return result;
}

/** The smallest parallelism that deals out the load as well as `p`, not below what runs now. */
function useful({ vertex }: Bounded, p: number): number {
  const share = hottestShare(vertex, p);
  let least = p;
  const lowest = Math.min(p, vertex.parallelism);
  while (least > lowest && hottestShare(vertex, least - 1) <= share) least -= 1;
  return least;
}

const mapValues = (proposal: Parallelism, f: (p: number, id: VertexId) => number): Parallelism =>
  Object.fromEntries(Object.entries(proposal).map(([id, p]) => [id, f(p, id)]));

/** What was made of a proposal, as the record tells it; null where nothing changed. */
export function amendment(
  name: string,
  why: string,
  { inputs }: Draft,
  before: Parallelism,
  after: Parallelism,
): GuardResult | null {
  const changed = Object.entries(inputs.vertices).filter(([id]) => before[id] !== after[id]);
  if (changed.length === 0) return null;
  const numbers: Record<string, number> = {};
  const told = changed.slice(0, MOST_TOLD).map(([id, v]) => {
    numbers[v.name] = after[id] ?? v.parallelism;
    numbers[`${v.name} asked`] = before[id] ?? v.parallelism;
    return `${v.name} ${after[id]} instead of ${before[id]}`;
  });
  const others = changed.length - told.length;
  if (others > 0) {
    numbers["others"] = others;
    told.push(`${others} more`);
  }
  return { name, verdict: "amend", sentence: `${why}: ${told.join(", ")}`, numbers };
}
