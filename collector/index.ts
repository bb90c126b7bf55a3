/**
 * Readings → meaning. `collect` turns one readout of a job into an observation (rates, cost per record and
 * records in flight from counter differences by the task's own clock); `extend` keeps a bounded window of them.
 * Pure: what was read, and what was read before, come in; values go out.
 */
export { type Baseline, type Collected, checkpointAge, collect } from "./collect.ts";
export { parseExposition } from "./exposition.ts";
export type { JobReader } from "./ports.ts";
export { extend } from "./window.ts";
