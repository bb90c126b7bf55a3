import { describe, expect, it } from "vitest";
import {
  ABSENT,
  type Graph,
  type JobReadout,
  NOT_A_NUMBER,
  numberOf,
  reading,
  type SourceReadout,
  STALE,
  type VertexReadout,
} from "../model/index.ts";
import { aGraph } from "../test/support/observations.ts";
import { type Baseline, collect } from "./collect.ts";

/** `[read, written, busy, idle, backPressured]`, counters since the start of the attempt. */
type Counters = readonly [number, number, number, number, number];

function counters([read, written, busy, idle, held]: Counters, changes: Partial<VertexReadout> = {}) {
  return {
    readRecords: reading(read),
    writeRecords: reading(written),
    busyMs: reading(busy),
    idleMs: reading(idle),
    backPressuredMs: reading(held),
    pendingRecords: ABSENT,
    sourcePartitions: ABSENT,
    hottestBusyMsPerSecond: ABSENT,
    ...changes,
  };
}

function source(
  consumed: number,
  pending: number | null,
  [busy, idle, held]: readonly [number, number, number],
) {
  return {
    consumedRecords: reading(consumed),
    pendingRecords: reading(pending),
    busyMs: reading(busy),
    idleMs: reading(idle),
    backPressuredMs: reading(held),
  } satisfies SourceReadout;
}

function aReadout(
  graph: Graph,
  vertices: Readonly<Record<string, VertexReadout>>,
  changes: Partial<JobReadout> = {},
): JobReadout {
  return {
    flinkJobId: "f".repeat(32),
    name: "orders",
    state: "RUNNING",
    at: 1_000_000,
    runningSince: 900_000,
    adaptive: true,
    graph,
    vertices,
    sources: {},
    slotsTotal: ABSENT,
    slotsFree: ABSENT,
    requirements: undefined,
    checkpoints: undefined,
    ...changes,
  };
}

const LONE = aGraph("v");

/** Collects one vertex's readouts one after another; what it says of the last, and the baseline then. */
function through(
  readouts: readonly VertexReadout[],
  graph = LONE,
  changes: readonly Partial<JobReadout>[] = [],
) {
  let baseline: Baseline | undefined;
  let last: ReturnType<typeof collect> | undefined;
  for (const [i, readout] of readouts.entries()) {
    last = collect(baseline, aReadout(graph, { v: readout }, changes[i]), "a/b/c");
    baseline = last.baseline;
  }
  const observation = last?.observation.vertices["v"];
  if (observation === undefined || baseline === undefined) throw new Error("nothing was collected");
  return { observation, baseline };
}

describe("rates", () => {
  it("count by the task clock: 0.37 s of wall time that hold 25 s of task time give 252 records/s", () => {
    const before = counters([0, 0, 0, 0, 0]);
    const now = counters([6_300, 3_150, 5_000, 15_000, 5_000]);
    const { observation } = through([before, now], LONE, [{ at: 1_000_000 }, { at: 1_000_370 }]);

    // 6300 records / 25 s of task time; by the wall it would have been 17027.
    expect(observation.inRate).toEqual(reading(252));
    expect(observation.outRate).toEqual(reading(126));
    expect(observation.busyShare).toEqual(reading(0.2));
    expect(observation.idleShare).toEqual(reading(0.6));
    expect(observation.backPressuredShare).toEqual(reading(0.2));
    expect(observation.costMs).toEqual(reading(5_000 / 6_300));
    expect(observation.taskMs).toEqual(reading(25_000));
  });

  it("are summed over subtasks whose task time is shared out", () => {
    // 2 subtasks, 10 s of task time together = 5 s each; 1000 records in 5 s = 200/s.
    const { observation } = through(
      [counters([0, 0, 0, 0, 0]), counters([1_000, 0, 4_000, 6_000, 0])],
      aGraph("v", { parallelism: 2 }),
    );
    expect(observation.inRate).toEqual(reading(200));
    expect(observation.busyShare).toEqual(reading(0.4));
  });

  it("are stale at the first look", () => {
    expect(through([counters([100, 0, 1_000, 1_000, 0])]).observation.inRate).toEqual(STALE);
  });

  it("are stale while the task clock stands, and count from the kept baseline when it moves again", () => {
    const first = counters([100, 0, 1_000, 4_000, 0]);
    const waiting = through([first, counters([100, 0, 1_000, 4_000, 0])]);
    expect(waiting.observation.inRate).toEqual(STALE);
    expect(waiting.baseline.vertices["v"]).toEqual(first);

    const moved = through([first, counters([150, 0, 1_100, 4_300, 0]), counters([600, 0, 2_000, 8_000, 0])]);
    // 0.4 s of task time are too little to count; 500 records in 5 s since the first look.
    expect(moved.observation.inRate).toEqual(reading(100));
  });

  it("have no cost where nothing was read", () => {
    const { observation } = through([counters([5, 0, 0, 0, 0]), counters([5, 0, 0, 5_000, 0])]);
    expect(observation.inRate).toEqual(reading(0));
    expect(observation.costMs).toEqual(NOT_A_NUMBER);
  });
});

