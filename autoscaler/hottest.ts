import type { Milliseconds, Observation, VertexId, VertexObservation } from "../model/index.ts";
import { newestThat } from "./newest-readings.ts";

/** A hot key stays hot for longer than this; what was seen before may have been another one. */
const FRESH_MS: Milliseconds = 60_000;

/**
 * The hottest subtask of a vertex as seen last in the present attempt, at most a minute ago: polls between two
 * refreshes of Flink's counters tell nothing, which does not make the records spread evenly. `undefined`: not assessed.
 */
export const hottestSeen = (
  observations: readonly Observation[],
  vertex: VertexId,
): VertexObservation["hottest"] =>
  newestThat((o) => o.vertices[vertex]?.hottest !== undefined, observations, FRESH_MS)?.vertices[vertex]
    ?.hottest;
