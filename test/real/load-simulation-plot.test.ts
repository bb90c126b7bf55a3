import { describe, expect, test } from "vitest";
import { pageOf } from "./load-simulation-page.ts";
import { plotOf } from "./load-simulation-plot.ts";
import { type LoadSimulationResult, loadAt, summaryOf } from "./load-simulation-result.ts";

const stages = [
  { id: "a", branch: 1, maxLoad: 2 },
  { id: "b", branch: 2, maxLoad: 4 },
];
const result: LoadSimulationResult = {
  version: "1.20.5",
  mode: "act",
  periodS: 100,
  stages,
  points: [
    { atS: 0, parallelism: [1, 1], busyMs: [0, 0] },
    { atS: 25, parallelism: [3, 3], busyMs: [0, 0] },
    { atS: 75, parallelism: [1, 2], busyMs: [0, 0] },
  ],
  rescales: 2,
  story: [],
};

describe("the load of a stage", () => {
  test.each([
    ["half of its most at the start", 0, 1],
    ["all of it after a quarter of the period", 25, 2],
    ["nothing after three quarters", 75, 0],
    ["as at the start after a period", 100, 1],
  ])("is %s", (_, atS, load) => {
    expect(loadAt({ id: "a", branch: 1, maxLoad: 2 }, atS, 100)).toBeCloseTo(load, 9);
  });
});

describe("what is told of a ride", () => {
  test("the highest and, after the peak of the load, the lowest parallelism of each stage, and how often it fell short", () => {
    const [first, second] = summaryOf(result);
    expect(first).toMatchObject({ highest: 3, lowestAfter: 1, shortShare: 0 });
    expect(second).toMatchObject({ highest: 3, lowestAfter: 2, shortShare: 2 / 3 });
    expect(first?.slotsPerLoad).toBeCloseTo(5 / 3, 9);
  });

  test("a page with a row for each stage", () => {
    const page = pageOf(result, "Recorded today.");
    expect(page).toContain("| 1 | 2 | 3 | 1 | 0 % | 1.67 |");
    expect(page).toContain("| 2 | 4 | 3 | 2 | 67 % | 1.00 |");
    expect(page).toContain("2 rescales in 1 minutes. Recorded today.");
  });

  test("a picture with one panel for each stage, its load and the steps of its parallelism", () => {
    const svg = plotOf(result);
    expect(svg.match(/<g /g)).toHaveLength(2);
    expect(svg.match(/class="load" d="M\d[^"]*L/g)).toHaveLength(2);
    const steps = svg.match(/<path class="subtasks" d="M([^"]*L[^"]*)"/)?.[1]?.split("L");
    expect(steps, "a corner before and one after each of two changes, and the start").toHaveLength(5);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});
