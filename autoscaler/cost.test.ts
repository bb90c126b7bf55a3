import { describe, expect, it } from "vitest";
import { aGraph, anObservation, type Numbers } from "../test/support/observations.ts";
import { costPerRecord, observedCapacity } from "./cost.ts";
import { newestReadings } from "./newest-readings.ts";

const GRAPH = aGraph("s>v");

describe("costPerRecord", () => {
  /** [cost, records, start of the attempt], each over 10 s of task time, oldest first. */
  const cost = (...seen: readonly (readonly [number, number, number])[]) => {
    const observations = seen.map(([costMs, readRecords, runningSince], i) =>
      anObservation(i, GRAPH, { v: { costMs, readRecords, taskMs: 10_000 } }, { runningSince }),
    );
    return costPerRecord(observations, "v", newestReadings(GRAPH, observations).get("v"));
  };

  it("weighs by records", () => {
    // (1 × 100 + 3 × 300) / 400
    expect(cost([1, 100, 0], [3, 300, 0])).toBe(2.5);
  });

  it("looks back 30 s of task time", () => {
    expect(cost([9, 100, 0], [1, 100, 0], [1, 100, 0], [1, 100, 0])).toBe(1);
  });

  it("forgets older attempts once the present one has records enough", () => {
    expect(cost([9, 1_000, 0], [1, 20, 5])).toBe(1);
  });

  it("lets older attempts help while the present one has too few", () => {
    // (9 × 90 + 1 × 10) / 100
    expect(cost([9, 90, 0], [1, 10, 5])).toBe(8.2);
  });

  it("leaves out readings in which the busy counter stood still or the record counter jumped", () => {
    expect(cost([2, 1_000, 0], [2, 1_000, 0], [2, 1_000, 0], [0, 1_000, 0])).toBe(2);
    expect(cost([2, 1_000, 0], [2, 1_000, 0], [2, 1_000, 0], [0.000_2, 1e7, 0], [2, 1_000, 0])).toBe(2);
  });

  it("takes records that have become cheaper as they are, once most readings say so", () => {
    expect(cost([2, 1_000, 0], [0.1, 1_000, 0], [0.1, 1_000, 0], [0.1, 1_000, 0])).toBeCloseTo(0.1);
    expect(cost([2, 1_000, 0], [2, 1_000, 0], [1, 1_000, 0], [1, 1_000, 0], [1, 1_000, 0])).toBe(1);
  });

  it("takes a vertex that is too cheap for whole milliseconds as it is", () => {
    expect(cost([0.2, 100, 0], [0.2, 100, 0], [0, 100, 0], [0.2, 100, 0])).toBeCloseTo(0.4 / 3);
  });

  it("is unknown below 20 records", () => {
    expect(cost([1, 19, 0])).toBeUndefined();
    expect(cost()).toBeUndefined();
  });
});

describe("observedCapacity", () => {
  const capacity = (s: Numbers, v: Numbers, upstream: readonly string[] = ["s"]) =>
    observedCapacity(anObservation(0, GRAPH, { s, v }), "v", upstream);
  const held = { backPressuredShare: 0.9 };
  const hiding = { inRate: 400, busyShare: 0.3, backPressuredShare: 0 };

  it("is what a vertex reads while it holds others back without being busy", () => {
    expect(capacity(held, hiding)).toBe(400);
  });

  it.each<[string, Numbers, Numbers]>([
    ["the busy time explains it", held, { ...hiding, busyShare: 0.95 }],
    ["itself is held back", held, { ...hiding, backPressuredShare: 0.6 }],
    ["nobody above is held back", { backPressuredShare: 0.1 }, hiding],
    ["nobody knows whether those above are", {}, hiding],
    ["it reads nothing", held, { ...hiding, inRate: 0 }],
    ["its busy time is missing", held, { inRate: 400, backPressuredShare: 0 }],
  ])("is not told where %s", (_, s, v) => {
    expect(capacity(s, v)).toBeUndefined();
  });

  it("is not told of a source", () => {
    expect(capacity(held, hiding, [])).toBeUndefined();
  });
});
