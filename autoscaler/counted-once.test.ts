import { describe, expect, it } from "vitest";
import { ABSENT, type Graph, type Observation, STALE, type Window } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation } from "../test/support/observations.ts";
import { aConfig } from "../test/support/scale-inputs.ts";
import { countedOnce } from "./counted-once.ts";
import { NO_HISTORY, summarize } from "./summarize.ts";

const aWindow = (observations: readonly Observation[]): Window => {
  const [from, to] = [observations[0]?.at ?? 0, observations.at(-1)?.at ?? 0];
  return { observations, from, to, coverage: 1, watchedMs: to - from };
};

const BROADCAST: Graph = aGraph("s>a", {}, "BROADCAST");
const READ = { parallelism: 3, inRate: 30, outRate: 10, readRecords: 150, costMs: 2, busyShare: 0.5 };

const seenOf = (graph: Graph) =>
  countedOnce(aWindow([anObservation(0, graph, { s: { inRate: 10 }, a: READ })])).observations[0]?.vertices[
    "a"
  ];

describe("countedOnce", () => {
  it("counts a record once that every subtask reads, at all that it costs them", () => {
    expect(seenOf(BROADCAST)).toMatchObject({
      parallelism: 3,
      inRate: { value: 10 },
      readRecords: { value: 50 },
      costMs: { value: 6 },
      outRate: { value: 10 },
      busyShare: { value: 0.5 },
    });
  });

  it.each<[string, Graph]>([
    ["nothing is broadcast", aGraph("s>a")],
    [
      "only the settings of a stream are broadcast",
      {
        ...aGraph("s>a t>a"),
        edges: [
          { from: "s", to: "a", ship: "REBALANCE" },
          { from: "t", to: "a", ship: "BROADCAST" },
        ],
      },
    ],
  ])("leaves what was read where %s", (_, graph) => {
    expect(seenOf(graph)).toMatchObject({ inRate: { value: 30 }, costMs: { value: 2 } });
  });

  it("leaves missing what is missing", () => {
    const window = aWindow([
      anObservation(0, BROADCAST, { a: { parallelism: 3 } }),
      aStaleObservation(1, BROADCAST),
    ]);
    const [absent, stale] = countedOnce(window).observations.map((o) => o.vertices["a"]?.inRate);
    expect([absent, stale]).toEqual([ABSENT, STALE]);
  });
});

it("what arrives below broadcasts is known right after they got more subtasks", () => {
  // Three stages, of which each hands on every record once. Before the rescale they had one subtask, now three.
  const chain = aGraph("s>a a>b b>c", {}, "BROADCAST");
  const look = (at: number, parallelism: number) => {
    const stage = {
      parallelism,
      inRate: 10 * parallelism,
      outRate: 10,
      readRecords: 50 * parallelism,
      costMs: 20,
    };
    const graph = { ...chain, vertices: chain.vertices.map((v) => ({ ...v, parallelism })) };
    const source = {
      parallelism: 1,
      inRate: 10,
      outRate: 10,
      pendingGrowth: 0,
      readRecords: 50,
      costMs: 0.1,
    };
    return anObservation(at, graph, { s: source, a: stage, b: stage, c: stage });
  };
  const looks = [...Array.from({ length: 20 }, (_, i) => look(i * 2_000, 1)), look(40_000, 3)];
  const { vertices } = summarize(aWindow(looks), NO_HISTORY, aConfig());
  expect(Object.values(vertices).map((v) => v.arrivalRate)).toEqual([10, 10, 10, 10]);
});
