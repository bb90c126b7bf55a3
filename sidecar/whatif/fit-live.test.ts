import { describe, expect, it } from "vitest";
import { type Baseline, collect } from "../../collector/index.ts";
import { readWorld, Simulation } from "../../engine/simulated/index.ts";
import type { Observation } from "../../model/index.ts";
import { aJob } from "../http/fake-process.ts";
import type { HttpDeps } from "../http/route.ts";
import { simulationRoutes } from "../http/routes/simulations.ts";
import { openStore } from "../store/sqlite.ts";
import { fitLive } from "./fit-live.ts";
import { createSimulatedReader } from "./readout.ts";

const KEY = "prod/default/orders";
/** 600 orders/s of 3 lines each; 2 subtasks of 1,250 lines/s. */
const WORLD = `
cluster: {flinkVersion: 1.20.5, taskManagers: 2, slotsPerTaskManager: 4, metricsFetcherInterval: 2s}
jobs:
  - name: orders
    checkpoints: {interval: 10s}
    vertices:
      orders: {cpuMs: 0.2, source: {partitions: 8, load: {points: [{rate: 600}]}}}
      lines: {parallelism: 2, waitMs: 0.8, from: {orders: {ship: hash, recordBytes: 50, selectivity: 3}}}
`;

/** What two minutes of looking at the job taught. */
async function observed(): Promise<{ job: ReturnType<typeof aJob>; deps: HttpDeps }> {
  const simulation = new Simulation(readWorld(WORLD, { seed: 5 }));
  const reader = createSimulatedReader(simulation);
  const id = simulation.jobs[0]?.id ?? "";
  const observations: Observation[] = [];
  let baseline: Baseline | undefined;
  for (let s = 2; s <= 120; s += 2) {
    simulation.advanceTo(simulation.epoch + s * 1_000);
    const seen = collect(baseline, await reader.readJob(id), KEY);
    baseline = seen.baseline;
    observations.push(seen.observation);
  }
  const job = aJob(KEY);
  const store = openStore({ path: ":memory:", keepMs: 1e12, maxRows: 1e6 });
  const fleet = { job: () => job, jobs: () => [job], observations: () => observations };
  return { job, deps: { fleet, store, now: () => simulation.now() } as unknown as HttpDeps };
}

async function answer(deps: HttpDeps, id: string, body: unknown): Promise<unknown> {
  const route = simulationRoutes.find((r) => r.id === id);
  const caller = { name: "test", role: "viewer" as const };
  const reply = await route?.handle({ params: { key: KEY }, query: {}, body, caller }, deps);
  return route?.reply.parse(reply);
}

describe("a job that is observed", () => {
  it("is fitted by what was seen of it", async () => {
    const { job, deps } = await observed();
    const { fitted } = fitLive(deps, job, deps.now());
    const [orders, lines] = fitted.vertices;
    expect(fitted.rate).toBeCloseTo(600, -1);
    expect(fitted.slots).toBe(8);
    expect(fitted.checkpointIntervalMs).toBe(10_000);
    expect(orders).toMatchObject({ name: "Source: orders", source: true, share: 1 });
    expect(lines?.share).toBeCloseTo(3, 1);
    expect(Math.abs((lines?.capacity.find(([p]) => p === 2)?.[1] ?? 0) / 2_500 - 1)).toBeLessThan(0.05);
    expect(fitted.edges[0]?.selectivity).toBeCloseTo(3, 1);
  });

  it("is simulated by the API, in the shape that the document promises", async () => {
    const { deps } = await observed();
    expect(await answer(deps, "getFit", undefined)).toMatchObject({ job: KEY, slots: 8 });
    const reply = await answer(deps, "simulateJob", { parallelism: { lines: 4 }, loadFactor: 2, minutes: 3 });
    expect(reply).toMatchObject({
      minutes: 3,
      courses: [
        { name: "without", rescales: 0, slotsAfter: 2 },
        { name: "with", rescales: 1, slotsAfter: 4, parallelism: { "Source: orders": 1, lines: 4 } },
      ],
    });
    expect(reply).toHaveProperty("sentence", expect.stringMatching(/^With lines 4, with 2 times the load/));
  });

  it("is simulated once at a time", async () => {
    const { deps } = await observed();
    const first = answer(deps, "simulateJob", { loadFactor: 1, minutes: 1 });
    await expect(answer(deps, "simulateJob", { loadFactor: 1 })).rejects.toMatchObject({ code: "throttled" });
    await first;
    await expect(answer(deps, "simulateJob", { loadFactor: 1, minutes: 1 })).resolves.toBeDefined();
  });
});
