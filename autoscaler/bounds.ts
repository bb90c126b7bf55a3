import type { CalendarState, VertexId, VertexInputs } from "../model/index.ts";
import { type Bounds, capOf } from "./align.ts";
import { plannedFor } from "./calendar/calendar-at.ts";
import type { AutoscalerConfig } from "./settings.ts";

const ownOf = (config: AutoscalerConfig, id: VertexId, vertex: VertexInputs) =>
  config.vertices[id] ?? config.vertices[vertex.name];

/**
 * Bounds of a vertex: settings, then the calendar's floors and ceilings, then what Flink allows. A floor lifts the
 * lower bound, a ceiling cuts the upper one; where they contradict each other the ceiling rules.
 */
export function boundsOf(
  config: AutoscalerConfig,
  id: VertexId,
  vertex: VertexInputs,
  calendar: CalendarState | null = null,
): Bounds {
  const own = ownOf(config, id, vertex);
  const floor = plannedFor(calendar?.floors ?? {}, id, vertex.name) ?? 0;
  const ceiling = plannedFor(calendar?.ceilings ?? {}, id, vertex.name) ?? Number.POSITIVE_INFINITY;
  const min = own?.min ?? config.minParallelism;
  const max = Math.max(min, own?.max ?? config.maxParallelism);
  const upper = Math.max(1, Math.min(max, ceiling));
  return capOf(vertex, { min: Math.min(Math.max(min, floor), upper), max: upper });
}

export const isExcluded = (config: AutoscalerConfig, id: VertexId, vertex: VertexInputs): boolean =>
  ownOf(config, id, vertex)?.exclude === true;
