import {
  createSimulatorServer,
  Simulation,
  steppedClock,
  worldNamed,
} from "../../../engine/simulated/index.ts";
import { Failure } from "../../../model/index.ts";
import { readOver, type StoppableTarget } from "./on-flink.ts";

/** The worlds that mirror the load job on a real Flink. */
export const loadJobWorlds = ["load-job-1.20", "load-job-2.3"] as const;

/** Starts the simulated Flink with the load job at 100 records/s; its time moves by `advance` only. */
export async function startSimulatedTarget(
  worldName: (typeof loadJobWorlds)[number],
  port: number,
  seed = 1,
): Promise<StoppableTarget & Required<Pick<StoppableTarget, "advance">>> {
  const world = worldNamed(worldName, { seed });
  // As on the real clusters of these tests (`test/real/flink/config.ts`).
  const cluster = { ...world.cluster, refreshIntervalMs: 300 };
  const simulation = new Simulation({ ...world, cluster });
  const job = simulation.jobs[0];
  if (job === undefined) throw new Failure("bad-config", `cannot ride ${worldName}: it has no job`);
  const setRate = (recordsPerSecond: number) => simulation.setLoad(job.plan.name, recordsPerSecond);
  setRate(100);
  const server = createSimulatorServer({ cluster: simulation, clock: steppedClock() });
  const restUrl = await server.listen(port);
  const vertices = Object.fromEntries(
    job.plan.vertices.map(({ name, id }) => [name.replace(/^Source: /, "").replace(/: Writer$/, ""), id]),
  );
  return {
    name: `simulated Flink ${cluster.flinkVersion}, seed ${seed}`,
    restUrl,
    vertices,
    setRate,
    ...readOver(restUrl, job.id, vertices["gen"] ?? ""),
    now: () => simulation.now(),
    advance: async (ms) => simulation.advanceTo(simulation.now() + ms),
    stop: () => server.close(),
  };
}
