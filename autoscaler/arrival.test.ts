import { describe, expect, it } from "vitest";
import { aGraph, anObservation, aStaleObservation, type Numbers } from "../test/support/observations.ts";
import { arrivalSamples, estimateArrival } from "./arrival.ts";

const PATIENCE = 600_000;
/** One reading per 5 s of task time. */
const samplesOf = (rates: readonly number[]) =>
  rates.map((rate, i) => ({ at: i * 5_000, rate, taskMs: 5_000 }));
const estimate = (...rates: number[]) => estimateArrival(samplesOf(rates), PATIENCE);

describe("estimateArrival", () => {
  it.each([
    ["a level is settled", [250, 250, 250, 250], 250, true],
    ["a step whose newest readings disagree is not settled", [250, 250, 250, 900, 1_500], 1_200, false],
    [
      "a step is settled once two readings agree, and only they count",
      [250, 250, 250, 900, 1_500, 1_500],
      1_500,
      true,
    ],
    ["a clean step counts from its first reading", [250, 250, 250, 1_500, 1_500], 1_500, true],
    ["a single reading far off is not yet a step", [250, 250, 250, 1_500], (3 * 250 + 1_500) / 4, false],
    ["a step down is a step too", [1_500, 1_500, 1_500, 250, 250], 250, true],
    [
      "a ramp settles after four readings on the mean of the newest two",
      [250, 250, 250, 400, 600, 800, 1_000],
      900,
      true,
    ],
    ["a ramp of three readings has not settled", [250, 250, 250, 400, 600, 800], 700, false],
    ["a jump of what is pending is no rate", [250, 250, 250, 50_000, 250, 250], 250, true],
    ["what jumps again and again is how a source reports", [0, 600, 0, 0, 600, 0], 200, true],
    ["nothing arriving is a level", [0, 0, 0], 0, true],
    ["one reading is taken as it is", [250], 250, true],
  ])("%s", (_, rates, rate, settled) => {
    const found = estimate(...rates);
    expect(found?.rate).toBeCloseTo(rate, 6);
    expect(found?.settled).toBe(settled);
  });

  it.each([
    ["rises while a step up is new", [250, 250, 250, 400, 600], true],
    ["does not rise at a level", [250, 250, 250, 250], false],
    ["does not rise in a step down", [600, 600, 600, 250, 250], false],
    ["does not rise when the step is long ago", [250, 250, ...new Array(12).fill(600)], false],
  ])("%s", (_, rates, rising) => {
    expect(estimate(...rates)?.rising).toBe(rising);
  });

  it("takes noise of ±10 % for one level", () => {
    const noisy = Array.from({ length: 24 }, (_, i) => 1_000 * (1 + 0.1 * Math.sin(i * 2.4)));
    for (let n = 3; n <= noisy.length; n++) {
      const found = estimate(...noisy.slice(0, n));
      expect(found?.settled).toBe(true);
      expect(Math.abs((found?.rate ?? 0) - 1_000)).toBeLessThan(100);
    }
  });

  it("does not mind a gap between readings of one level", () => {
    const gap = [...samplesOf([250, 250, 250]), { at: 90_000, rate: 255, taskMs: 5_000 }];
    expect(estimateArrival(gap, PATIENCE)).toMatchObject({ settled: true });
  });

  it("remembers the highest two neighbouring readings as the peak", () => {
    expect(estimate(250, 250, 1_000, 1_000, 250, 250, 250)?.peak).toBe(1_000);
  });

  it("forgets a peak that is older than the patience", () => {
    const samples = samplesOf([1_000, 1_000, 250, 250, 250, 250, 250]);
    // The last reading is at 30 s: 20 s back only 250s are left, the mean with the neighbour before included.
    expect(estimateArrival(samples, 15_000)?.peak).toBe(250);
  });

  it("has nothing to say without a reading", () => {
    expect(estimateArrival([], PATIENCE)).toBeUndefined();
  });
});

describe("arrivalSamples", () => {
  const graph = aGraph("s");
  const ratesOf = (...seen: Numbers[]) =>
    arrivalSamples(
      seen.map((s, i) => anObservation(i, graph, { s })),
      "s",
    ).map((s) => s.rate);

  it.each<[string, Numbers, number[]]>([
    ["are consumption and growth of what is pending", { inRate: 250, pendingGrowth: 100 }, [350]],
    ["count a draining backlog off", { inRate: 250, pendingGrowth: -200 }, [50]],
    ["never fall below 0", { inRate: 250, pendingGrowth: -300 }, [0]],
    [
      "are consumption alone at a free source without pending records",
      { inRate: 250, backPressuredShare: 0 },
      [250],
    ],
    [
      "are left out where a held source says nothing of the load",
      { inRate: 250, backPressuredShare: 0.5 },
      [],
    ],
    ["are left out where nobody knows whether the source is held", { inRate: 250 }, []],
    ["are left out without consumption", { pendingGrowth: 100 }, []],
  ])("%s", (_, numbers, expected) => {
    expect(ratesOf(numbers)).toEqual(expected);
  });

  it("leave out stale polls", () => {
    expect(arrivalSamples([aStaleObservation(0, graph)], "s")).toEqual([]);
  });
});
