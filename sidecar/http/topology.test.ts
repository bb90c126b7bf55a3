import { describe, expect, it } from "vitest";
import { ABSENT, type Graph, type Observation, type Reading, STALE } from "../../model/index.ts";
import { topologyOf } from "./topology.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const GRAPH: Graph = {
  vertices: [{ id: "a", name: "source", parallelism: 1, maxParallelism: 128, slotSharingGroup: "x" }],
  edges: [{ from: "a", to: "b", ship: "HASH" }],
};
const of = (value: number): Reading => ({ kind: "value", value });

function seen(ageMs: number, busyShare: Reading, changes: Partial<Observation> = {}): Observation {
  return {
    at: NOW - ageMs,
    state: "RUNNING",
    flinkJobId: "f",
    runningSince: 0,
    graph: GRAPH,
    vertices: { a: { busyShare, inRate: of(5), outRate: ABSENT, backPressuredShare: STALE } },
    edges: [{ from: "a", to: "b", inFlight: of(3) }],
    ...changes,
  } as unknown as Observation;
}

const busy = (...observations: Observation[]) => topologyOf(GRAPH, observations).vertices[0]?.busyShare;

describe("a topology", () => {
  it.each([
    ["takes the newest reading", [seen(4_000, of(0.1)), seen(0, of(0.4))], 0.4],
    ["goes back over a stale one", [seen(4_000, of(0.1)), seen(0, STALE)], 0.1],
    ["does not go back over half a minute", [seen(31_000, of(0.1)), seen(0, STALE)], null],
    [
      "does not take numbers of an attempt before",
      [seen(4_000, of(0.1), { runningSince: -1 }), seen(0, STALE)],
      null,
    ],
    [
      "does not take numbers of another state",
      [seen(4_000, of(0.1)), seen(0, STALE, { state: "RESTARTING" })],
      null,
    ],
    ["is empty before anything was read", [], null],
  ])("%s", (_name, observations, expected) => {
    expect(busy(...observations)).toBe(expected);
  });

  it("calls nothing 0 that is missing", () => {
    const { at, vertices, edges } = topologyOf(GRAPH, [seen(0, of(0.5))]);
    expect(at).toBe(NOW);
    expect(vertices).toMatchObject([
      { inRate: 5, outRate: null, backPressuredShare: null, pendingRecords: null },
    ]);
    expect(edges).toMatchObject([{ inFlight: 3 }]);
  });
});