describe("a new attempt starts over", () => {
  const before = counters([1_000, 0, 5_000, 5_000, 0]);
  const now = counters([2_000, 0, 9_000, 9_000, 0]);
  it.each<[string, Partial<JobReadout>]>([
    ["after a restart", { runningSince: 950_000 }],
    ["after a new submission", { flinkJobId: "e".repeat(32) }],
    ["after a rescale", { graph: aGraph("v", { parallelism: 2 }) }],
  ])("%s", (_, change) => {
    const { observation, baseline } = through([before, now], LONE, [{}, change]);
    expect(observation.inRate).toEqual(STALE);
    expect(baseline.vertices["v"]).toEqual(now);
  });
});

describe("a counter that went back", () => {
  it("starts over when it counts records", () => {
    const now = counters([10, 0, 9_000, 9_000, 0]);
    const { observation, baseline } = through([counters([1_000, 0, 5_000, 5_000, 0]), now]);
    expect(observation.inRate).toEqual(STALE);
    expect(baseline.vertices["v"]).toEqual(now);
  });

  it("starts over when the task clock began anew, though no record told", () => {
    const now = counters([0, 0, 0, 2_000, 0]);
    const { baseline } = through([counters([0, 0, 0, 500_000, 0]), now]);
    expect(baseline.vertices["v"]).toEqual(now);
  });

  it("is no reset when busy time falls by a second, and no share leaves 0..1", () => {
    // Idle time booked late: busy −1 s, idle +6 s in 5 s of task time.
    const { observation } = through([counters([0, 0, 3_000, 0, 0]), counters([500, 0, 2_000, 6_000, 0])]);
    expect(observation.inRate).toEqual(reading(100));
    expect(observation.busyShare).toEqual(reading(0));
    expect(observation.costMs).toEqual(reading(0));
    expect(observation.idleShare).toEqual(reading(1));
  });

  it("waits when the whole clock went back by a second", () => {
    const before = counters([500, 0, 3_000, 1_000, 0]);
    const { observation, baseline } = through([before, counters([500, 0, 2_000, 1_000, 0])]);
    expect(observation.inRate).toEqual(STALE);
    expect(baseline.vertices["v"]).toEqual(before);
  });
});

describe("a missing number stays missing", () => {
  const first = counters([0, 0, 0, 0, 0]);
  it.each([
    ["NaN busy time is nan, never 0", { busyMs: reading(Number.NaN) }, NOT_A_NUMBER],
    ["absent idle time is absent, not stale", { idleMs: ABSENT }, ABSENT],
  ])("%s", (_, change, expected) => {
    const { observation } = through([first, counters([10, 0, 0, 5_000, 0], change)]);
    for (const key of ["taskMs", "inRate", "busyShare", "costMs"] as const) {
      expect(observation[key]).toEqual(expected);
    }
  });

  it("records that are absent leave the busy share standing", () => {
    const now = counters([0, 0, 1_000, 4_000, 0], { readRecords: ABSENT });
    const { observation } = through([first, now]);
    expect([observation.inRate, observation.busyShare]).toEqual([ABSENT, reading(0.2)]);
  });

  it("a vertex without a readout has no observation", () => {
    expect(collect(undefined, aReadout(LONE, {}), "a/b/c").observation.vertices).toEqual({});
  });
});

