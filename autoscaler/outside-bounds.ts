import type { Milliseconds, PastRescale, VertexBound, VertexId, Window } from "../model/index.ts";
import { newestStretch, vertexStretch } from "./stretch.ts";

/** What was measured a day ago is tried again; what was measured only once, by one attempt, after an hour. */
const FORGET_MS: Milliseconds = 86_400_000;
const FORGET_ONCE_MS: Milliseconds = 3_600_000;
/** A vertex that reads this much more than its bound has outgrown it. */
const OUTGROWN = 1.1;
const STRETCH_MS: Milliseconds = 20_000;

type Bounds = Readonly<Record<VertexId, VertexBound>>;

/**
 * Bounds that still hold: those known, without the ones that are too old (an hour; a day, where two of `rescales` found
 * the same), of vertices that are gone, or below what their vertex reads now by more than 10 %; then the new ones.
 */
export function boundsAfter(
  known: Bounds,
  found: Bounds,
  window: Window,
  rescales: readonly PastRescale[],
): Bounds {
  const newest = window.observations.at(-1);
  const stretch = newestStretch(window.observations, STRETCH_MS);
  const holds = ([id, bound]: [VertexId, VertexBound]): boolean => {
    if (window.to - bound.at >= (timesFound(id, rescales) > 1 ? FORGET_MS : FORGET_ONCE_MS)) return false;
    if (newest !== undefined && !newest.graph.vertices.some((v) => v.id === id)) return false;
    const now = vertexStretch(stretch, id);
    return now === undefined || now.rate <= OUTGROWN * bound.rate;
  };
  return Object.fromEntries([...Object.entries(known).filter(holds), ...Object.entries(found)]);
}

const timesFound = (id: VertexId, rescales: readonly PastRescale[]): number =>
  rescales.filter((r) => r.effect === "no-effect" && (r.to[id] ?? 0) > (r.from[id] ?? 0)).length;
