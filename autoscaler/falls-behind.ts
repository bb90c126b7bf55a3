import type { ScaleInputs } from "../model/index.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { sourceArrival } from "./sizing.ts";

/**
 * Whether there is lag, not only the expectation of it: the backlog stands for more than the lag objective, or more
 * arrives at a vertex than it can do. What is missing does not count as lag.
 */
export function fallsBehind(inputs: ScaleInputs, config: Pick<AutoscalerConfig, "lagObjectiveMs">): boolean {
  if (Object.values(inputs.vertices).some((v) => v.utilization !== null && v.utilization > 1)) return true;
  const { backlog } = inputs;
  if (backlog === null || backlog <= 0) return false;
  // With nothing arriving any backlog is older than the objective sooner or later.
  return backlog * 1_000 > config.lagObjectiveMs * sourceArrival(inputs);
}