describe("a source", () => {
  const graph = aGraph("s>v");
  const collected = (sources: readonly SourceReadout[]) => {
    let baseline: Baseline | undefined;
    let last: ReturnType<typeof collect> | undefined;
    for (const s of sources) {
      // The job details lag behind the source's own reply and must not rule.
      const vertices = { s: counters([0, 10, 0, 1_000, 0]), v: counters([7, 0, 0, 1_000, 0]) };
      last = collect(baseline, aReadout(graph, vertices, { sources: { s } }), "a/b/c");
      baseline = last.baseline;
    }
    return last?.observation;
  };

  it("tells consumption and growth of pending records from one reply", () => {
    const seen = collected([source(0, 100, [0, 0, 0]), source(1_250, 600, [1_000, 4_000, 0])]);
    expect(seen?.vertices["s"]).toMatchObject({
      inRate: reading(250),
      pendingGrowth: reading(100),
      pendingRecords: reading(600),
      costMs: reading(0.8),
    });
  });

  it("has a pending growth below 0 while its backlog drains", () => {
    const seen = collected([source(0, 1_000, [0, 0, 0]), source(1_250, 500, [1_000, 4_000, 0])]);
    expect(seen?.vertices["s"]?.pendingGrowth).toEqual(reading(-100));
  });

  it("is stale while its own clock stands, and still tells what is pending", () => {
    const seen = collected([source(0, 1_000, [0, 0, 0]), source(0, 1_000, [0, 0, 0])]);
    expect(seen?.vertices["s"]).toMatchObject({
      inRate: STALE,
      pendingGrowth: STALE,
      pendingRecords: reading(1_000),
    });
  });

  it("starts over when its consumption went back", () => {
    const seen = collected([source(900, 0, [0, 0, 0]), source(5, 0, [1_000, 9_000, 0])]);
    expect(seen?.vertices["s"]?.inRate).toEqual(STALE);
  });
});

describe("backlog", () => {
  const at = (read: number, written: number, pending?: number) =>
    counters([read, written, 0, 1_000, 0], pending === undefined ? {} : { pendingRecords: reading(pending) });
  const backlogIn = (graph: Graph, vertices: Readonly<Record<string, VertexReadout>>) =>
    collect(undefined, aReadout(graph, vertices), "a/b/c").observation.backlog;
  const backlog = (text: string, vertices: Readonly<Record<string, VertexReadout>>) =>
    backlogIn(aGraph(text), vertices);

  it("is what is pending and what is in flight", () => {
    expect(backlog("s>v v>w", { s: at(0, 50, 100), v: at(30, 25), w: at(20, 0) })).toEqual(reading(125));
  });

  it("counts no edge below 0 when the reader was read later than the writer", () => {
    expect(backlog("s>v", { s: at(0, 50, 100), v: at(60, 0) })).toEqual(reading(100));
  });

  it("counts a record once that is broadcast, however many subtasks have read it", () => {
    const graph = aGraph("s>v", { parallelism: 4 }, "BROADCAST");
    // 50 were written; the four subtasks have read 40 each.
    expect(backlogIn(graph, { s: at(0, 50, 100), v: at(160, 0) })).toEqual(reading(110));
  });

  it("leaves out edges that cannot be told apart, as a lower bound", () => {
    const vertices = { s: at(0, 50, 100), a: at(10, 0), b: at(10, 0) };
    expect(backlog("s>a s>b", vertices)).toEqual(reading(100));
    const { edges } = collect(undefined, aReadout(aGraph("s>a s>b"), vertices), "a/b/c").observation;
    expect(edges.map((e) => e.inFlight)).toEqual([ABSENT, ABSENT]);
  });

  it("is missing as soon as one source's pending records are", () => {
    expect(backlog("s>v t>v", { s: at(0, 0, 5), t: at(0, 0), v: at(0, 0) })).toEqual(ABSENT);
    expect(backlog("s>v t>v", { s: at(0, 0, 5), v: at(0, 0) })).toEqual(ABSENT);
  });
});

