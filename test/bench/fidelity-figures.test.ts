import { describe, expect, it } from "vitest";
import { type Figure, figuresOf } from "./fidelity-figures.ts";
import type { FidelityPlan, Measure } from "./fidelity-plan.ts";
import type { Counters, Sample, Trace } from "./fidelity-trace.ts";

const ALL: readonly Measure[] = [
  "throughput",
  "cost",
  "back-pressure",
  "pending",
  "growth",
  "in-flight",
  "checkpoint",
];
const plan: FidelityPlan = {
  name: "test",
  title: "",
  startRate: 1_000,
  acts: [
    { name: "step", atS: 0, rate: 1_000 },
    { name: "up", atS: 20, put: { gen: 1, work: 2, count: 2, drop: 2 } },
  ],
  endS: 40,
  phases: [
    { name: "before", from: "start", fromS: 0, to: "up", measures: ALL },
    { name: "after", from: "up", fromS: 1, to: "end", measures: ["throughput"] },
  ],
  step: "step",
};

const REFRESH_MS = 2_000;
const RESTART_MS = 21_000;

/** An attempt that has run for `ms`: 1,000/s arrive, work takes 500/s per subtask, 300 records lie before it. */
function vertices(ms: number, parallelism: number): Sample["vertices"] {
  const read = (500 * parallelism * ms) / 1_000;
  const at = (p: number, counters: Partial<Counters>): Counters => ({
    parallelism: p,
    read: undefined,
    written: undefined,
    busyMs: 0,
    idleMs: ms * p,
    backPressuredMs: 0,
    ...counters,
  });
  return {
    gen: at(1, { written: read + 300, backPressuredMs: ms * 0.9, idleMs: ms * 0.1 }),
    work: at(parallelism, { read, written: read, busyMs: ms * parallelism, idleMs: 0 }),
    count: at(parallelism, { read: read - 20, written: read - 20 }),
    drop: at(parallelism, { read: read - 20 }),
  };
}

/** Looks every 0.5 s at a store that is refreshed every 2 s; the restart at 21 s goes back 2.5 s. */
function sampleAt(atMs: number): Sample {
  const restarted = atMs > RESTART_MS;
  const since = restarted ? RESTART_MS : 0;
  const storeMs = since + Math.floor((atMs - since) / REFRESH_MS) * REFRESH_MS;
  const ms = storeMs - since;
  const restoredPosition = 300 + 500 * 18.5;
  const consumed = restarted ? ms + 300 : 300 + 0.5 * ms;
  const pending = storeMs - (restarted ? restoredPosition + consumed : consumed);
  return {
    atMs,
    runningSinceMs: since,
    vertices: vertices(ms, restarted ? 2 : 1),
    source: { pending, consumed },
  };
}

function traceOf(change: (sample: Sample) => Sample = (s) => s): Trace {
  const samples = Array.from({ length: 81 }, (_, i) => change(sampleAt(i * 500)));
  return {
    plan: "test",
    target: "test",
    startMs: 0,
    endMs: 40_000,
    acts: [
      { name: "step", atMs: 0 },
      { name: "up", atMs: 20_000 },
    ],
    samples,
    states: [
      { atMs: 0, state: "RUNNING" },
      { atMs: 20_900, state: "RESTARTING" },
      { atMs: 20_950, state: "CREATED" },
      { atMs: 21_000, state: "RUNNING" },
    ],
    checkpoints: [
      { id: 7, triggeredMs: 13_500, durationMs: 600 },
      { id: 8, triggeredMs: 18_500, durationMs: 1_400 },
    ],
    restores: [{ seenMs: 21_200, checkpoint: 8 }],
  };
}

const figureNamed = (figures: readonly Figure[], name: string): number | undefined =>
  figures.find((f) => f.name === name)?.value;

describe("figures of a run", () => {
  const figures = figuresOf(plan, traceOf());

  it.each([
    ["read by work, by the target's time", 500],
    ["read by work, by the task's clock", 500],
    ["cost of work", 2],
    ["cost of count", 0],
    ["source back-pressured", 0.9],
    ["growth of pending", 500],
    ["in flight gen → work, median", 300],
    ["in flight work → count, highest", 20],
    ["checkpoint duration, median", 1],
    ["from the PUT to RUNNING", 1],
    ["not RUNNING", 0.1],
    ["age of the restored checkpoint", 2.5],
  ])("%s is %d", (name, expected) => {
    expect(figureNamed(figures, name)).toBeCloseTo(expected, 6);
  });

  it("counts the backlog as gone only after its peak, and not at all while it lasts", () => {
    expect(figureNamed(figures, "highest pending")).toBeGreaterThan(11_000);
    expect(figureNamed(figures, "backlog gone after")).toBeUndefined();
  });

  it("takes nothing from replies that hold the old graph or only zeros", () => {
    const zero = { busyMs: 0, idleMs: 0, backPressuredMs: 0, read: 0, written: 0, parallelism: 1 };
    const stale = figuresOf(
      plan,
      traceOf((s) =>
        s.atMs === 21_500 || s.atMs === 8_500
          ? { ...s, vertices: { gen: zero, work: zero, count: zero, drop: zero } }
          : s,
      ),
    );
    expect(stale).toEqual(figures);
  });

  it("begins no phase with the zeros that follow a restart", () => {
    const after = figures.filter((f) => f.group === "after");
    expect(after.map((f) => f.value)).toEqual([1_000, 1_000]);
  });

  it("goes on without the busy time of one vertex", () => {
    const partly = figuresOf(
      plan,
      traceOf((s) =>
        s.vertices.count === undefined
          ? s
          : { ...s, vertices: { ...s.vertices, count: { ...s.vertices.count, busyMs: undefined } } },
      ),
    );
    const without = figures.filter((f) => f.name !== "cost of count");
    expect(partly.filter((f) => f.name !== "cost of count")).toEqual(without);
    expect(figureNamed(partly, "cost of count")).toBeUndefined();
  });

  it("says nothing where Flink said nothing", () => {
    const silent = figuresOf(
      plan,
      traceOf((s) => ({ ...s, vertices: {}, source: undefined, runningSinceMs: undefined })),
    );
    const seen = silent.filter((f) => f.value !== undefined);
    expect(seen).toEqual([]);
  });
});
