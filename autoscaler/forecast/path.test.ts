import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadSeries } from "../learned.ts";
import { forecastPath } from "./path.ts";

const MIN = 60_000;
const DAY = 288;
const FROM = 1_795_000_200_000;
const PATH = { stepMs: 15 * MIN, steps: 96 };

type Course = (i: number) => number | null;
const sine = (i: number) => 1_000 * (1 + 0.6 * Math.sin((2 * Math.PI * i) / DAY));
/** Even chances from -0.5 to 0.5 that are the same in every run. */
const noise = (i: number) => ((i * 7_919 + ((i * i) % 1_013)) % 2_003) / 2_003 - 0.5;
const noisy = (i: number) => sine(i) * (1 + 0.1 * noise(i));

const seriesOf = (course: Course, days: number, from = 0): LoadSeries => ({
  from: FROM,
  stepMs: 5 * MIN,
  values: Array.from({ length: Math.round(days * DAY) }, (_, i) => course(from + i)),
});

function pathOf(course: Course, days: number, level?: number) {
  const path = forecastPath(seriesOf(course, days), level === undefined ? PATH : { ...PATH, level });
  if (path === null) throw new Error("no path");
  return path;
}

/** Mean of a course within a step of the path that begins after `days`. */
const meanIn = (course: (i: number) => number, days: number, step: number) =>
  [0, 1, 2].reduce((sum, k) => sum + course(Math.round(days * DAY) + 3 * step + k), 0) / 3;

describe("the path of a load", () => {
  it.each<[string, readonly (number | null)[]]>([
    ["nothing", []],
    ["five values", [1, 2, 3, 4, 5]],
    ["gaps only", new Array(300).fill(null)],
    ["what is no rate", new Array(300).fill(Number.NaN)],
  ])("is unknown from %s", (_, values) => {
    expect(forecastPath({ from: FROM, stepMs: 5 * MIN, values }, PATH)).toBeNull();
  });

  it("begins where the series ends, in the steps asked for", () => {
    const path = pathOf(noisy, 2);
    expect(path.from).toBe(FROM + 2 * DAY * 5 * MIN);
    expect([path.stepMs, path.median.length, path.upper.length]).toEqual([15 * MIN, 96, 96]);
  });

  it.each([2, 4, 9, 16])("follows a daily load after %d days, in a narrow band", (days) => {
    const path = pathOf(noisy, days);
    let wide = 0;
    path.median.forEach((median, h) => {
      const came = meanIn(sine, days, h);
      expect(Math.abs(median - came), `step ${h}: ${median} for ${came}`).toBeLessThan(0.12 * came);
      wide += (path.upper[h] ?? 0) / median / 96;
    });
    expect(wide).toBeGreaterThan(1.01);
    expect(wide).toBeLessThan(1.25);
  });

  it("knows no season before a day and a half, and says so by a wide band", () => {
    const path = pathOf(noisy, 1.2);
    expect(path.method).toMatch(/last-value|drift|smoothed-level|regression-recent/);
    expect((path.upper[90] ?? 0) / (path.median[90] ?? 1)).toBeGreaterThan(1.5);
  });

  it("after six values is the last one, in a band that grows", () => {
    const path = pathOf(() => 500, 6 / DAY);
    expect(path).toMatchObject({ method: "last-value", median: new Array(96).fill(500) });
    expect(path.upper[0]).toBeGreaterThan(500);
    expect(path.upper[20]).toBeGreaterThan(path.upper[0] ?? 0);
  });

  it("bends into a weekend that it has seen before", () => {
    const weekly = (i: number) => (Math.floor(i / DAY) % 7 < 5 ? noisy(i) : noisy(i) * 0.5);
    const path = pathOf(weekly, 19);
    expect(path.median[40]).toBeLessThan(0.65 * meanIn(sine, 19, 40));
  });

  it.each<[string, Course, number | undefined]>([
    ["a new level in the last steps", (i) => (i < 10 * DAY - 6 ? noisy(i) : noisy(i) * 3), undefined],
    ["a new level that is fresher than the series", noisy, 3_300],
  ])("after %s is that level, in a band that widens", (_, course, level) => {
    const path = pathOf(course, 10, level);
    const now = level ?? course(10 * DAY - 1) ?? 0;
    expect(path.method).toBe("last-value");
    expect(path.median.every((m) => m === now)).toBe(true);
    expect(path.upper[95]).toBeGreaterThan(path.upper[0] ?? 0);
  });

  it("holds a level that is as expected against nothing", () => {
    const path = pathOf(noisy, 10, sine(10 * DAY) * 1.03);
    expect(path.method).not.toBe("last-value");
  });

  it.each<[string, number, number]>([
    ["an outage", 0, 0],
    ["a burst", 4, 12],
  ])("does not repeat yesterday's %s", (_, times, lasted) => {
    const odd = 9 * DAY + 60;
    const steps = lasted || 18;
    const path = pathOf((i) => (i >= odd && i < odd + steps ? noisy(i) * times : noisy(i)), 10);
    path.median.slice(16, 30).forEach((median, k) => {
      const came = meanIn(sine, 10, 16 + k);
      expect(Math.abs(median - came), `step ${16 + k}: ${median} for ${came}`).toBeLessThan(0.2 * came);
    });
  });

  it("bridges half a day that nobody saw", () => {
    const path = pathOf((i) => (i > 8.3 * DAY && i < 8.8 * DAY ? null : noisy(i)), 10);
    expect(Math.abs((path.median[40] ?? 0) - meanIn(sine, 10, 40))).toBeLessThan(0.12 * meanIn(sine, 10, 40));
  });

  it("is the same for the same series, and scales with it", () => {
    const one = pathOf(noisy, 8);
    expect(pathOf(noisy, 8)).toEqual(one);
    const large = pathOf((i) => noisy(i) * 1_000, 8);
    expect((large.median[50] ?? 0) / (one.median[50] ?? 1)).toBeCloseTo(1_000, -1);
  });

  it("looks at the last days only, so that its cost has an end", () => {
    const old = pathOf((i) => (i < 10 * DAY ? 1e6 : noisy(i)), 26);
    expect(old).toEqual({ ...pathOf(noisy, 26), from: old.from });
  });

  it("can be asked for one step, or for more than a day", () => {
    expect(forecastPath(seriesOf(noisy, 3), { ...PATH, steps: 1 })?.median).toHaveLength(1);
    const long = forecastPath(seriesOf(noisy, 5), { ...PATH, steps: 120 });
    expect(long?.median[110]).toBe(long?.median[14]);
    expect(forecastPath(seriesOf(noisy, 3), { ...PATH, steps: 0 })).toBeNull();
  });

  it("has an upper edge at or above a middle of at least 0, whatever was seen", () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.constantFrom(null, 0, 1, Number.NaN, -5, Number.POSITIVE_INFINITY, 1e14, 1e300),
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 700 }),
        fc.option(fc.double(), { nil: undefined }),
        (values, level) => {
          const options = { ...PATH, stepMs: 30 * MIN, steps: 48 };
          const path = forecastPath(
            { from: FROM, stepMs: 5 * MIN, values },
            level === undefined ? options : { ...options, level },
          );
          if (path === null) return true;
          return path.median.every(
            (m, h) => m >= 0 && Number.isFinite(m) && (path.upper[h] ?? Number.NaN) >= m,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
