import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aVertex } from "../test/support/scale-inputs.ts";
import { capOf, hottestShare, nextUseful, smallestSufficient } from "./align.ts";

const keyed = aVertex({ hashed: true, maxParallelism: 128 });
const partitioned = aVertex({ source: true, partitions: 12 });

describe("hottestShare", () => {
  it.each([
    // 128 key groups: 43 of them meet in the hottest of 3, 2 in the hottest of 64 … 127.
    [keyed, 3, 43 / 128],
    [keyed, 64, 2 / 128],
    [keyed, 127, 2 / 128],
    [keyed, 128, 1 / 128],
    [partitioned, 11, 2 / 12],
    [partitioned, 12, 1 / 12],
    [aVertex(), 3, 1 / 3],
  ])("%#: deals whole units out", (vertex, p, share) => {
    expect(hottestShare(vertex, p)).toBeCloseTo(share, 12);
  });

  it("never grows with parallelism", () => {
    const vertex = fc
      .integer({ min: 1, max: 2_000 })
      .map((n) => aVertex({ hashed: true, maxParallelism: n }));
    fc.assert(
      fc.property(
        vertex,
        fc.integer({ min: 1, max: 2_000 }),
        (v, p) => hottestShare(v, p + 1) <= hottestShare(v, p),
      ),
    );
  });
});

describe("smallestSufficient", () => {
  const wide = { min: 1, max: 128 };
  it.each([
    ["takes no more than is needed", aVertex(), 4.3, wide, 5],
    ["climbs the staircase of key groups: 43 of 128 are too much for a third of 2.99", keyed, 2.99, wide, 4],
    ["jumps from 2 key groups a subtask to 1", keyed, 64.5, wide, 128],
    ["knows that 6 read 12 partitions as well as 11 do", partitioned, 20, { min: 1, max: 11 }, 6],
    ["takes every partition where it may", partitioned, 20, { min: 1, max: 12 }, 12],
    ["never goes below the lower bound", aVertex(), 0, { min: 3, max: 8 }, 3],
    ["never goes above the upper bound", aVertex(), 99, { min: 1, max: 8 }, 8],
  ])("%s", (_, vertex, need, bounds, expected) => {
    // A subtask does one unit of work: what p of them carry is bound by the hottest.
    const carried = (p: number) => 1 / hottestShare(vertex, p);
    expect(smallestSufficient(carried, need, bounds)).toBe(expected);
    const next = (p: number) => nextUseful(vertex, p);
    expect(smallestSufficient(carried, need, bounds, { next })).toBe(expected);
  });
});

describe("capOf", () => {
  it.each([
    ["key groups", aVertex({ maxParallelism: 4 }), { min: 1, max: 4 }],
    ["partitions at a source", partitioned, { min: 1, max: 12 }],
    ["nothing else", aVertex({ partitions: 2 }), { min: 1, max: 100 }],
  ])("cuts by %s", (_, vertex, expected) => {
    expect(capOf(vertex, { min: 1, max: 100 })).toEqual(expected);
  });

  it("lets the cut rule over the lower bound", () => {
    expect(capOf(aVertex({ maxParallelism: 4 }), { min: 8, max: 100 })).toEqual({ min: 4, max: 4 });
  });
});

it.each([
  ["key groups", 0, aVertex({ hashed: true, maxParallelism: 0 })],
  ["key groups", -1, aVertex({ maxParallelism: -1 })],
  ["partitions", 0, aVertex({ source: true, partitions: 0 })],
])("a number of %s of %d is unknown, and no bound", (_, __, vertex) => {
  expect(capOf(vertex, { min: 2, max: 40 })).toEqual({ min: 2, max: 40 });
});
