import type { Instant, Observation } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { flinkPolicy } from "./policy.ts";
import { observedReadout } from "./readings.ts";
import { type FlinkState, NEW_FLINK_STATE } from "./state.ts";

/**
 * What one more observation makes of the policy's memory; the decision is in `last`. A rescale counts when the job runs
 * with it, so a job in mode `observe` is not remembered as one that was rescaled. `before` undefined: a new job.
 */
export function learnFlink(
  before: FlinkState | undefined,
  observation: Observation,
  options: FlinkOptions,
  now: Instant,
): FlinkState {
  const state = { ...NEW_FLINK_STATE, ...before };
  const { totals, readout } = observedReadout(state.totals, observation);
  const stepped = flinkPolicy(options, { counts: "realized" }).step(state, readout, now);
  return { ...stepped.state, totals, last: stepped.decision };
}
