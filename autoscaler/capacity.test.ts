import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aVertex } from "../test/support/scale-inputs.ts";
import { carries, hotKeyShare, hotShareAt, PRIOR_BETA, scalingOf } from "./capacity.ts";
import type { CapacityPoint } from "./learned.ts";

const points = (rates: Readonly<Record<number, number>>, weight = 30): CapacityPoint[] =>
  Object.entries(rates).map(([p, rate]) => ({ parallelism: Number(p), rate, weight, at: 0 }));

describe("scalingOf", () => {
  it("knows nothing but the prior without points, and learns no slope from one", () => {
    expect(scalingOf([])).toEqual({ beta: PRIOR_BETA, confidence: 0, scatter: 0 });
    expect(scalingOf(points({ 4: 100 }))).toEqual({ beta: PRIOR_BETA, confidence: 0, scatter: 0 });
  });

  it.each([0.66, 0.81, 0.98])("finds the exponent %d that made the points", (beta) => {
    const made = points(Object.fromEntries([2, 5, 12, 25].map((p) => [p, 1_000 * p ** beta])));
    const found = scalingOf(made);
    expect(found.beta).toBeCloseTo(beta, 1);
    expect(found.confidence).toBeGreaterThan(0.8);
  });

  it("leans on the prior while little was seen", () => {
    const little = scalingOf(points({ 2: 2 ** 0.6, 4: 4 ** 0.6 }, 1));
    const much = scalingOf(points({ 2: 2 ** 0.6, 4: 4 ** 0.6 }, 60));
    expect(little.beta).toBeGreaterThan(much.beta);
    expect(little.confidence).toBeLessThan(0.25);
  });

  it("tells how far attempts stray from the curve, and nothing of it from two", () => {
    const honest = Object.fromEntries([2, 5, 12, 25].map((p) => [p, 1_000 * p ** 0.9]));
    expect(scalingOf(points(honest)).scatter).toBeLessThan(0.01);
    const strayed = scalingOf(points({ 4: 100, 5: 150, 6: 110, 8: 200 })).scatter;
    expect(strayed).toBeGreaterThan(0.1);
    expect(strayed).toBeLessThan(0.3);
    expect(scalingOf(points({ 4: 100, 8: 110 })).scatter).toBe(0);
  });

  it("stays sane whatever it is told", () => {
    const point = fc.record({
      parallelism: fc.integer({ min: 0, max: 1_000 }),
      rate: fc.double({ noNaN: true, min: -1, max: 1e12 }),
      weight: fc.double({ noNaN: true, min: 0, max: 1e6 }),
      at: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(point), (given) => {
        const { beta, confidence, scatter } = scalingOf(given);
        expect(scatter).toBeGreaterThanOrEqual(0);
        expect(scatter).toBeLessThan(Number.POSITIVE_INFINITY);
        expect(beta).toBeGreaterThanOrEqual(0.5);
        expect(beta).toBeLessThanOrEqual(1);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("carries", () => {
  const measured = aVertex({ capacity: 500, beta: 0.9, confidence: 1 });
  it("goes through what is measured now, along the curve", () => {
    expect(carries(measured, 1)).toBe(500);
    expect(carries(measured, 4)).toBeCloseTo(500 * 4 ** 0.9, 9);
  });

  it("takes the careful side where the curve is not yet known, in both directions", () => {
    const unknown = aVertex({ capacity: 500, parallelism: 4, beta: 0.9, confidence: 0 });
    expect(carries(unknown, 8)).toBeLessThan(500 * 2 ** 0.9);
    expect(carries(unknown, 2)).toBeLessThan(500 * 0.5 ** 0.9);
  });

  it("counts on less of sizes that the job does not have where its attempts differ", () => {
    const strays = aVertex({ capacity: 500, parallelism: 4, beta: 1, confidence: 1, scatter: 0.2 });
    expect(carries(strays, 4)).toBe(500);
    expect(carries(strays, 8)).toBeCloseTo(1_000 * Math.exp(-0.2), 9);
    expect(carries(strays, 2)).toBeCloseTo(250 * Math.exp(-0.2), 9);
    // One subtask more is never taken to be slower.
    expect(carries(strays, 5)).toBeCloseTo(625 * Math.exp(-0.2), 9);
    expect(carries({ ...strays, scatter: 0.3 }, 5)).toBe(500);
  });

  it("believes only the present where the work does not follow the records", () => {
    const vertex = { capacity: 500, parallelism: 4, beta: 1, confidence: 1, measured: [[2, 180]] } as const;
    expect(carries(aVertex(vertex), 2)).toBe(180);
    expect(carries(aVertex({ ...vertex, spread: 0.4 }), 2)).toBe(250);
    // Nor is the exponent that such points gave: 500 × 2^0.9.
    const strays = aVertex({ ...vertex, beta: 0.5, scatter: 0.3, spread: 0.4 });
    expect(carries(strays, 8)).toBeCloseTo(500 * 2 ** 0.9, 9);
  });

  it("makes no curve of points that contradict each other by far, though none strayed at its own size", () => {
    // Costs that drift: fewer subtasks were there when a record cost less.
    const vertex = aVertex({ capacity: 500, parallelism: 4, beta: 0.5, measured: [[2, 900]], confidence: 1 });
    expect(carries({ ...vertex, scatter: 0.4 }, 8)).toBeCloseTo(500 * 2 ** 0.5 * Math.exp(-0.3), 9);
    expect(carries({ ...vertex, scatter: 0.6 }, 8)).toBeCloseTo(500 * 2 ** 0.9 * Math.exp(-0.3), 9);
    expect(carries({ ...vertex, scatter: 0.6 }, 2)).toBeCloseTo(250 * Math.exp(-0.3), 9);
  });

  it("forgets a smaller size whose subtasks each did far less than those of now: a record cost more then", () => {
    // 250/s each now. One subtask did 160/s, which an attempt may; or 150/s, which none does.
    const vertex = aVertex({ capacity: 500, parallelism: 2, beta: 1, confidence: 1 });
    expect(carries({ ...vertex, measured: [[1, 160]] }, 1)).toBe(160);
    expect(carries({ ...vertex, measured: [[1, 150]] }, 1)).toBe(250);
    // Of larger sizes everything is kept.
    expect(carries({ ...vertex, measured: [[4, 500]] }, 4)).toBe(500);
    expect(carries({ ...vertex, measured: [[4, 2_000]] }, 4)).toBe(2_000);
  });

  it("is not known without a capacity", () => {
    expect(carries(aVertex({ capacity: null }), 3)).toBeNull();
  });

  it("never exceeds what the outside takes", () => {
    const bound = { at: 0, rate: 800, parallelism: 2 };
    expect(carries({ ...measured, bound }, 8)).toBe(800);
    expect(carries({ ...measured, bound }, 1)).toBe(500);
  });
});

describe("a hot key", () => {
  // Half of the records have one key; the other half is spread over 4 subtasks: 62.5 %.
  const hot = aVertex({ parallelism: 4, capacity: 400, hottestShare: 0.625, beta: 1 });
  it("keeps its share at any parallelism", () => {
    expect(hotKeyShare(hot)).toBeCloseTo(0.5, 9);
    expect(hotShareAt(hot, 8)).toBeCloseTo(0.5 + 0.5 / 8, 9);
    // One subtask does 100/s: with 62.5 % of the records on it 160/s pass, and never more than 200/s.
    expect(carries(hot, 4)).toBeCloseTo(160, 6);
    expect(carries(hot, 1_000)).toBeLessThan(200);
  });

  it("is not seen in what dealing out by hash leaves uneven", () => {
    expect(hotKeyShare({ ...hot, hottestShare: 0.27 })).toBe(0);
  });
});
