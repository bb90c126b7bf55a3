/**
 * A simulated Flink cluster: deterministic, seeded, in virtual time, with physics from which back-pressure, skew,
 * replay and lying gauges follow, and with Flink's own protocols in front of it. What is decided on it must hold on
 * Flink, so it knows nothing of Outrider.
 *
 * A `World` goes into a `Simulation`; the server answers for it as Flink would.
 */

export { type RealTimeOptions, realTimeClock, type SimulationClock, steppedClock } from "./clock.ts";
export { Simulation } from "./cluster.ts";
export { hexId } from "./ids.ts";
export { sharesOfLoad } from "./job-figures.ts";
export { type MachinePressure, machinePressure } from "./metrics/machine-metrics.ts";
export { capacityAt } from "./physics/capacity.ts";
export { sharesOf } from "./physics/edge-run.ts";
export { TICK_MS, TICKS_MS } from "./physics/grid.ts";
export type { JobRun } from "./physics/job-run.ts";
export { restartPauseMs } from "./physics/restart-pause.ts";
export type { VertexRun } from "./physics/vertex-run.ts";
export type { JobProgress } from "./progress.ts";
export { createSimulatorServer, type SimulatorServer } from "./rest/server.ts";
export type { ClusterView, JobView, SimulatedCluster, SubtaskView, VertexView } from "./view.ts";
export { Refused } from "./view.ts";
export type {
  BusyDemandPlan,
  CapacityPoint,
  ClusterPlan,
  EdgePlan,
  JobPlan,
  LoadCurve,
  Requirements,
  SourcePlan,
  StoragePlan,
  Trouble,
  VertexPlan,
  World,
} from "./world.ts";
export { type ReadWorldOptions, readWorld } from "./world-file.ts";
export { worldReference } from "./world-reference.ts";
export { worldNamed, worldNames } from "./worlds.ts";
