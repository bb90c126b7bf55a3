import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anEdge,
  aSource,
  aVertex,
  aWorld,
  EPOCH,
  stepLoad,
  type WorldParts,
} from "../../../test/support/worlds.ts";
import { Simulation } from "../cluster.ts";
import type { EdgePlan, VertexPlan } from "../world.ts";
import type { EdgeRun } from "./edge-run.ts";
import type { JobRun } from "./job-run.ts";
import type { VertexRun } from "./vertex-run.ts";

function ran(parts: WorldParts, seconds: number): JobRun {
  const simulation = new Simulation(aWorld(parts));
  simulation.advanceTo(EPOCH + seconds * 1_000);
  return jobOf(simulation);
}

function jobOf(simulation: Simulation): JobRun {
  const [job] = simulation.jobs;
  if (job === undefined) throw new Error("no job");
  return job;
}

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

function vertexOf(job: JobRun, id: string): VertexRun {
  const vertex = job.vertices.find((v) => v.id === id);
  if (vertex === undefined) throw new Error(`no vertex ${id}`);
  return vertex;
}

const chain = (rate: number, work: Partial<VertexPlan>, edge: Partial<EdgePlan> = {}): WorldParts => ({
  vertices: [aSource("gen", stepLoad([[0, rate]])), aVertex("work", work), aVertex("sink")],
  edges: [anEdge("gen>work", "REBALANCE", edge), anEdge("work>sink", "HASH")],
});

describe("records", () => {
  it("all arrive while there is room, after one tick at most", () => {
    const job = ran(chain(100, { waitMs: 5 }), 60);
    expect(total(vertexOf(job, "sink").read)).toBeCloseTo(6_000, 3);
    expect(vertexOf(job, "work").subtasks[0]?.busyMs).toBeCloseTo(30_000, 0);
  });

  it("wait at the source when a vertex is too slow, and the queue before it is full", () => {
    // 1000/s arrive, 200/s are done; (2 × 1 + 8) segments of 4096 bytes hold 683 records of 60 bytes.
    const job = ran(chain(1_000, { waitMs: 5 }), 60);
    expect(total(vertexOf(job, "work").read)).toBeCloseTo(12_000, -1);
    expect(vertexOf(job, "work").subtasks[0]?.queued).toBeCloseTo(682.7, 0);
    expect(vertexOf(job, "gen").subtasks[0]?.pendingRecords).toBeCloseTo(60_000 - 12_000 - 683, -2);
  });

  it("are not held up by a short queue in front of a fast vertex", () => {
    // 100,000/s through a queue of 68 records: what passes within a tick needs no room.
    const job = ran(chain(100_000, { waitMs: 0.001 }, { recordBytes: 600 }), 10);
    expect(total(vertexOf(job, "sink").read)).toBeCloseTo(1_000_000, -1);
  });

  it("multiply by the selectivity of their edge", () => {
    const job = ran(chain(100, {}, { selectivity: 3 }), 10);
    expect(total(vertexOf(job, "sink").read)).toBeCloseTo(3_000, 3);
  });

  it("of a window come out after the end of its pane", () => {
    const parts = chain(100, { window: { sizeMs: 10_000 } });
    expect(total(vertexOf(ran(parts, 9), "sink").read)).toBe(0);
    expect(total(vertexOf(ran(parts, 11), "sink").read)).toBeCloseTo(1_000, -1);
  });
});

describe("results of a window", () => {
  it("are one a key that was seen, where its keys are counted", () => {
    // 1,000 records of 10 s are drawn from 500 keys: 500 × (1 − e⁻²) different ones.
    const job = ran(chain(100, { window: { sizeMs: 10_000, keys: 500 } }), 11);
    expect(total(vertexOf(job, "sink").read)).toBeCloseTo(500 * (1 - Math.exp(-2)), 0);
  });
});

describe("several outputs", () => {
  const fork = (selectivity: number): WorldParts => ({
    vertices: [aSource("gen", stepLoad([[0, 100]])), aVertex("left"), aVertex("right")],
    edges: [anEdge("gen>left"), anEdge("gen>right", "HASH", { selectivity })],
  });
  const written = (job: JobRun): number => vertexOf(job, "gen").subtasks[0]?.writeRecords ?? 0;

  it("with the same records count them as written once, and each output reads them", () => {
    const job = ran(fork(1), 10);
    expect(written(job)).toBe(1_000);
    expect(total(vertexOf(job, "left").read)).toBeCloseTo(1_000, 3);
    expect(total(vertexOf(job, "right").read)).toBeCloseTo(1_000, 3);
  });

  it("with other records count both", () => {
    expect(written(ran(fork(0.5), 10))).toBe(1_500);
  });
});

