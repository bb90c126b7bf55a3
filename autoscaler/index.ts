/**
 * Window → decision. `scale` estimates arrival, cost and capacity, proposes a parallelism per vertex, asks the
 * guards and returns one record that says why; `decide` computes the same again from a record's own numbers.
 * Pure: no clock, no I/O; missing numbers end in `hold: metric-missing`.
 */
export { BUDGET_WINDOW_MS, overBudget } from "./budget.ts";
export { calendarAt, excludedAt } from "./calendar/calendar-at.ts";
export { decide, type Subject, scale } from "./decide.ts";
export { overrideAutoscaler } from "./favour.ts";
export {
  type FlinkLearned,
  type FlinkState,
  flinkNotes,
  flinkPolicy,
  flinkReadout,
  learnedOf,
  learnFlink,
  NEW_FLINK_STATE,
  parseFlinkOptions,
} from "./flink/index.ts";
export { learn } from "./learn.ts";
export { LOAD_STEP_MS, learnedFrom } from "./learn-load.ts";
export { learnedPauseMs, learnRescale } from "./learn-rescale.ts";
export {
  type CapacityPoint,
  type Learned,
  type LoadSeries,
  NOTHING_LEARNED,
  type OpenStep,
} from "./learned.ts";
export { newestThat } from "./newest-readings.ts";
export type { Actuator } from "./ports.ts";
export { SCALE_REASONS, type ScaleReason } from "./reasons.ts";
export {
  type AutoscalerConfig,
  type AutoscalerSettings,
  autoscalerSettings,
  compileAutoscalerSettings,
} from "./settings.ts";
export { type SlotClaim, shareSlots } from "./share-slots.ts";
export { type History, NO_HISTORY, patienceOf, summarize } from "./summarize.ts";
