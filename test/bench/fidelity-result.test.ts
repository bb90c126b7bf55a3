import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REASONS } from "./fidelity-reasons.ts";
import { renderReport } from "./fidelity-report.ts";
import {
  compare,
  EMPTY_RESULT,
  type FidelityResult,
  jsonOf,
  keyOf,
  limitOf,
  type Row,
  withRuns,
} from "./fidelity-result.ts";

const DOCS = join(import.meta.dirname, "../../docs/benchmarks");
const row = (
  real: readonly (number | null)[],
  simulated: readonly (number | null)[],
  unit: Row["unit"],
): Row => ({
  plan: "overload",
  group: "g",
  name: "n",
  unit,
  runs: { "2.3.0": { real, simulated } },
});

describe("comparing medians", () => {
  it.each([
    ["10 % of a large number of records", 20_000, "records", 2_000],
    ["500 of few records", 100, "records", 500],
    ["2 seconds of a short time", 0.2, "s", 2],
    ["10 % of a long time", 50, "s", 5],
    ["10 % of a rate, however small", 500, "records/s", 50],
    ["a tenth of a millisecond", 1, "ms/record", 0.1],
    ["10 percentage points", 0, "share", 0.1],
  ] as const)("lets pass %s", (_, real, unit, limit) => {
    expect(limitOf(unit, real)).toBeCloseTo(limit);
    expect(compare(row([real], [real + limit * 0.99], unit), "2.3.0")?.within).toBe(true);
    expect(compare(row([real], [real - limit * 1.01], unit), "2.3.0")?.within).toBe(false);
  });

  it("takes the median of the runs that saw the figure", () => {
    const found = compare(row([10, null, 30, 20], [25, 5], "s"), "2.3.0");
    expect(found).toMatchObject({ real: 20, realLow: 10, realHigh: 30, simulated: 15, difference: -5 });
  });

  it.each([
    ["no run saw it", [null], [1]],
    ["one side was not run", [1], []],
  ])("compares nothing where %s", (_, real, simulated) => {
    expect(compare(row(real, simulated, "s"), "2.3.0")).toBeUndefined();
  });
});

describe("the kept result", () => {
  const runs = [[{ group: "g", name: "n", unit: "s" as const, value: 1.23456 }], []];
  const kept = withRuns(EMPTY_RESULT, { plan: "quick", kind: "real", version: "1.20.5", runs }, "today");

  it("replaces the runs of one side and leaves the other", () => {
    const other = withRuns(kept, { plan: "quick", kind: "simulated", version: "1.20.5", runs }, "today");
    const again = withRuns(
      other,
      {
        plan: "quick",
        kind: "real",
        version: "1.20.5",
        runs: [[{ group: "g", name: "n", unit: "s", value: 9 }]],
      },
      "later",
    );
    expect(again.rows).toHaveLength(1);
    expect(again.rows[0]?.runs["1.20.5"]).toEqual({ real: [9], simulated: [1.235, null] });
    expect(again.recorded).toEqual({ "real 1.20.5": "later", "simulated 1.20.5": "today" });
  });

  it("drops a figure that its plan no longer has", () => {
    const renamed = [[{ group: "g", name: "m", unit: "s" as const, value: 1 }]];
    const again = withRuns(kept, { plan: "quick", kind: "real", version: "1.20.5", runs: renamed }, "later");
    expect(again.rows.map(keyOf)).toEqual(["quick | g | m"]);
  });

  it("can be read again from its JSON, in which the runs of a figure stand in one line", () => {
    expect(JSON.parse(jsonOf(kept))).toEqual(kept);
    expect(jsonOf(kept)).toContain('"real": [1.235, null]');
  });

  it("marks a difference outside the limit and leaves one within it alone", () => {
    const result = (simulated: number): FidelityResult => ({
      recorded: {},
      rows: [row([10], [simulated], "s")],
    });
    expect(renderReport(result(13))).toContain("| **+3.00 (+30 %)** [1] |");
    expect(renderReport(result(11))).toContain("| +1.00 (+10 %) |");
    expect(renderReport(result(11))).not.toContain("Why these differ");
  });

  it.runIf(existsSync(join(DOCS, "fidelity.json")))("is what the page in the docs shows", () => {
    const result = JSON.parse(readFileSync(join(DOCS, "fidelity.json"), "utf8")) as FidelityResult;
    expect(readFileSync(join(DOCS, "fidelity.md"), "utf8")).toBe(renderReport(result));
    const keys = result.rows.map(keyOf);
    const unknown = REASONS.flatMap((r) => r.figures).filter((figure) => !keys.includes(figure));
    expect(unknown, "figures that a reason names and nobody measures").toEqual([]);
  });
});
