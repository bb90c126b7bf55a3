import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLoadCurve, linesOfMinutes, linesOfPoints, linesOfSine } from "./load-curve.ts";

const step = (atMs: number, rate: number, rampMs = 0) => ({ atMs, rate, rampMs });

describe("a load curve", () => {
  const steps = createLoadCurve(linesOfPoints([step(0, 100), step(10_000, 300)], false));
  const ramp = createLoadCurve(linesOfPoints([step(0, 100), step(10_000, 300, 10_000)], false));
  const late = createLoadCurve(linesOfPoints([step(5_000, 100)], false));
  const again = createLoadCurve(linesOfPoints([step(5_000, 100), step(10_000, 300)], true), 20_000);
  const trace = createLoadCurve(
    linesOfMinutes(
      [
        [0, 60],
        [5, 120],
      ],
      undefined,
    ),
  );
  const round = createLoadCurve(
    linesOfMinutes(
      [
        [1, 0],
        [3, 120],
      ],
      240_000,
    ),
    240_000,
  );
  const day = createLoadCurve(
    linesOfSine({ mean: 100, amplitude: 100, periodMs: 86_400_000, peakAtMs: 50_400_000 }),
    86_400_000,
  );

  it.each([
    ["keeps a step's rate until the next one", steps, 9_999, 100, 999.9],
    ["has the new rate from the moment of a step on", steps, 10_000, 300, 1_000],
    ["keeps the last rate for ever", steps, 20_000, 300, 4_000],
    // 1000 + 5 s × (100 + 200) / 2
    ["is half way up in the middle of a ramp", ramp, 15_000, 200, 1_750],
    ["holds what a ramp has reached", ramp, 30_000, 300, 6_000],
    ["is 0 before its first point", late, 4_000, 0, 0],
    // Before the first point the last rate holds: 5 s × 300 + 5 s × 100 + 10 s × 300.
    ["starts anew after its period", again, 20_000, 300, 5_000],
    ["repeats the same records in every period", again, 40_000, 300, 10_000],
    ["joins minutes by straight lines", trace, 150_000, 90, 150 * 75],
    ["keeps the last minute's rate", trace, 600_000, 120, 300 * 90 + 300 * 120],
    ["joins the last minute to the first of the next period", round, 240_000, 60, 240 * 60],
    ["has its trough half a period from the peak", day, 7_200_000, 0, undefined],
    ["has its peak where it is said", day, 50_400_000, 200, undefined],
    ["has its mean over a whole period", day, 86_400_000, undefined, 86_400 * 100],
    ["is nothing before the epoch", steps, -5_000, undefined, 0],
  ])("%s", (_name, curve, at, rate, arrived) => {
    if (rate !== undefined) expect(curve.rateAt(at)).toBeCloseTo(rate, 2);
    if (arrived !== undefined) expect(curve.arrivedBy(at)).toBeCloseTo(arrived, 2);
  });

  it.each([
    ["the last rate, where it stays", steps, 300],
    ["the mean of a period, where it repeats", again, 250],
    ["the mean of a sine", day, 100],
  ])("has as its mean %s", (_name, curve, mean) => {
    expect(curve.meanRate).toBeCloseTo(mean, 6);
  });
});

const rate = fc.double({ min: 0, max: 1e6, noNaN: true });
/** Points at whole seconds, so that inside a second every curve is one straight line. */
const points = fc
  .array(fc.record({ gap: fc.nat(20), ramp: fc.nat(10), rate }), { minLength: 1, maxLength: 8 })
  .map((list) => {
    let seconds = 0;
    return list.map((p) => {
      const point = step((seconds + p.gap) * 1_000, p.rate, p.ramp * 1_000);
      seconds += p.gap + p.ramp;
      return point;
    });
  });
const curve = fc
  .record({ points, more: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }) })
  .map(({ points, more }) => {
    const last = points.at(-1) ?? step(0, 0);
    const repeatMs = more === undefined ? undefined : last.atMs + last.rampMs + more * 1_000;
    return createLoadCurve(linesOfPoints(points, repeatMs !== undefined), repeatMs);
  });

describe("for every load curve", () => {
  it("the arrivals are the integral of the rate", () => {
    fc.assert(
      fc.property(curve, fc.nat(300), fc.nat(60), (c, start, length) => {
        let sum = 0;
        for (let second = start; second < start + length; second++) sum += c.rateAt(second * 1_000 + 500);
        const arrived = c.arrivedBy((start + length) * 1_000) - c.arrivedBy(start * 1_000);
        expect(arrived).toBeCloseTo(sum, 1);
      }),
    );
  });
  it("arrivals never fall, not even by rounding", () => {
    const moment = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(curve, moment, fc.double({ min: 0, max: 1e4, noNaN: true }), (c, at, later) => {
        expect(c.arrivedBy(at + later)).toBeGreaterThanOrEqual(c.arrivedBy(at));
      }),
      { numRuns: 2_000 },
    );
  });
  it("the rate is never negative and always a number", () => {
    fc.assert(
      fc.property(curve, fc.double({ min: 0, max: 1e9, noNaN: true }), (c, at) => {
        expect(c.rateAt(at)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
