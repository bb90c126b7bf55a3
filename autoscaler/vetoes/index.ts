/** What else may speak against a rescale, one question a file; `guards.ts` puts them in order and names them. */
export { benefitBelowCost, type Worth } from "./benefit-below-cost.ts";
export { catchingUp } from "./catching-up.ts";
export { checkpointUnhealthy } from "./checkpoint-unhealthy.ts";
export { cpuStarved, type ProcessorRoom } from "./cpu-starved.ts";
export { memoryPressure } from "./memory-pressure.ts";
export { oscillationFrozen } from "./oscillation-frozen.ts";
export { restartLoop } from "./restart-loop.ts";
export { shortageBorne } from "./shortage-borne.ts";
export { sinkBound } from "./sink-bound.ts";
export { skewBound } from "./skew-bound.ts";
export { snapshotInProgress } from "./snapshot-in-progress.ts";
export { stabilizing } from "./stabilizing.ts";
