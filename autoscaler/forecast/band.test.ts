import { describe, expect, it } from "vitest";
import { Residuals, upperOf, widen } from "./band.ts";

describe("the band", () => {
  it("ends where nearly all of what came stayed below", () => {
    const residuals = new Residuals(200);
    for (let i = 1; i <= 200; i++) residuals.add(100 + ((i * 7919) % 200) / 2, 100, 0);
    const share = residuals.quantile(1);
    expect(share).toBeGreaterThan(0.94);
    expect(share).toBeLessThan(0.98);
    expect(upperOf(100, share, 0)).toBeCloseTo(100 * (1 + share), 6);
  });

  it.each<[string, number, number]>([
    ["knows nothing from a few errors", 4, Number.NaN],
    ["is never below the forecast", 30, 0],
  ])("%s", (_, count, expected) => {
    const residuals = new Residuals(100);
    for (let i = 0; i < count; i++) residuals.add(80, 100, 0);
    expect(residuals.quantile(1)).toEqual(expected);
  });

  it("is wider the fewer errors there are for a horizon", () => {
    const share = (count: number) => {
      const residuals = new Residuals(1_000);
      for (let i = 0; i < count; i++) residuals.add(110, 100, 0);
      return residuals.quantile(96);
    };
    expect(share(48)).toBeGreaterThan(1.5 * share(960));
  });

  it("keeps the newest errors only", () => {
    const residuals = new Residuals(10);
    for (let i = 0; i < 30; i++) residuals.add(i < 20 ? 500 : 110, 100, 0);
    expect(residuals.quantile(0)).toBeCloseTo(0.1, 9);
  });

  it("has an end for a forecast of nothing, measured by the usual load", () => {
    const residuals = new Residuals(100);
    for (let i = 0; i < 50; i++) residuals.add(10, 0, 100);
    expect(upperOf(0, residuals.quantile(0), 100)).toBeCloseTo(10, 6);
  });

  it("takes no error of a forecast that was not made", () => {
    const residuals = new Residuals(100);
    for (let i = 0; i < 50; i++) residuals.add(10, Number.NaN, 100);
    expect(residuals.size).toBe(0);
  });
});

describe("the band over the horizons", () => {
  it.each<[string, readonly (readonly [number, number])[], readonly number[]]>([
    [
      "is a straight line between what is known",
      [
        [1, 0.1],
        [3, 0.3],
      ],
      [0.1, 0.2, 0.3, 0.3 * Math.sqrt(4 / 3)],
    ],
    ["grows with the root beyond it", [[1, 0.1]], [0.1, 0.1 * Math.sqrt(2), 0.1 * Math.sqrt(3), 0.2]],
    [
      "is flat before it",
      [
        [3, 0.3],
        [4, 0.4],
      ],
      [0.3, 0.3, 0.3, 0.4],
    ],
    [
      "leaves out what is not known",
      [
        [1, 0.1],
        [2, Number.NaN],
        [3, 0.3],
      ],
      [0.1, 0.2, 0.3, 0.3 * Math.sqrt(4 / 3)],
    ],
    [
      "takes the given share where nothing is known",
      [[1, Number.NaN]],
      [0.5, 0.5 * Math.sqrt(2), 0.5 * Math.sqrt(3), 1],
    ],
  ])("%s", (_, known, expected) => {
    const shares = widen(
      known.map(([horizon, share]) => ({ horizon, share })),
      4,
      0.5,
    );
    expected.forEach((share, i) => {
      expect(shares[i]).toBeCloseTo(share, 9);
    });
  });
});
