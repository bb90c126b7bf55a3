import { describe, expect, it } from "vitest";
import { aGraph, anObservation, type Numbers } from "../test/support/observations.ts";
import { newestReadings } from "./newest-readings.ts";
import { arrivalRates, inflowsOf, selectivityOf } from "./selectivity.ts";

function arriving(text: string, seen: Readonly<Record<string, Numbers>>, sources: Record<string, number>) {
  const graph = aGraph(text);
  const inflows = inflowsOf(graph, newestReadings(graph, [anObservation(0, graph, seen)]));
  return Object.fromEntries(arrivalRates(inflows, new Map(Object.entries(sources))));
}

describe("arrivalRates", () => {
  it("follow what a filter lets through", () => {
    // The filter reads 100/s and writes 20/s: of 1000 records/s 200 arrive below it.
    const seen = { s: { inRate: 100, outRate: 100 }, f: { inRate: 100, outRate: 20 }, k: { inRate: 20 } };
    expect(arriving("s>f f>k", seen, { s: 1_000 })).toEqual({ s: 1_000, f: 1_000, k: 200 });
  });

  it("meet again at the end of a diamond", () => {
    const seen = {
      s: { inRate: 100, outRate: 200 },
      a: { inRate: 100, outRate: 100 },
      b: { inRate: 100, outRate: 50 },
      d: { inRate: 150 },
    };
    expect(arriving("s>a s>b a>d b>d", seen, { s: 300 })).toEqual({ s: 300, a: 300, b: 300, d: 450 });
  });

  it("follow what each of several outputs reads, because written records do not say where they went", () => {
    const seen = { s: { inRate: 100, outRate: 100 }, a: { inRate: 90 }, b: { inRate: 10 } };
    expect(arriving("s>a s>b", seen, { s: 1_000 })).toEqual({ s: 1_000, a: 900, b: 100 });
  });

  it("are not multiplied where settings are broadcast beside a main stream: what was read says what arrives", () => {
    // Eight subtasks deal out 1,000/s of the main stream, and each reads the one setting per second.
    const graph = {
      ...aGraph("main>v settings>v", { parallelism: 8 }),
      edges: [
        { from: "main", to: "v", ship: "REBALANCE" },
        { from: "settings", to: "v", ship: "BROADCAST" },
      ],
    };
    const seen = {
      main: { inRate: 1_000, outRate: 1_000 },
      settings: { inRate: 1, outRate: 1 },
      v: { inRate: 1_008 },
    };
    const inflows = inflowsOf(graph, newestReadings(graph, [anObservation(0, graph, seen)]));
    const arriving = arrivalRates(inflows, new Map(Object.entries({ main: 2_000, settings: 2 })));
    expect(arriving.get("v")).toBeCloseTo(2_016, 9);
  });

  it("add up the sources of a join", () => {
    const seen = { s: { inRate: 10, outRate: 10 }, t: { inRate: 30, outRate: 30 }, j: { inRate: 40 } };
    expect(arriving("s>j t>j", seen, { s: 100, t: 300 })).toEqual({ s: 100, t: 300, j: 400 });
  });

  it("are 0 below sources at which nothing arrives", () => {
    expect(arriving("s>a", { s: {}, a: {} }, { s: 0 })).toEqual({ s: 0, a: 0 });
  });

  it.each<[string, Record<string, Numbers>, Record<string, number>, string[]]>([
    ["where a source is unknown", { s: { inRate: 1, outRate: 1 }, a: { inRate: 1, outRate: 1 } }, {}, []],
    ["where nothing was read that could tell", { s: {}, a: {} }, { s: 5 }, ["s"]],
  ])("are missing, and all below too, %s", (_, seen, sources, known) => {
    expect(Object.keys(arriving("s>a a>b", seen, sources))).toEqual(known);
  });
});

describe("selectivityOf", () => {
  const graph = aGraph("v");
  const selectivity = (...seen: readonly Numbers[]) => {
    const observations = seen.map((v, i) => anObservation(i, graph, { v }));
    return selectivityOf(newestReadings(graph, observations).get("v"));
  };

  it("is records written per record read, over all readings", () => {
    expect(selectivity({ inRate: 100, outRate: 50 }, {})).toBe(0.5);
  });

  it("is unknown where nothing was read", () => {
    expect(selectivity({ inRate: 0, outRate: 0 })).toBeUndefined();
    expect(selectivity()).toBeUndefined();
  });
});
