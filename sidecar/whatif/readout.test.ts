import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFlinkRest, createJobReader, type FlinkRest, type JobReader } from "../../engine/index.ts";
import {
  createSimulatorServer,
  readWorld,
  Simulation,
  type SimulatorServer,
  steppedClock,
} from "../../engine/simulated/index.ts";
import type { JobReadout, Milliseconds } from "../../model/index.ts";
import { createSimulatedReader, type SimulatedReader } from "./readout.ts";

const world = (flinkVersion: string) =>
  readWorld(
    `
cluster: {flinkVersion: ${flinkVersion}, taskManagers: 5, slotsPerTaskManager: 4, metricsFetcherInterval: 2s, rescaleCooldown: 2s}
jobs:
  - name: job
    checkpoints: {interval: 10s}
    restart: {pause: 3s}
    vertices:
      gen: {parallelism: 2, cpuMs: 0.1, noise: 0.1, source: {partitions: 7, load: {points: [{rate: 300}, {at: 60s, rate: 900}]}}}
      work: {parallelism: 3, waitMs: 4, noise: 0.1, from: {gen: {ship: hash, recordBytes: 60, hotShare: 0.2}}}
      out: {parallelism: 2, waitMs: 1, from: {work: {ship: rebalance, recordBytes: 40, selectivity: 0.5}}}
trouble:
  - {at: 150s, kind: metrics-missing, job: job, vertex: work, for: 8s}
`,
    { seed: 5 },
  );

describe.each(["1.20.5", "2.3.0"])("on Flink %s", (version) => {
  let overRest: Simulation;
  let direct: Simulation;
  let server: SimulatorServer | undefined;
  let rest: FlinkRest | undefined;
  let restReader: JobReader;
  let reader: SimulatedReader;

  beforeAll(async () => {
    overRest = new Simulation(world(version));
    direct = new Simulation(world(version));
    server = createSimulatorServer({
      cluster: overRest,
      clock: steppedClock(),
      trouble: overRest.world.trouble,
    });
    rest = createFlinkRest({ url: await server.listen(0) });
    restReader = createJobReader(rest, { now: () => overRest.now() });
    reader = createSimulatedReader(direct);
  });

  afterAll(async () => {
    await rest?.close();
    await server?.close();
  });

  it("the readout in process is what the same reader says over REST at the same moment", async () => {
    let compared = 0;
    for (let ms: Milliseconds = 0; ms <= 200_000; ms += 2_050) {
      for (const simulation of [overRest, direct]) step(simulation, ms);
      const id = direct.jobs[0]?.id ?? "";
      const [said, made] = [await restReader.readJob(id), await reader.readJob(id)];
      expect(comparable(made), `at ${ms} ms`).toEqual(comparable(said));
      compared += Object.values(made.vertices).some((v) => v.busyMs.kind === "value") ? 1 : 0;
    }
    expect(direct.jobs[0]?.rescales).toBe(2);
    expect(compared).toBeGreaterThan(70);
  });
});

function step(simulation: Simulation, ms: Milliseconds): void {
  simulation.advanceTo(simulation.epoch + ms);
  if (ms === 82_000) rescale(simulation, 6);
  if (ms === 123_000) rescale(simulation, 4);
}

function rescale(simulation: Simulation, upperBound: number): void {
  const job = simulation.jobs[0];
  if (job === undefined) return;
  const wish = Object.fromEntries(job.vertices.map((v) => [v.id, { lowerBound: 1, upperBound }]));
  simulation.putRequirements(job.id, wish);
}

/** Without names that Flink makes up, and the machines' sawtooth: those are read as they are now. */
function comparable({ graph, pressure: _, checkpoints, ...rest }: JobReadout) {
  return {
    ...rest,
    edges: graph.edges,
    vertices: Object.fromEntries(
      graph.vertices.map((v) => [v.id, { ...rest.vertices[v.id], parallelism: v.parallelism }]),
    ),
    checkpoints,
  };
}
