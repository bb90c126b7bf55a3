import { describe, expect, it } from "vitest";
import { readWorld, type World } from "../../engine/simulated/index.ts";
import type { Parallelism, VertexId } from "../../model/index.ts";
import { jobCapacity, parallelismFor } from "./capacity.ts";
import type { BenchWorld, Contestant, ContestantFactory, ContestSetup, LoadCurve } from "./contest.ts";
import { createOutrider } from "./outrider.ts";
import { runContest } from "./run.ts";
import { score } from "./score.ts";

/** One source, one worker of 200 records/s per subtask. */
function worldOf(load: LoadCurve): World {
  const world = readWorld(
    `
cluster: {flinkVersion: 1.20.5, taskManagers: 4, slotsPerTaskManager: 4, metricsFetcherInterval: 2s, rescaleCooldown: 2s}
jobs:
  - name: small
    restart: {pause: 4s, start: 1s}
    vertices:
      gen: {cpuMs: 0.1, source: {partitions: 16, load: {points: [{rate: 1}]}}}
      work: {parallelism: 2, waitMs: 5, from: {gen: {ship: rebalance, recordBytes: 50}}}
`,
    { seed: 3 },
  );
  const jobs = world.jobs.map((job) => ({
    ...job,
    vertices: job.vertices.map((v) => (v.source === undefined ? v : { ...v, source: { ...v.source, load } })),
  }));
  return { ...world, jobs };
}

const steady = (rate: number): LoadCurve => ({
  rateAt: () => rate,
  arrivedBy: (ms) => (Math.max(0, ms) * rate) / 1_000,
});

/** From `from` to `to` records/s after so many seconds. */
const stepped = (from: number, to: number, second: number): LoadCurve => ({
  rateAt: (ms) => (ms < second * 1_000 ? from : to),
  arrivedBy: (ms) => (from * Math.min(ms, second * 1_000) + to * Math.max(0, ms - second * 1_000)) / 1_000,
});

function setupOf(load: LoadCurve, seconds: number): ContestSetup {
  const world = worldOf(load);
  const ids = world.jobs[0]?.vertices.map((v) => v.id) ?? [];
  const bench: BenchWorld = {
    name: "small",
    title: "small",
    fullRate: 2_000,
    maxParallelism: 16,
    share: Object.fromEntries(ids.map((id) => [id, 1])),
    world: worldOf,
    capacityOf: (vertex: VertexId, p: number) => (vertex === ids[0] ? 10_000 : 200) * p,
  };
  return {
    bench,
    world,
    load,
    durationMs: seconds * 1_000,
    seed: 3,
    history: null,
    minParallelism: 1,
    maxParallelism: 16,
    passMs: 2_050,
    lagObjectiveMs: 30_000,
  };
}

/** Asks for one size of every vertex from a second on. */
const asksFor =
  (p: number, second: number): ContestantFactory =>
  (setup): Contestant => ({
    name: "asks",
    passMs: setup.passMs,
    pass: ({ graph }, _cpu, now): Parallelism | undefined =>
      now - setup.world.epoch < second * 1_000
        ? undefined
        : Object.fromEntries(graph.vertices.map((v) => [v.id, p])),
  });

const noSteps = { allMs: [], upMs: [] };

describe("a run", () => {
  it("writes down a rescale: when it was asked for, when it came true, what it cost", async () => {
    const setup = setupOf(steady(300), 120);
    const trace = await runContest(setup, asksFor(6, 60));
    const [work] = Object.keys(trace.start).slice(1);
    expect(trace.moves).toHaveLength(1);
    expect(trace.moves[0]?.from[work ?? ""]).toBe(2);
    expect(trace.moves[0]?.to[work ?? ""]).toBe(6);
    expect(trace.askedMs).toEqual([61_500]);
    // Asked at 61.5 s; down until 66.5 s, on the slots of the new size from the moment when the old one stopped.
    expect([...trace.down].flatMap((d, s) => (d === 1 ? [s] : []))).toEqual([61, 62, 63, 64, 65]);
    expect([60, 61, 119].map((s) => trace.slots[s])).toEqual([2, 6, 6]);
    expect(trace.arrivals.reduce((a, b) => a + b, 0)).toBeCloseTo(36_000, 3);
    const { inObjective, slotHours, rescales, downSeconds } = score(trace, setup, noSteps);
    expect({ inObjective, rescales, downSeconds }).toEqual({ inObjective: 1, rescales: 1, downSeconds: 5 });
    expect(slotHours).toBeCloseTo((61 * 2 + 59 * 6) / 3_600, 9);
  });

  it("goes on where Flink refuses a wish, and counts it", async () => {
    const trace = await runContest(setupOf(steady(300), 20), asksFor(0, 10));
    expect(trace).toMatchObject({ moves: [], failures: 5, seconds: 20 });
  });

  it("under more load than it carries is late", async () => {
    const setup = setupOf(steady(800), 200);
    const trace = await runContest(setup, asksFor(2, 0));
    // Twice what it carries: what is read after t seconds arrived after t / 2.
    expect(score(trace, setup, noSteps).inObjective).toBeCloseTo(60 / 200, 1);
  });

  it("of Outrider is the same twice, and grows the job at a step", async () => {
    const setup = setupOf(stepped(200, 1_200, 60), 180);
    const [first, second] = [
      await runContest(setup, createOutrider),
      await runContest(setup, createOutrider),
    ];
    expect(first.moves).toEqual(second.moves);
    expect([...first.backlog]).toEqual([...second.backlog]);
    const last = first.moves.at(-1)?.to ?? {};
    expect(jobCapacity(setup.bench, setup.world)(last)).toBeGreaterThan(1_200);
    expect(score(first, setup, { allMs: [60_000], upMs: [60_000] }).firstDecisionSeconds).toBeLessThan(30);
  });
});

describe("what a size carries", () => {
  const { bench, world } = setupOf(steady(1), 1);
  const job = world.jobs[0];
  const ids = job?.vertices.map((v) => v.id) ?? [];
  const size = (gen: number, work: number): Parallelism => ({ [ids[0] ?? ""]: gen, [ids[1] ?? ""]: work });
  const withWork = (changes: { cap?: number; hotShare?: number }): Pick<World, "jobs"> => ({
    jobs: world.jobs.map((j) => ({
      ...j,
      vertices: j.vertices.map((v) => (v.id === ids[1] ? { ...v, cap: changes.cap } : v)),
      edges: j.edges.map((e) => ({ ...e, ship: "HASH" as const, hotShare: changes.hotShare ?? 0 })),
    })),
  });

  it.each<[string, Pick<World, "jobs">, Parallelism, number]>([
    ["is that of its narrowest vertex", world, size(1, 4), 800],
    ["is no more than an external cap", withWork({ cap: 500 }), size(1, 4), 500],
    ["ends where one key's subtask is full", withWork({ hotShare: 0.25 }), size(1, 5), 500],
  ])("%s", (_, jobs, parallelism, rate) => {
    expect(jobCapacity(bench, jobs)(parallelism)).toBeCloseTo(rate, 6);
  });

  it.each<[number, Parallelism]>([
    [10, size(1, 1)],
    [1_000, size(1, 5)],
    [1_001, size(1, 6)],
    [90_000, size(9, 16)],
  ])("the smallest for %s records/s is found", (rate, parallelism) => {
    expect(parallelismFor(bench, world, rate, 16)).toEqual(parallelism);
  });
});
