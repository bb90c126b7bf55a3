import { describe, expect, it } from "vitest";
import { shapes } from "./forecast-loads.ts";
import { measurePath } from "./forecast-path.ts";
import { meansMissedBy, missedBy, renderText } from "./forecast-report.ts";
import { type ForecastRow, measure } from "./forecast-run.ts";

const load = (values: readonly (number | null)[], stepMinutes = 5) => ({ name: "load", stepMinutes, values });
const wapeOf = (rows: readonly ForecastRow[], method: string, minutes = 5) =>
  rows.find((r) => r.method === method && r.horizonMinutes === minutes)?.wape;

describe("measuring forecasts", () => {
  it("scores the second half of the load only, relative to it", () => {
    // Steps of 2 around 10 in the second half; the first half is wild.
    const values = Array.from({ length: 40 }, (_, i) => (i < 20 ? i * 100 : i % 2 === 0 ? 9 : 11));
    // 20 errors, 19 of them 2, and the first against 1900: (1891 + 19 × 2) / 200.
    expect(wapeOf(measure(load(values)), "last-value")).toBeCloseTo((100 * (1_891 + 38)) / 200, 6);
  });

  it("tells every customary method, at every horizon that is a multiple of the step", () => {
    const rows = measure(load(new Array(30).fill(5), 15));
    expect([...new Set(rows.map((r) => r.horizonMinutes))]).toEqual([15, 60]);
    const methods = new Set(rows.map((r) => r.method));
    for (const name of ["outrider", "last-value", "seasonal-naive", "holt-winters"])
      expect(methods).toContain(name);
    expect(rows.every((r) => r.load === "load")).toBe(true);
  });

  it("takes a finer load as means of five minutes", () => {
    const fine = Array.from({ length: 300 }, (_, i) => (i % 5 === 0 ? 10 : 0));
    expect(wapeOf(measure(load(fine, 1)), "last-value")).toBe(0);
  });

  it.each([0.1, 1 / 3, 0.5, 1])("measures a load in steps of %s min at 5, 15 and 60 min", (step) => {
    const rows = measure(load(new Array(Math.ceil(150 / step)).fill(5), step));
    expect([...new Set(rows.map((r) => r.horizonMinutes))]).toEqual([5, 15, 60]);
  });

  it.each([1_440, 120, 7])("refuses a load in steps of %s min, of which no horizon is a multiple", (step) => {
    expect(() => measure(load(new Array(60).fill(5), step))).toThrow(
      `got steps of ${step} min; expected steps`,
    );
  });

  it.each<[string, readonly (number | null)[], number | null]>([
    ["is unknown for a load that is always 0", new Array(60).fill(0), null],
    ["is 0 for a load that never changes", new Array(60).fill(8), 0],
    ["leaves out what is missing", Array.from({ length: 60 }, (_, i) => (i % 3 === 1 ? null : 8)), 0],
    ["waits for the first value", Array.from({ length: 60 }, (_, i) => (i < 40 ? null : 8)), 0],
  ])("the error %s", (_, values, wape) => {
    expect(wapeOf(measure(load(values)), "outrider")).toBe(wape);
  });

  it("refuses a load that is too short, with the numbers", () => {
    expect(() => measure(load([1, 2, 3]))).toThrow("load load; got 3 steps of 5 min; expected at least 24");
  });

  it("knows nothing of what comes: another future leaves the figures of what was scored before it", () => {
    const past = Array.from({ length: 400 }, (_, i) => 100 + ((i * 37) % 23));
    const two = [past, past.map((v, i) => (i < 399 ? v : v * 50))].map((values) => {
      const rows = measure(load(values));
      const sum = values.slice(200).reduce((a, b) => a + b, 0);
      const last = Math.abs((values[399] ?? 0) - (values[398] ?? 0));
      return ((wapeOf(rows, "last-value") ?? 0) * sum) / 100 - last;
    });
    expect(two[0]).toBeCloseTo(two[1] ?? Number.NaN, 0);
  });
});

describe("the report", () => {
  const rows: readonly ForecastRow[] = [
    { load: "a", method: "outrider", horizonMinutes: 5, wape: 2.1 },
    { load: "a", method: "last-value", horizonMinutes: 5, wape: 2 },
    { load: "b", method: "outrider", horizonMinutes: 5, wape: 3.04 },
    { load: "b", method: "last-value", horizonMinutes: 5, wape: 3 },
    { load: "c", method: "outrider", horizonMinutes: 60, wape: null },
    { load: "c", method: "last-value", horizonMinutes: 60, wape: null },
  ];

  it("names what is more than 2 % behind the best of the others, and the means that miss their goal", () => {
    expect(missedBy(rows)).toEqual(["a, 5 min: 2.10 %, best 2.00 % (last-value); goal within 2 % of it"]);
    expect(meansMissedBy(rows)).toEqual(["mean at 5 min: 2.57 %; goal 2.2 %"]);
  });

  it("has a line for every load and horizon, and one for the mean", () => {
    const lines = renderText(rows).trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 3 + 2);
    expect(lines[2]).toMatch(/^5 min +b +3\.04 +3\.00 .* 1\.013$/);
  });
});

it("the upper edge of the path covers nearly all of what comes, on every shape", { timeout: 60_000 }, () => {
  for (const shape of shapes()) {
    const row = measurePath(shape, 400);
    expect(row?.paths, shape.name).toBeGreaterThan(3);
    expect(row?.covered.later, shape.name).toBeGreaterThan(0.8);
  }
});
