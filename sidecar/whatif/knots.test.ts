import { describe, expect, it } from "vitest";
import { type Knot, loadThrough, withBacklog } from "./knots.ts";

describe("a load through knots", () => {
  it.each<[string, readonly Knot[], number, number, number]>([
    ["holds the only rate", [[0, 10]], 5_000, 10, 50],
    [
      "goes straight between two",
      [
        [0, 0],
        [10_000, 100],
      ],
      5_000,
      50,
      125,
    ],
    [
      "holds the last rate",
      [
        [0, 0],
        [10_000, 100],
      ],
      12_000,
      100,
      700,
    ],
    [
      "holds the first rate before it",
      [
        [4_000, 10],
        [8_000, 30],
      ],
      6_000,
      20,
      70,
    ],
    ["counts nothing before the start", [[0, 10]], -1, 10, 0],
  ])("%s", (_, knots, at, rate, arrived) => {
    const load = loadThrough(knots);
    expect(load.rateAt(at)).toBeCloseTo(rate, 9);
    expect(load.arrivedBy(at)).toBeCloseTo(arrived, 9);
  });

  it("has what waits from the first moment on", () => {
    const load = withBacklog(loadThrough([[0, 10]]), 500);
    expect([0, 1, 1_000].map((ms) => load.arrivedBy(ms))).toEqual([0, 500.01, 510]);
    expect(load.rateAt(0)).toBe(10);
  });
});