describe("a broadcast", () => {
  const broadcast = (to: Partial<VertexPlan>): WorldParts => ({
    vertices: [aSource("gen", stepLoad([[0, 1_000]])), aVertex("all", { parallelism: 3, ...to })],
    edges: [anEdge("gen>all", "BROADCAST")],
  });

  it("brings every record to every subtask, and counts as written once", () => {
    const job = ran(broadcast({}), 10);
    expect([...vertexOf(job, "all").read].map(Math.round)).toEqual([10_000, 10_000, 10_000]);
    expect(vertexOf(job, "gen").subtasks[0]?.writeRecords).toBe(10_000);
  });

  it("is as slow as one subtask is with all records, however many there are", () => {
    const job = ran(broadcast({ waitMs: 2 }), 60);
    expect(total(vertexOf(job, "all").read) / 60).toBeCloseTo(3 * 500, -2);
    expect(vertexOf(job, "gen").subtasks[0]?.backPressuredMs).toBeGreaterThan(50_000);
  });
});

describe("busy demand that no record causes", () => {
  const busy = (demand: number, parallelism = 2) => {
    const busyDemand = { subtasks: stepLoad([[0, demand]]), recordsPerSecond: 100 };
    return vertexOf(ran(chain(100, { busyDemand, parallelism, waitMs: 0.1 }), 300), "work");
  };
  const shareOf = ({ subtasks }: VertexRun): number =>
    subtasks.reduce((sum, t) => sum + t.busyMs, 0) / subtasks.length / 300_000;

  it.each([
    ["nothing", 0, 0.005],
    ["half of the subtasks", 1, 0.505],
    ["nearly all of them", 1.9, 0.955],
  ])("of %s lets all records pass, and shows as busy time", (_, demand, share) => {
    const vertex = busy(demand);
    expect(total(vertex.read) / 300).toBeCloseTo(100, 0);
    expect(shareOf(vertex)).toBeCloseTo(share, 2);
  });

  it("of more subtasks than there are lets records pass in proportion", () => {
    const vertex = busy(5);
    expect(total(vertex.read) / 300).toBeCloseTo(40, 0);
    expect(shareOf(vertex)).toBeCloseTo(1, 2);
  });
});

describe("a measured capacity", () => {
  it.each([
    [1, 500],
    [4, 1_500],
  ])("of %i subtasks is what the vertex reads when it is saturated", (parallelism, expected) => {
    const capacity = [
      [1, 500],
      [4, 1_500],
    ] as const;
    const job = ran(chain(9_000, { capacity, parallelism }), 60);
    expect(total(vertexOf(job, "work").read) / 60).toBeCloseTo(expected, -1);
  });
});

describe("time", () => {
  it("of a blocked source is back-pressured, of a starved sink idle", () => {
    const job = ran(chain(1_000, { waitMs: 5 }), 60);
    const [gen] = vertexOf(job, "gen").subtasks;
    const [sink] = vertexOf(job, "sink").subtasks;
    expect(gen?.backPressuredMs).toBeGreaterThan(57_000);
    expect(sink?.idleMs).toBeCloseTo(60_000, 0);
  });

  it("of calls that an outside limit holds up is busy", () => {
    const job = ran(chain(1_000, { waitMs: 0.1, cap: 300, parallelism: 4 }), 60);
    expect(total(vertexOf(job, "work").read)).toBeCloseTo(18_000, -1);
    expect(vertexOf(job, "work").subtasks[3]?.busyMs).toBeGreaterThan(55_000);
  });

  it("stretches for everybody where cores are short", () => {
    // 8 subtasks of pure CPU on 2 cores do what 2 cores can: 2 × 200/s.
    const parts = {
      ...chain(10_000, { cpuMs: 5, parallelism: 8 }),
      cluster: { taskManagers: 1, coresPerTaskManager: 2 },
    };
    const job = ran(parts, 120);
    expect(total(vertexOf(job, "work").read) / 120).toBeGreaterThan(370);
    expect(total(vertexOf(job, "work").read) / 120).toBeLessThan(430);
  });
});

describe("skew", () => {
  it("of a hot key slows every sender down to what its subtask can do", () => {
    const parts: WorldParts = {
      vertices: [aSource("gen", stepLoad([[0, 4_000]])), aVertex("count", { waitMs: 1, parallelism: 4 })],
      edges: [anEdge("gen>count", "HASH", { hotShare: 0.5 })],
    };
    const rates = vertexOf(ran(parts, 60), "count").read.map((n) => n / 60);
    // The hot subtask has 0.5 + 0.5 / 4 of all records and does 1000/s: in all 1600/s.
    expect(Math.max(...rates)).toBeCloseTo(1_000, -2);
    expect(total(rates)).toBeCloseTo(1_600, -2);
  });

  it("of key groups is a staircase: 128 over 100 subtasks gives some two", () => {
    const parts: WorldParts = {
      vertices: [aSource("gen", stepLoad([[0, 1_000]])), aVertex("count", { parallelism: 100 })],
      edges: [anEdge("gen>count", "HASH")],
      cluster: { slotsPerTaskManager: 64 },
    };
    const read = vertexOf(ran(parts, 10), "count").read;
    expect(Math.max(...read) / Math.min(...read)).toBeCloseTo(2, 5);
  });
});

