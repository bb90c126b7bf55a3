/**
 * A simulated Flink cluster: deterministic, seeded, in virtual time, with physics from which back-pressure, skew,
 * replay and lying gauges follow, and with Flink's own protocols in front of it. What is decided on it must hold on
 * Flink, so it knows nothing of Outrider.
 *
 * A `World` goes into a `Simulation`; the server answers for it as Flink would.
 */

export { type RealTimeOptions, realTimeClock, type SimulationClock, steppedClock } from "./clock.ts";
export { Simulation } from "./cluster.ts";
export { TICK_MS } from "./physics/grid.ts";
export type { JobProgress } from "./progress.ts";
export { createSimulatorServer, type SimulatorServer } from "./rest/server.ts";
export type { ClusterView, JobView, SimulatedCluster, SubtaskView, VertexView } from "./view.ts";
export { Refused } from "./view.ts";
export type { StoragePlan, Trouble, World } from "./world.ts";
export { type ReadWorldOptions, readWorld } from "./world-file.ts";
export { worldReference } from "./world-reference.ts";
export { worldNamed, worldNames } from "./worlds.ts";
