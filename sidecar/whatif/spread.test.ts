import { describe, expect, it } from "vitest";
import { spread, spreadKeepingMean } from "./spread.ts";

const load = (values: readonly (number | null)[]) => ({ name: "shop", stepMinutes: 1, values });
const ZEROS_AND_PEAKS = [0, 0, 300, 300];

describe("a load spread to a peak of so many times its mean", () => {
  it.each<[string, readonly (number | null)[], number]>([
    ["more than it has", [100, 200, 300, 200], 2],
    ["less than it has", [100, 200, 300, 200], 1.1],
    ["what any exponent gives", ZEROS_AND_PEAKS, 2],
    ["more than it has, with gaps and zeros", [0, 100, null, 400, 200], 3],
  ])("has %s", (_, values, ratio) => {
    for (const spreading of [spread, spreadKeepingMean]) {
      const present = spreading(load(values), ratio).values.filter((v) => v !== null);
      const mean = present.reduce((a, b) => a + b, 0) / present.length;
      expect(Math.max(...present) / mean).toBeCloseTo(ratio, 6);
    }
  });

  it("has no load where there was none, and gaps where there were gaps", () => {
    expect(spread(load([0, 100, null, 400, 200]), 1.4).values[0]).toBe(0);
    expect(spread(load([0, 100, null, 400, 200]), 1.4).values[2]).toBeNull();
  });

  it("follows the documented formula: mean × (rate / mean)^k", () => {
    // 1 and 3 around 2, with k = 2 that is 0.5 and 4.5: a peak of 1.8 times the mean.
    const [low, high] = spread(load([1, 3]), 1.8).values;
    expect([low, high]).toEqual([expect.closeTo(0.5, 9), expect.closeTo(4.5, 9)]);
    expect(spreadKeepingMean(load([1, 3]), 1.8).values).toEqual([
      expect.closeTo(0.4, 9),
      expect.closeTo(3.6, 9),
    ]);
  });

  it.each<[string, readonly (number | null)[], number, string]>([
    ["a peak that no exponent makes", ZEROS_AND_PEAKS, 20, "can be from 2.00 to 2.00"],
    ["less than its zeros leave", ZEROS_AND_PEAKS, 1.5, "can be from 2.00 to 2.00"],
    ["more than it has values", [100, 400], 20, "can be from 1.00 to 2.00"],
    ["a billion", [100, 200, 300, 200], 1e9, "can be from 1.00 to 4.00"],
    ["of one that is constant", [5, null, 5], 2, "it is constant"],
    ["of one that is always 0", [0, 0], 2, "no rate above 0"],
  ])("%s is refused, with what is possible", (_, values, ratio, words) => {
    expect(() => spread(load(values), ratio)).toThrow(`of ${ratio} times its mean: `);
    expect(() => spread(load(values), ratio)).toThrow(words);
  });
});