describe("the hottest subtask", () => {
  const graph = aGraph("v", { parallelism: 3 });
  const at = (busy: number, subtaskReads?: readonly number[]) =>
    counters([busy, 0, busy, busy, 0], subtaskReads === undefined ? {} : { subtaskReads });
  it.each<[string, readonly VertexReadout[], { subtask: number; share: number } | undefined]>([
    [
      "is had by the difference",
      [at(3_000, [500, 0, 0]), at(9_000, [600, 300, 100])],
      { subtask: 1, share: 0.6 },
    ],
    [
      "counts from the start of the attempt at the first look",
      [at(3_000), at(9_000, [50, 50, 300])],
      { subtask: 2, share: 0.75 },
    ],
    ["is not assessed before the second readout", [at(9_000, [50, 50, 300])], undefined],
    ["is not assessed with few records", [at(3_000, [0, 0, 0]), at(9_000, [49, 50, 50])], undefined],
    ["is not assessed when nobody read the subtasks", [at(3_000, [0, 0, 0]), at(9_000)], undefined],
    [
      "is not assessed when a counter went back",
      [at(3_000, [90, 0, 0]), at(9_000, [80, 900, 900])],
      undefined,
    ],
    ["is not assessed for another number of subtasks", [at(3_000), at(9_000, [900, 900])], undefined],
    [
      "is not assessed while the task clock stands",
      [at(3_000, [0, 0, 0]), at(3_001, [900, 0, 0])],
      undefined,
    ],
  ])("%s", (_, readouts, hottest) => {
    expect(through(readouts, graph).observation.hottest).toEqual(hottest);
  });
});

describe("what the readout says of machines and checkpoints", () => {
  it("is handed on as it is", () => {
    const pressure = { gcShare: reading(0.1), heapShare: ABSENT, cpuLoad: NOT_A_NUMBER };
    const checkpoints = {
      completed: 3,
      failed: 1,
      inProgress: 0,
      latestCompletedAt: reading(1),
      latestDurationMs: reading(2),
      latestPath: undefined,
    };
    const { observation } = collect(undefined, aReadout(LONE, {}, { pressure, checkpoints }), "a/b/c");
    expect(observation).toMatchObject({ pressure, checkpoints });
  });
});

describe("pending records that cannot be", () => {
  /** One source at 1,000 records/s, looked at every 5 s; what is said of its pending records in each. */
  const pendingThrough = (said: readonly number[], restartedAt = -1) => {
    let baseline: Baseline | undefined;
    return said.map((pending, i) => {
      const ms = 5_000 * (i + 1);
      const clock = [0, ms, 0] as const;
      const readout = aReadout(
        LONE,
        { v: counters([ms, ms, ...clock]) },
        {
          at: 1_000_000 + ms,
          sources: { v: source(ms, pending, clock) },
          runningSince: restartedAt >= 0 && i >= restartedAt ? 1_000_000 : 900_000,
        },
      );
      const collected = collect(baseline, readout, "a/b/c");
      baseline = collected.baseline;
      const v = collected.observation.vertices["v"];
      expect(numberOf(v?.pendingGrowth) === undefined || numberOf(v?.pendingRecords) !== undefined).toBe(
        true,
      );
      return numberOf(v?.pendingRecords);
    });
  };
  it.each<[string, readonly number[], readonly (number | undefined)[]]>([
    ["as many as no broker holds", [0, 2 ** 63, 5], [0, undefined, undefined]],
    ["fewer than none", [0, -1, 5], [0, undefined, 5]],
    ["fallen by more than was read", [1e6, 900_000, 800_000], [1e6, undefined, undefined]],
  ])("are none: %s", (_, said, expected) => {
    expect(pendingThrough(said)).toEqual(expected);
  });

  it("are believed again a minute after they last did the impossible", () => {
    const said = [1e6, 0, ...Array.from({ length: 13 }, () => 0)];
    const seen = pendingThrough(said);
    expect(seen.slice(1, 13)).toEqual(Array.from({ length: 12 }, () => undefined));
    expect(seen.slice(13)).toEqual([0, 0]);
  });

  it("are not believed again because the job was restarted", () => {
    expect(pendingThrough([1e6, 0, 0, 0], 2)).toEqual([1e6, undefined, undefined, undefined]);
  });

  it("are believed when they rise or are drained, however fast", () => {
    const said = [0, 1e6, 990_000, 970_000];
    expect(pendingThrough(said)).toEqual(said);
  });
});
