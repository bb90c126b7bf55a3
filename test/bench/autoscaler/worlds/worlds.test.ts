import { describe, expect, it } from "vitest";
import { Simulation, type VertexPlan, type World } from "../../../../engine/simulated/index.ts";
import type { VertexId } from "../../../../model/index.ts";
import type { BenchWorld, LoadCurve } from "../../../../sidecar/whatif/contest.ts";
import { benchWorldNamed, benchWorlds } from "./index.ts";

const steady = (rate: number): LoadCurve => ({
  rateAt: () => rate,
  arrivedBy: (ms) => (Math.max(0, ms) * rate) / 1_000,
});

/** The world without chance: capacities are those that were published. */
function withoutChance(world: World): World {
  const calm = (v: VertexPlan): VertexPlan => ({
    ...v,
    noise: 0,
    attemptNoise: undefined,
    collapse: undefined,
  });
  return { ...world, jobs: world.jobs.map((job) => ({ ...job, vertices: job.vertices.map(calm) })) };
}

/** How much of what arrives is left over while one vertex has few subtasks and all others have all. */
function leftOver(bench: BenchWorld, vertex: VertexId, parallelism: number, rate: number): number {
  const all = Object.fromEntries(Object.keys(bench.share).map((id) => [id, bench.maxParallelism]));
  const world = bench.world(steady(rate), { seed: 1, parallelism: { ...all, [vertex]: parallelism } });
  const simulation = new Simulation(withoutChance(world));
  simulation.advanceTo(world.epoch + 60_000);
  const before = simulation.backlog(bench.name);
  simulation.advanceTo(world.epoch + 180_000);
  return (simulation.backlog(bench.name) - before) / (120 * simulation.arrivalRate(bench.name));
}

const limitOf = (bench: BenchWorld, vertex: VertexId, parallelism: number): number =>
  bench.capacityOf(vertex, parallelism) / (bench.share[vertex] ?? 0);

/** Vertices that bound the job at that parallelism when all others have their maximum. */
function boundsAt(bench: BenchWorld, parallelism: number): readonly (readonly [string, VertexId])[] {
  const ids = Object.keys(bench.share);
  const names = new Map(bench.world(steady(0), { seed: 1 }).jobs[0]?.vertices.map((v) => [v.id, v.name]));
  return ids
    .filter((id) => {
      const others = ids.filter((o) => o !== id).map((o) => limitOf(bench, o, bench.maxParallelism));
      return limitOf(bench, id, parallelism) < 0.9 * Math.min(...others);
    })
    .map((id) => [names.get(id) ?? id, id] as const);
}

const cases = benchWorlds.flatMap((bench) =>
  [3, 20].flatMap((parallelism) =>
    boundsAt(bench, parallelism).map(([name, vertex]) => ({
      world: bench.name,
      bench,
      name,
      vertex,
      parallelism,
    })),
  ),
);

describe("the capacity that a bench world tells", () => {
  it.each(cases)("of $name of $world with $parallelism subtasks is what the physics do", (row) => {
    const limit = limitOf(row.bench, row.vertex, row.parallelism);
    expect(leftOver(row.bench, row.vertex, row.parallelism, 0.97 * limit)).toBeLessThan(0.002);
    // Of 1.03 times as much 0.03 / 1.03 are left over: all of them, or those of the hottest subtask alone.
    expect(leftOver(row.bench, row.vertex, row.parallelism, 1.03 * limit)).toBeGreaterThan(0.005);
  });
});

describe("every bench world", () => {
  it.each(benchWorlds.map((bench) => [bench.name, bench] as const))(
    "%s needs 12 to 30 slots at its peak",
    (_, bench) => {
      const needed = Object.keys(bench.share).map((id) =>
        Array.from({ length: bench.maxParallelism }, (_, i) => i + 1).findIndex(
          (p) => limitOf(bench, id, p) >= bench.fullRate,
        ),
      );
      expect(Math.min(...needed)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...needed) + 1).toBeGreaterThanOrEqual(12);
      expect(Math.max(...needed) + 1).toBeLessThanOrEqual(30);
    },
  );

  it.each(benchWorlds.map((bench) => [bench.name, bench] as const))(
    "%s is back from a rescale after 5 to 15 s, or after the pause that is asked for",
    (_, bench) => {
      expect(pauseOf(bench, undefined)).toBeGreaterThanOrEqual(5);
      expect(pauseOf(bench, undefined)).toBeLessThanOrEqual(15);
      expect(pauseOf(bench, 180_000)).toBe(180);
    },
  );

  it("gives a vertex the hot key, the cap, the slots and the noise that a contest asks for", () => {
    const bench = benchWorldNamed("diamond");
    const [first] = Object.keys(bench.share);
    const world = bench.world(steady(1), {
      seed: 9,
      slots: 7,
      hotShare: 0.2,
      noise: 0.1,
      tickMs: 50,
      fetcherMs: 10_000,
      caps: { [first ?? ""]: 5 },
    });
    expect(world).toMatchObject({ seed: 9, tickMs: 50, cluster: { fetcherIntervalMs: 10_000 } });
    expect(world.cluster.taskManagers * world.cluster.slotsPerTaskManager).toBe(7);
    const [job] = world.jobs;
    expect(job?.vertices[0]).toMatchObject({ cap: 5, noise: 0.1 });
    expect(job?.edges.map((e) => e.hotShare)).toEqual([0, 0, 0.2, 0.2, 0.2, 0]);
  });

  it("is found by its name, and by no other", () => {
    expect(benchWorldNamed("nexmark-q5").title).toContain("Q5");
    expect(() => benchWorldNamed("nexmark-q55")).toThrow(
      /did you mean nexmark-q5\? expected one of chain, wordcount/,
    );
  });
});

/** Seconds without reading after a rescale to 4 subtasks. */
function pauseOf(bench: BenchWorld, pauseMs: number | undefined): number {
  const world = bench.world(steady(bench.fullRate / 20), {
    seed: 1,
    ...(pauseMs === undefined ? {} : { pauseMs }),
  });
  const simulation = new Simulation(world);
  const [job] = simulation.jobs;
  if (job === undefined) throw new Error("no job");
  simulation.advanceTo(world.epoch + 60_000);
  const bounds = { lowerBound: 1, upperBound: 4 };
  simulation.putRequirements(job.id, Object.fromEntries(job.plan.vertices.map((v) => [v.id, bounds])));
  let ticks = 0;
  for (let ms = 60_000; ms < 400_000; ms += 500) {
    simulation.advanceTo(world.epoch + ms);
    if (!job.running) ticks += 1;
  }
  expect(job.rescales).toBe(1);
  // In the tick in which it ends an attempt has still read.
  return (ticks - 1) / 2;
}
