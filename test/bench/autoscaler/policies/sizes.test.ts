import { describe, expect, it } from "vitest";
import type { Graph } from "../../../../model/index.ts";
import type { BenchWorld, LoadCurve } from "../../../../sidecar/whatif/contest.ts";
import { highestMinute, staticMean, staticPeak } from "../../../../sidecar/whatif/static-size.ts";
import { DEMETER_JOBS, DEMETER_MS, demeterLoad, perTaskManager } from "./demeter.ts";
import { everyVertex, uniformStart } from "./every-vertex.ts";
import { countersOf, movedBetween } from "./rates.ts";

/** Two vertices of 100 and 50 records/s a subtask; the second reads two records for each that arrives. */
const bench = {
  maxParallelism: 40,
  share: { a: 1, b: 2 },
  capacityOf: (id: string, p: number) => p * (id === "a" ? 100 : 50),
} as unknown as BenchWorld;

/** 100 records/s for half an hour, then 850 for a minute, then 100 again. */
const load: LoadCurve = {
  rateAt: (ms) => (ms >= 1_800_000 && ms < 1_860_000 ? 850 : 100),
  arrivedBy: (ms) => ms / 10 + 0.75 * Math.min(60_000, Math.max(0, ms - 1_800_000)),
};
const told = { bench, load, durationMs: 3_600_000 } as never;

describe("a static size", () => {
  it("for the peak carries the highest minute at 85 % of its capacity", () => {
    expect(highestMinute({ load, durationMs: 3_600_000 })).toBeCloseTo(850, 6);
    expect(staticPeak.start?.(told)).toEqual({ a: 10, b: 40 });
  });

  it("for the mean carries the mean so", () => {
    // 112.5 records/s.
    expect(staticMean.start?.(told)).toEqual({ a: 2, b: 6 });
  });
});

it("policies of one size begin with what the largest vertex needs", () => {
  expect(uniformStart({ bench, load })).toEqual({ a: 6, b: 6 });
});

it("a vertex takes no more slots than it has key groups", () => {
  const vertex = { name: "", parallelism: 1, slotSharingGroup: "x" };
  const graph: Graph = {
    vertices: [
      { ...vertex, id: "a", maxParallelism: 4 },
      { ...vertex, id: "b", maxParallelism: 128 },
    ],
    edges: [],
  };
  expect(everyVertex(graph, 9)).toEqual({ a: 4, b: 9 });
});

describe("rates between two looks", () => {
  const look = (at: number, read: number, busyMs: number, runningSince = 0) => ({
    at,
    runningSince,
    pending: 0,
    vertices: { a: { read, written: 2 * read, busyMs } },
  });

  it("are per second", () => {
    expect(movedBetween(look(0, 0, 0), look(10_000, 500, 5_000), "a")).toEqual({
      seconds: 10,
      read: 50,
      written: 100,
      busy: 0.5,
    });
  });

  it.each([
    ["after a restart", look(0, 0, 0), look(10_000, 500, 5_000, 1)],
    ["over no time", look(0, 0, 0), look(0, 500, 5_000)],
    ["where a counter fell", look(0, 600, 0), look(10_000, 500, 5_000)],
    ["of a vertex that is not there", { ...look(0, 0, 0), vertices: {} }, look(10_000, 500, 5_000)],
  ])("are unknown %s", (_, before, now) => {
    expect(movedBetween(before, now, "a")).toBeUndefined();
  });

  it("take what a source consumed, and know what waits", () => {
    const value = (n: number) => ({ kind: "value" as const, value: n });
    const counters = { busyMs: value(7), idleMs: value(0), backPressuredMs: value(0) };
    const looked = countersOf({
      at: 5,
      runningSince: 1,
      vertices: { a: { ...counters, readRecords: value(0), writeRecords: value(9) } },
      sources: { a: { ...counters, consumedRecords: value(8), pendingRecords: value(3) } },
    } as never);
    expect(looked).toMatchObject({ pending: 3, vertices: { a: { read: 8, written: 9, busyMs: 7 } } });
  });
});

describe.each(DEMETER_JOBS)("the load of the published job $name", (job) => {
  const curve = demeterLoad(job, 0);

  it("has its mean and its peak", () => {
    expect(curve.arrivedBy(DEMETER_MS) / (DEMETER_MS / 1_000)).toBeCloseTo(job.mean, -2);
    expect(highestMinute({ load: curve, durationMs: DEMETER_MS })).toBeCloseTo(job.highest, -2);
  });

  it("needs more than there is at the peak, by the target of the test", () => {
    expect(job.highest / perTaskManager(job) / 0.35).toBeGreaterThan(24);
  });
});
