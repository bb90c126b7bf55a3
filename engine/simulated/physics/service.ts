import type { VertexPlan } from "../world.ts";
import { capacityAt } from "./capacity.ts";
import { noiseFactor, type Random } from "./random.ts";

/** What one record costs a subtask in one attempt, before the noise of the second and of the subtask. */
export interface Service {
  /** Core milliseconds. */
  readonly cpuMs: number;
  /** Milliseconds of waiting. */
  readonly waitMs: number;
}

/** Draws from `random` only where the plan asks for chance. */
export function serviceOf(plan: VertexPlan, parallelism: number, random: Random): Service {
  const factor = attemptFactor(plan, random);
  const { cpuMs, waitMs } = plan;
  if (plan.capacity === undefined) return { cpuMs: cpuMs * factor, waitMs: waitMs * factor };
  const costMs = (parallelism / capacityAt(plan.capacity, parallelism)) * 1_000 * factor;
  const cpuShare = cpuMs + waitMs > 0 ? cpuMs / (cpuMs + waitMs) : 1;
  return { cpuMs: costMs * cpuShare, waitMs: costMs * (1 - cpuShare) };
}

/** How much more than it should a record costs in this attempt: repeats of the same run differ. */
function attemptFactor({ attemptNoise = 0, collapse }: VertexPlan, random: Random): number {
  const spread = 1 / noiseFactor(random, attemptNoise);
  return collapse !== undefined && random.next() < collapse.chance ? spread / collapse.to : spread;
}
