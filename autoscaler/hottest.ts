import type { Milliseconds, Observation, VertexId, VertexObservation } from "../model/index.ts";

/** A hot key stays hot for longer than this; what was seen before may have been another one. */
const FRESH_MS: Milliseconds = 60_000;

/**
 * The hottest subtask of a vertex as seen last in the present attempt, at most a minute ago: polls between two
 * refreshes of Flink's counters tell nothing, which does not make the records spread evenly. `undefined`: not assessed.
 */
export function hottestSeen(
  observations: readonly Observation[],
  vertex: VertexId,
): VertexObservation["hottest"] {
  const newest = observations.at(-1);
  for (let i = observations.length - 1; i >= 0; i--) {
    const o = observations[i];
    if (
      newest === undefined ||
      o === undefined ||
      o.runningSince !== newest.runningSince ||
      newest.at - o.at > FRESH_MS
    )
      break;
    const hottest = o.vertices[vertex]?.hottest;
    if (hottest !== undefined) return hottest;
  }
  return undefined;
}
