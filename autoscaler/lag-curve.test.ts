import { describe, expect, it } from "vitest";
import { type Course, lagCurve } from "./lag-curve.ts";

const course = (changes: Partial<Course> = {}): Course => ({
  load: [1_500],
  stepMs: 60_000,
  before: 500,
  after: 2_500,
  backlog: 8_000,
  pauseMs: 1_000,
  horizonMs: 60_000,
  ...changes,
});

describe("lagCurve", () => {
  it("grows by the pause and drains by what is left over", () => {
    // 8,000 + 1 s × 1,500 = 9,500, then 1,000/s less: gone (1.5 s of load = 2,250) after 1 + 7.25 s → 9 s.
    const curve = lagCurve(course(), 30_000);
    expect(curve.peakMs).toBeCloseTo(9_500 / 1.5, 6);
    expect(curve.goneAfterMs).toBe(9_000);
    expect(curve.outsideMs).toBe(0);
  });

  it("without the change keeps growing, and counts the time outside the objective", () => {
    // Lag 5.3 s now, + 2/3 s a second: above 10 s after 7 s.
    const curve = lagCurve(course({ pauseMs: null }), 10_000);
    expect(curve.goneAfterMs).toBeNull();
    expect(curve.outsideMs).toBe(53_000);
  });

  it("follows the load step by step", () => {
    const curve = lagCurve(
      course({ load: [1_500, 100], backlog: 0, pauseMs: null, horizonMs: 120_000 }),
      1e9,
    );
    // 60 s × 1,000/s, then 400/s less for 60 s; 36,000 left at 100/s are six minutes of lag.
    expect(curve.lagMs.at(-1)).toBeCloseTo(360_000, 0);
  });

  it("a backlog that nothing follows lasts as long as one looks", () => {
    expect(lagCurve(course({ load: [0], before: 0, pauseMs: null }), 1_000).peakMs).toBe(60_000);
  });

  it("is never longer than its bound however far one looks", () => {
    expect(lagCurve(course({ horizonMs: 86_400_000 }), 1).lagMs.length).toBeLessThanOrEqual(361);
  });
});
