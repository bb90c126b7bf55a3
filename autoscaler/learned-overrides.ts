import type { Milliseconds, VertexId, VertexInputs } from "../model/index.ts";
import type { AutoscalerConfig } from "./settings.ts";

/** Pause of a rescale: what people say, else what was measured on this job, else the assumption. */
export function restartPauseOf(measured: Milliseconds | null, config: AutoscalerConfig): Milliseconds {
  return config.learned.restartPauseMs ?? measured ?? config.restartPauseMs;
}

/**
 * A vertex with the cost per record that people say it has, in place of the measured one, and what follows from it:
 * capacity and utilisation. Example: 4 subtasks at 2 ms a record do 2,000 records/s.
 */
export function withOwnCost(id: VertexId, vertex: VertexInputs, config: AutoscalerConfig): VertexInputs {
  const own = config.learned.costMs;
  const key = [id, vertex.name].find((k) => Object.hasOwn(own, k));
  const costMs = key === undefined ? undefined : own[key];
  if (costMs === undefined) return vertex;
  const capacity = (vertex.parallelism * 1_000) / costMs;
  const utilization = vertex.arrivalRate === null ? null : vertex.arrivalRate / capacity;
  return { ...vertex, costMs, capacity, utilization };
}
