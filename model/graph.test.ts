import { describe, expect, it } from "vitest";
import { aGraph } from "../test/support/observations.ts";
import {
  inputsOf,
  isSource,
  outputsOf,
  parallelismOf,
  slotsNeeded,
  topologicalOrder,
  vertexName,
} from "./graph.ts";

const orderOf = (text: string) => topologicalOrder(aGraph(text)).map((v) => v.id);

describe("topologicalOrder", () => {
  it.each([
    ["keeps a chain", "a>b b>c", ["a", "b", "c"]],
    ["turns a chain that is listed backwards", "c b>c a>b", ["a", "b", "c"]],
    ["puts the end of a diamond last", "d a>b a>c b>d c>d", ["a", "b", "c", "d"]],
    ["keeps ties in the graph's own order", "b a b>z a>z", ["b", "a", "z"]],
    ["puts a cycle last in its given order instead of hanging", "x>y y>x a>b", ["a", "b", "x", "y"]],
    ["keeps a vertex that feeds itself", "a>a", ["a"]],
  ])("%s", (_, text, expected) => {
    expect(orderOf(text)).toEqual(expected);
  });
});

describe("a graph", () => {
  const graph = aGraph("a>c b>c c>d");

  it("has sources where nothing comes in", () => {
    expect(graph.vertices.filter((v) => isSource(graph, v.id)).map((v) => v.id)).toEqual(["a", "b"]);
  });

  it("knows the edges of a vertex", () => {
    expect(inputsOf(graph, "c").map((e) => e.from)).toEqual(["a", "b"]);
    expect(outputsOf(graph, "c").map((e) => e.to)).toEqual(["d"]);
  });

  it("calls an unknown vertex by its id", () => {
    expect(vertexName(graph, "nobody")).toBe("nobody");
  });

  it("tells its parallelism by id", () => {
    expect(parallelismOf(aGraph("a>b", { parallelism: 3 }))).toEqual({ a: 3, b: 3 });
  });

  it("needs the largest parallelism of each slot sharing group", () => {
    const heavy = { slotSharingGroup: "heavy" };
    const apart = { ...graph, vertices: graph.vertices.map((v) => (v.id === "c" ? { ...v, ...heavy } : v)) };
    // default: max(2, 1, 1) = 2; heavy: 5.
    expect(slotsNeeded(apart, { a: 2, c: 5 })).toBe(7);
  });
});
