import { describe, expect, it } from "vitest";
import type { World } from "../../engine/simulated/index.ts";
import { anEdge, aSource, aVertex, aWorld, stepLoad } from "../../test/support/worlds.ts";
import { foretell } from "./world-news.ts";

type Trouble = World["trouble"][number];

const withLoad = (rateAt: (ms: number) => number, trouble: readonly Trouble[] = []): World =>
  aWorld({
    vertices: [aSource("gen", { rateAt, arrivedBy: () => 0 }), aVertex("work")],
    edges: [anEdge("gen>work")],
    trouble,
  });
const told = (world: World, seconds = 120) =>
  foretell(world, seconds * 1_000).map((n) => [n.atMs / 1_000, n.sentence]);

describe("the load", () => {
  it("is told at the second of its step, up and down", () => {
    const steps = stepLoad([
      [0, 300],
      [40, 1_200],
      [90, 300],
    ]);
    expect(told(withLoad(steps.rateAt))).toEqual([
      [40, "the load of orders rises from 300 to 1,200 records/s, 4 times as many"],
      [90, "the load of orders falls from 1,200 to 300 records/s"],
    ]);
  });

  it("is told once where it climbs slowly: at the top", () => {
    const ramp = (ms: number) => 200 + Math.min(400, Math.max(0, (ms - 30_000) / 50));
    expect(told(withLoad(ramp))).toEqual([
      [51, "the load of orders rises from 200 to 600 records/s, 3 times as many"],
    ]);
  });

  it("is no news where it waves or hardly changes", () => {
    expect(told(withLoad((ms) => 700 + 500 * Math.sin(ms / 60_000)))).toEqual([]);
    expect(told(withLoad((ms) => (ms < 30_000 ? 100 : 120)))).toEqual([]);
  });

  it("may begin and end at nothing", () => {
    const steps = stepLoad([
      [0, 0],
      [10, 5],
      [20, 0],
    ]);
    expect(told(withLoad(steps.rateAt)).map(([, sentence]) => sentence)).toEqual([
      "the load of orders rises from 0 to 5 records/s",
      "the load of orders falls from 5 to 0 records/s",
    ]);
  });
});

it.each<[Trouble, string]>([
  [
    { kind: "task-manager-lost", atMs: 5_000, taskManager: 2, backAfterMs: 60_000 },
    "TaskManager 2 dies; a new one comes after 1 min",
  ],
  [{ kind: "task-manager-lost", atMs: 5_000, taskManager: 2, backAfterMs: undefined }, "TaskManager 2 dies"],
  [
    {
      kind: "job-exception",
      atMs: 5_000,
      job: "orders",
      vertex: "work",
      exception: "java.lang.Oops",
      message: "no",
    },
    "work of orders throws Oops: no",
  ],
  [
    { kind: "checkpoints-fail", atMs: 5_000, job: "orders", forMs: 30_000 },
    "checkpoints of orders fail for 30 s",
  ],
  [
    { kind: "sink-slow", atMs: 5_000, job: "orders", vertex: "work", cap: 40, forMs: 30_000 },
    "the outside takes only 40 records/s from work of orders for 30 s",
  ],
  [
    { kind: "metrics-missing", atMs: 5_000, job: "orders", vertex: undefined, forMs: 30_000 },
    "the metrics of all vertices of orders vanish for 30 s",
  ],
  [
    { kind: "rest-slow", atMs: 5_000, delayMs: 500, forMs: 30_000 },
    "Flink's REST API answers 500 ms late for 30 s",
  ],
  [{ kind: "rest-fails", atMs: 5_000, status: 503, forMs: 30_000 }, "Flink's REST API answers 503 for 30 s"],
])("trouble is told when it comes: %j", (trouble, sentence) => {
  expect(told(withLoad(() => 100, [trouble]))).toEqual([[5, sentence]]);
});

it("says at the start what no metric of Flink can show: a limit outside", () => {
  const world = aWorld({ vertices: [aSource("gen", stepLoad([[0, 1]]), { cap: 400 })], edges: [] });
  expect(told(world)).toEqual([
    [0, "what is behind gen of orders takes at most 400 records/s, whatever its parallelism"],
  ]);
});
