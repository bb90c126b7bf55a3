import { describe, expect, it } from "vitest";
import { Combination } from "./combination.ts";

/** Lets experts speak and learn `count` times; gives the weights after it. */
function weightsAfter(
  combination: Combination,
  count: number,
  said: (i: number) => readonly number[],
  actual = 100,
) {
  for (let i = 0; i < count; i++) {
    const values = said(i);
    const mixed = combination.mix(values, 0);
    combination.learn(values, 0, mixed, actual, 100);
  }
  const values = said(count);
  const mixed = combination.mix(values, 0);
  return { mixed, weights: values.map((_, i) => combination.weightOf(i)) };
}

describe("a combination", () => {
  it("believes the first expert before there is evidence", () => {
    expect(new Combination(2, 0, 1).mix([5, 9], 0)).toBe(5);
  });

  it("comes to believe the expert that is right", () => {
    const { mixed, weights } = weightsAfter(new Combination(3, 0, 1), 50, () => [120, 100, 130]);
    expect(weights[1]).toBeGreaterThan(0.9);
    expect(mixed).toBeCloseTo(100, 0);
  });

  it("mixes experts whose errors cancel into something better than each", () => {
    const { mixed } = weightsAfter(new Combination(2, 0, 0.99), 400, () => [110, 90]);
    expect(Math.abs(mixed - 100)).toBeLessThan(4);
  });

  it("gives no credit to a wild expert for being on the right side", () => {
    const { weights } = weightsAfter(new Combination(2, 0, 1), 20, () => [98, 900]);
    expect(weights[1]).toBe(0);
  });

  it("leaves out an expert that says nothing, and takes it up where it was", () => {
    const combination = new Combination(2, 0, 1);
    weightsAfter(combination, 30, () => [120, 100]);
    expect(combination.mix([120, Number.NaN], 0)).toBe(120);
    expect(combination.mix([120, 100], 0)).toBeCloseTo(100, 0);
  });

  it("says nothing when the first expert says nothing and no other is known", () => {
    expect(new Combination(2, 0, 1).mix([Number.NaN, 3], 0)).toBeNaN();
  });

  it("forgets: an expert that turned bad loses its weight", () => {
    const combination = new Combination(2, 0, 0.9);
    weightsAfter(combination, 100, () => [130, 100]);
    const { weights } = weightsAfter(combination, 100, () => [100, 130]);
    expect(weights[0]).toBeGreaterThan(0.9);
  });
});
