import { describe, expect, it } from "vitest";
import { anEdge, aSource, aVertex, aWorld, EPOCH, stepLoad } from "../../test/support/worlds.ts";
import { Simulation } from "./cluster.ts";
import { sharesOfLoad } from "./job-figures.ts";
import { restartPauseMs } from "./physics/restart-pause.ts";

const JOB = "1".repeat(32);
const restart = { baseMs: 1_000, startMs: 500, bytesPerSecond: 1e8, warmUpMs: 0, warmUpFactor: 1 };
const vertices = [
  aSource("lines", stepLoad([[0, 100]])),
  aSource("notes", stepLoad([[0, 300]])),
  aVertex("split", { waitMs: 20 }),
  aVertex("count", { stateBytes: 1e9, parallelism: 2 }),
];
const edges = [
  anEdge("lines>split"),
  anEdge("notes>count", "HASH", { selectivity: 0.5 }),
  anEdge("split>count", "HASH", { selectivity: 10 }),
];
const world = aWorld({ vertices, edges, job: { restart } });
const plan = world.jobs[0];
if (plan === undefined) throw new Error("no job");

describe("what is known of a job without asking for its metrics", () => {
  it("shares of the load follow the sources and the selectivities", () => {
    const share = sharesOfLoad(plan, (id) => (id === "lines" ? 100 : 300));
    expect(Object.fromEntries(share)).toEqual({ lines: 0.25, notes: 0.75, split: 0.25, count: 2.875 });
  });

  it("arrival rate and slots are those of all its sources and sharing groups", () => {
    const simulation = new Simulation(world);
    simulation.advanceTo(EPOCH + 1_000);
    expect(simulation.arrivalRate("orders")).toBe(400);
    expect(simulation.slotsOf("orders")).toBe(2);
    simulation.putRequirements(
      JOB,
      Object.fromEntries(plan.vertices.map((v) => [v.id, { lowerBound: 1, upperBound: 3 }])),
    );
    simulation.advanceTo(EPOCH + 60_000);
    expect(simulation.slotsOf("orders")).toBe(3);
  });

  it("the backlog counts what waits in records at the sources, whatever they became", () => {
    // split does 50 of 100 lines a second: what waits before it and at its source are 50 more a second.
    // Without barriers, at which notes would wait for lines.
    const job = { restart, checkpoints: undefined };
    const slow = new Simulation(aWorld({ vertices, edges, job }));
    slow.advanceTo(EPOCH + 60_000);
    expect(slow.backlog("orders") / 3_000).toBeCloseTo(1, 1);
    // count does 100 words a second, 10 lines' worth.
    const narrow = new Simulation(
      aWorld({
        vertices: [
          aSource("lines", stepLoad([[0, 100]])),
          aVertex("split"),
          aVertex("count", { waitMs: 10 }),
        ],
        edges: [anEdge("lines>split"), anEdge("split>count", "HASH", { selectivity: 10 })],
        job,
      }),
    );
    narrow.advanceTo(EPOCH + 10_000);
    expect(narrow.backlog("orders")).toBeCloseTo(1_000 - 100, 0);
  });

  it("the pause of a restart is what the restart then takes", () => {
    // 1 s, 1 GB over 4 subtasks at 100 MB/s each, and half a second until they read.
    const pauseMs = restartPauseMs(plan, { count: 4 });
    expect(pauseMs).toBe(1_000 + 2_500 + 500);
    const simulation = new Simulation(world);
    const [job] = simulation.jobs;
    simulation.advanceTo(EPOCH + 20_000);
    simulation.putRequirements(
      JOB,
      Object.fromEntries(
        plan.vertices.map((v) => [v.id, { lowerBound: 1, upperBound: v.id === "count" ? 4 : 1 }]),
      ),
    );
    let downMs = 0;
    for (let ms = 20_000; ms < 60_000; ms += 50) {
      simulation.advanceTo(EPOCH + ms);
      if (job?.running === false) downMs += 50;
    }
    // In the tick in which it ends an attempt has still read.
    expect(downMs - 50).toBe(pauseMs);
  });
});
