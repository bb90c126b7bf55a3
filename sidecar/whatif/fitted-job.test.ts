import { describe, expect, it } from "vitest";
import type { Graph, ScaleInputs, VertexInputs } from "../../model/index.ts";
import { fitJob } from "./fitted-job.ts";

const GRAPH: Graph = {
  vertices: ["gen", "parse", "sink"].map((id) => ({
    id,
    name: id,
    parallelism: 2,
    maxParallelism: 128,
    slotSharingGroup: "default",
  })),
  edges: [
    { from: "gen", to: "parse", ship: "RESCALE" },
    { from: "parse", to: "sink", ship: "HASH" },
  ],
};

function vertex(id: string, changes: Partial<VertexInputs>): VertexInputs {
  return {
    name: id,
    parallelism: 2,
    maxParallelism: 128,
    slotSharingGroup: "default",
    source: id === "gen",
    partitions: null,
    arrivalRate: 100,
    capacity: 400,
    selectivity: 1,
    beta: 0.8,
    confidence: 0,
    measured: [],
    hottestShare: null,
    bound: null,
    ...changes,
  } as VertexInputs;
}

function fitOf(
  changes: Partial<Record<string, Partial<VertexInputs>>> = {},
  more: Partial<ScaleInputs> = {},
  pausesSeen = 0,
) {
  const vertices = Object.fromEntries(GRAPH.vertices.map(({ id }) => [id, vertex(id, changes[id] ?? {})]));
  const inputs = {
    vertices,
    backlog: 7,
    restartPauseMs: 4_000,
    slotsFree: 3,
    pressure: { checkpointIntervalMs: 10_000 },
    ...more,
  } as unknown as ScaleInputs;
  const context = { job: "c/n/j", at: 0, graph: GRAPH, lagObjectiveMs: 30_000, load: null, pausesSeen };
  return fitJob(inputs, context);
}

describe("a fitted job", () => {
  it("has the graph, the shares and the slots of the job", () => {
    const { rate, backlog, slots, vertices, edges } = fitOf({ sink: { arrivalRate: 20 } });
    expect({ rate, backlog, slots }).toEqual({ rate: 100, backlog: 7, slots: 5 });
    expect(vertices.map((v) => v.share)).toEqual([1, 1, 0.2]);
    expect(edges.map(({ ship, selectivity }) => [ship, selectivity])).toEqual([
      ["REBALANCE", 1],
      ["HASH", 0.2],
    ]);
  });

  it("is as fast as it was measured, and beyond that as its power law says", () => {
    const measured = [
      [2, 350],
      [8, 1_000],
    ] as const;
    const points = fitOf({ parse: { measured } }).vertices[1]?.capacity ?? [];
    // The present cost counts more than what was measured with the same size.
    expect(points.map(([p]) => p)).toEqual([1, 2, 8, 16]);
    expect(points[0]?.[1]).toBeCloseTo(400 / 2 ** 0.8, 9);
    expect(points[1]?.[1]).toBe(400);
    expect(points[3]?.[1]).toBeCloseTo(1_000 * 2 ** 0.8, 9);
  });

  it("keeps a hot key, not the unevenness of a hash", () => {
    const hot = (hottestShare: number) => fitOf({ sink: { hottestShare } }).edges[1]?.hotShare;
    expect(hot(0.75)).toBeCloseTo(0.5, 9);
    expect(hot(0.51)).toBe(0);
  });

  it("says what it takes for granted", () => {
    expect(fitOf().assumed.join(" ")).toContain("was never measured: the configured 4 s");
    const sure = { confidence: 1 };
    expect(fitOf({ gen: { ...sure, partitions: 8 }, parse: sure, sink: sure }).assumed).toHaveLength(1);
  });

  it.each([
    [0, ["No pause was seen in the rescales so far: none is taken."]],
    [800, []],
  ])("with pauses of %d ms learned says of them %j", (restartPauseMs, words) => {
    const { assumed } = fitOf({}, { restartPauseMs }, 1);
    expect(assumed.filter((a) => /pause/.test(a))).toEqual(words);
  });

  it.each<[string, Partial<Record<string, Partial<VertexInputs>>>, Partial<ScaleInputs>, string]>([
    ["an arrival rate", { parse: { arrivalRate: null } }, {}, "not assessed: arrival rate of parse"],
    ["a cost", { sink: { capacity: null } }, {}, "not assessed: cost per record of sink"],
    ["the backlog", {}, { backlog: null }, "not assessed: backlog"],
    ["any load", { gen: { arrivalRate: 0 } }, {}, "nothing arrives"],
  ])("without %s is refused", (_, changes, more, text) => {
    expect(() => fitOf(changes, more)).toThrow(text);
  });
});