/** Any small acyclic graph: every vertex after the first two is fed by earlier ones. */
const parts = fc
  .record({
    seed: fc.integer(),
    tickMs: fc.constantFrom(50, 50, 250, 1_000),
    segmentBytes: fc.constantFrom(4_096, 32_768),
    unaligned: fc.boolean(),
    rate: fc.integer({ min: 0, max: 5_000 }),
    vertices: fc.array(
      fc.record({
        parallelism: fc.integer({ min: 1, max: 6 }),
        waitMs: fc.double({ min: 0, max: 5, noNaN: true }),
        cpuMs: fc.double({ min: 0, max: 5, noNaN: true }),
        noise: fc.constantFrom(0, 0.1, 0.5),
        cap: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
        window: fc.constantFrom(undefined, undefined, { sizeMs: 3_000 }, { sizeMs: 3_000, keys: 50 }),
        capacity: fc.constantFrom(undefined, undefined, [
          [1, 500],
          [4, 1_500],
        ] as const),
        demand: fc.constantFrom(0, 0, 0.5, 3),
        fedBy: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
        ship: fc.constantFrom(
          "REBALANCE" as const,
          "HASH" as const,
          "FORWARD" as const,
          "BROADCAST" as const,
        ),
        selectivity: fc.double({ min: 0, max: 3, noNaN: true }),
        hotShare: fc.constantFrom(0, 0.3),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map((drawn): WorldParts => {
    const vertices = [
      aSource(
        "v0",
        stepLoad([
          [0, drawn.rate],
          [10, drawn.rate / 3],
        ]),
        { parallelism: 2 },
      ),
    ];
    const edges: EdgePlan[] = [];
    for (const [
      at,
      { fedBy, ship, selectivity, hotShare, demand, ...drawnPlan },
    ] of drawn.vertices.entries()) {
      const id = `v${at + 1}`;
      const subtasks = stepLoad([[0, demand]]);
      const busyDemand = demand === 0 ? undefined : { subtasks, recordsPerSecond: 100 };
      const plan = { ...drawnPlan, busyDemand };
      const feeders = [...new Set(fedBy.map((n) => n % vertices.length))].map((n) => vertices[n]);
      const [first] = feeders;
      const forward = ship === "FORWARD" && first !== undefined;
      vertices.push(aVertex(id, forward ? { ...plan, parallelism: first.parallelism } : plan));
      for (const feeder of feeders) {
        edges.push(anEdge(`${feeder?.id}>${id}`, ship, { selectivity, hotShare }));
      }
    }
    const checkpoints = {
      intervalMs: 3_000,
      timeoutMs: 60_000,
      minPauseMs: 0,
      unaligned: drawn.unaligned,
      syncMs: 5,
      bytesPerSecond: 1e8,
    };
    return {
      seed: drawn.seed,
      tickMs: drawn.tickMs,
      vertices,
      edges,
      cluster: { segmentBytes: drawn.segmentBytes },
      job: { checkpoints },
    };
  });

function expectConserved(edge: EdgeRun): void {
  expect(edge.written - edge.read).toBeCloseTo(total(edge.queue), 4);
  expect(Math.min(...edge.queue)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...edge.queue)).toBeLessThanOrEqual(edge.capacity * (1 + 1e-6) + 1e-6);
}

function expectTimeSpentOnce(vertex: VertexRun, seconds: number): void {
  for (const task of vertex.subtasks) {
    expect(task.busyMs + task.idleMs + task.backPressuredMs).toBeCloseTo(seconds * 1_000, 3);
  }
}

describe("in any world", () => {
  it("records are conserved on every edge, queues never overflow, and time is spent exactly once", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 20 }), (world, seconds) => {
        for (const vertex of ran(world, seconds).vertices) {
          vertex.outputs.forEach(expectConserved);
          expectTimeSpentOnce(vertex, seconds);
          const came = vertex.inputs.reduce((sum, e) => sum + e.read, 0);
          if (vertex.source === undefined) expect(total(vertex.read)).toBeCloseTo(came, 4);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("the same seed is the same run, however time is cut up", () => {
    fc.assert(
      fc.property(parts, fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 10 }), (world, cuts) => {
        const one = new Simulation(aWorld(world));
        const other = new Simulation(aWorld(world));
        for (const ms of cuts) one.advanceTo(one.now() + ms);
        const end = EPOCH + 40_000;
        one.advanceTo(end);
        other.advanceTo(end);
        expect(jobOf(one).vertices.map((v) => v.subtasks)).toEqual(
          jobOf(other).vertices.map((v) => v.subtasks),
        );
      }),
      { numRuns: 20 },
    );
  });
});
