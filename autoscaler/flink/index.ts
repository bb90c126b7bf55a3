/**
 * Policy `flink`: the decisions of the Apache Flink autoscaler from the same `job.autoscaler.*` keys. `flinkPolicy` is
 * the algorithm, `learnFlink` rides it along a job's observations, `flinkAnswer` puts its decision into our records.
 * Pure, like the folder around it.
 */
export { checkFlinkOptions, type OptionProblem, trapsOf } from "./check-options.ts";
export { type FlinkAnswer, flinkAnswer } from "./decision.ts";
export { DEFAULT_FLINK_OPTIONS, type FlinkOptions } from "./flink-options.ts";
export type { KeyVerdict } from "./key-verdict.ts";
export { learnFlink } from "./learn.ts";
export { FLINK_OPTIONS, LEGACY_PREFIX, OPTION_NAMES, type OptionName, PREFIX, specOf } from "./options.ts";
export { requirementsToPut } from "./overrides.ts";
export type { FlinkLimits } from "./own-guards.ts";
export { type FlinkPolicy, type FlinkStep, type FlinkSurroundings, flinkPolicy } from "./policy.ts";
export {
  compilePolicy,
  POLICIES,
  type PolicyConfig,
  type PolicyName,
  policyShape,
} from "./policy-settings.ts";
export { type FlinkSettings, parseFlinkOptions } from "./read-options.ts";
export { flinkReadout, observedReadout } from "./readings.ts";
export type { FlinkReadout, FlinkVertexReading } from "./sample-of.ts";
export { compileFlinkSettings, type FlinkConfig, flinkNotes, flinkSettingsProblems } from "./settings.ts";
export { type FlinkLearned, learnedOf } from "./shown.ts";
export { type FlinkDecision, type FlinkOutcome, type FlinkState, NEW_FLINK_STATE } from "./state.ts";
