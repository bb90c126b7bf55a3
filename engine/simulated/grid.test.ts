import { describe, expect, it } from "vitest";
import { anEdge, aSource, aVertex, aWorld, EPOCH } from "../../test/support/worlds.ts";
import { Simulation } from "./cluster.ts";
import type { LoadCurve, Requirements } from "./world.ts";

const HOUR_MS = 3_600_000;
/** Six hours of a wave that overloads the job for some of the time. */
const HOURS = 6;
const wave: LoadCurve = {
  rateAt: (ms) => 1_500 - 1_000 * Math.cos((2 * Math.PI * ms) / (HOURS * HOUR_MS)),
  arrivedBy: (ms) =>
    1.5 * ms - ((HOURS * HOUR_MS) / (2 * Math.PI)) * Math.sin((2 * Math.PI * ms) / (HOURS * HOUR_MS)),
};

/** What became of it on a grid: two rescales, 3 → 5 → 3 subtasks, at fixed times. */
function sixHours(tickMs: number) {
  const simulation = new Simulation(
    aWorld({
      tickMs,
      vertices: [
        aSource("gen", wave, { cpuMs: 0.1, parallelism: 3 }),
        aVertex("work", { waitMs: 2, noise: 0.05, parallelism: 3 }),
        aVertex("count", { waitMs: 0.8, parallelism: 3, stateBytes: 2e9 }),
        aVertex("sink", { cpuMs: 0.05, parallelism: 3 }),
      ],
      edges: [anEdge("gen>work"), anEdge("work>count", "HASH"), anEdge("count>sink")],
      job: { restart: { baseMs: 4_000, startMs: 1_000, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1 } },
    }),
  );
  const [job] = simulation.jobs;
  if (job === undefined) throw new Error("no job");
  const all = (p: number): Requirements =>
    Object.fromEntries(job.plan.vertices.map((v) => [v.id, { lowerBound: 1, upperBound: p }]));
  let [slotSeconds, lagSeconds] = [0, 0];
  const busy = new Map<string, number>();
  let before = new Map<string, number>();
  for (let second = 1; second <= HOURS * 3_600; second++) {
    if (second === 7_200) simulation.putRequirements(job.id, all(5));
    if (second === 16_200) simulation.putRequirements(job.id, all(3));
    simulation.advanceTo(EPOCH + second * 1_000);
    slotSeconds += simulation.slotsOf(job.name);
    lagSeconds += simulation.backlog(job.name) / simulation.arrivalRate(job.name);
    const now = new Map(job.vertices.map((v) => [v.id, v.busyMs.reduce((a, b) => a + b, 0)]));
    for (const [id, ms] of now) {
      const grown = ms - (before.get(id) ?? 0);
      busy.set(id, (busy.get(id) ?? 0) + (grown >= 0 ? grown : ms));
    }
    before = now;
  }
  return { slotSeconds, lagSeconds, busy, restarts: job.restarts };
}

describe("a coarser grid", () => {
  it("tells the same of hours of load: slots, lag, busy time, rescales", { timeout: 60_000 }, () => {
    const fine = sixHours(50);
    const coarse = sixHours(500);
    expect(coarse.restarts).toBe(fine.restarts);
    expect(coarse.slotSeconds / fine.slotSeconds).toBeCloseTo(1, 3);
    expect(Math.abs(coarse.lagSeconds / fine.lagSeconds - 1)).toBeLessThan(0.02);
    for (const [id, ms] of fine.busy) {
      expect(Math.abs((coarse.busy.get(id) ?? 0) / ms - 1), id).toBeLessThan(0.01);
    }
  });

  it.each([
    { tickMs: 50, downMs: 700 },
    { tickMs: 500, downMs: 1_000 },
  ])("rounds pauses up to it: 0.3 s and 0.4 s are $downMs ms on $tickMs ms", ({ tickMs, downMs }) => {
    const restart = { baseMs: 300, startMs: 400, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1 };
    const simulation = new Simulation(
      aWorld({
        tickMs,
        vertices: [aSource("gen", wave), aVertex("work")],
        edges: [anEdge("gen>work")],
        job: { restart },
        trouble: [{ ...FAILURE, atMs: 10_000 }],
      }),
    );
    const [job] = simulation.jobs;
    let idle = 0;
    for (let ms = 9_000; ms < 20_000; ms += tickMs) {
      simulation.advanceTo(EPOCH + ms);
      if (job?.running === false) idle += tickMs;
    }
    // The restart strategy waits a second first; the tick of the failure itself is not part of the pause.
    expect(idle - tickMs).toBe(1_000 + downMs);
  });

  it("is one of a few, so that seconds are whole numbers of it", () => {
    const world = aWorld({ tickMs: 300, vertices: [aSource("gen", wave)], edges: [] });
    expect(() => new Simulation(world)).toThrow(
      "cannot run the world: tickMs; got 300; expected one of 50, 100, 200, 250, 500, 1000",
    );
  });
});

const FAILURE = {
  kind: "job-exception",
  job: "orders",
  vertex: "work",
  exception: "java.lang.RuntimeException",
  message: "boom",
} as const;
