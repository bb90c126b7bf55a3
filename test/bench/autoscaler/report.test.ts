import { describe, expect, it } from "vitest";
import type { ContestRow } from "./contest-row.ts";
import { cheaperThanOracle, goalsOf } from "./goals.ts";
import { median, renderReport, renderText, sorted } from "./report.ts";

const row = (changes: Partial<ContestRow>): ContestRow => ({
  world: "chain",
  load: "step",
  policy: "outrider",
  seed: 1,
  minutes: 75,
  inObjective: 1,
  slotHours: 11,
  rescales: 2,
  downSeconds: 10,
  wrongDirection: 0,
  oscillations: 0,
  stepsToConverge: 1,
  firstDecisionSeconds: 8,
  peakLagSeconds: 12,
  oracleSlotHours: 10,
  possible: true,
  failures: 0,
  ...changes,
});

describe("goals", () => {
  it.each<[string, Partial<ContestRow>, readonly string[]]>([
    ["all met", {}, []],
    ["too late", { inObjective: 0.994 }, ["≥ 99.5 %"]],
    ["too late where nobody can be in time", { inObjective: 0.5, possible: false }, []],
    ["too dear", { slotHours: 11.6 }, ["≤ 1.15"]],
    ["too many steps after a step", { stepsToConverge: 3 }, ["1 rescale after"]],
    ["five rescales in 75 minutes", { rescales: 5 }, []],
    ["five rescales in a day", { rescales: 5, minutes: 1_440, firstDecisionSeconds: null }, ["≤ 4 rescales"]],
    ["a wrong move", { wrongDirection: 1 }, ["0 moves"]],
    ["an oscillation", { oscillations: 1 }, ["0 oscillations"]],
    ["a slow first decision", { firstDecisionSeconds: 16 }, ["first decision"]],
    ["a slow first decision on late metrics", { firstDecisionSeconds: 16, load: "step, metric-delay" }, []],
  ])("%s", (_, changes, missed) => {
    const names = goalsOf([row(changes)]).flatMap((g) => (g.missed.length > 0 ? [g.name] : []));
    expect(names.map((name) => missed.find((m) => name.startsWith(m)) ?? name)).toEqual(missed);
  });
});

describe("cheaper than the oracle", () => {
  it.each<[string, Partial<ContestRow>, number]>([
    ["by more than rounding, with the objective kept", { slotHours: 9.8 }, 1],
    ["by rounding", { slotHours: 9.95 }, 0],
    ["without keeping the objective", { slotHours: 5, inObjective: 0.9 }, 0],
    ["with more rescales than the oracle was given", { slotHours: 5, rescales: 60 }, 0],
    ["where there is no plan", { oracleSlotHours: null }, 0],
  ])("%s", (_, changes, count) => {
    expect(cheaperThanOracle([row(changes)])).toHaveLength(count);
  });
});

describe("the table", () => {
  const rows = [
    row({ seed: 2, rescales: 4 }),
    row({ policy: "ds2", inObjective: 0.5 }),
    row({}),
    row({ seed: 3, slotHours: 30 }),
  ];

  it("shows medians over the seeds and the worst behind them, Outrider first", () => {
    const lines = renderText(sorted(rows)).split("\n");
    expect(lines.slice(0, 2)).toEqual(["chain, step", expect.stringMatching(/^policy +in objective/)]);
    expect(lines[2]).toMatch(/^outrider +100\.00 % +11\.0 \(30\.0\) +1\.10 \(3\.00\) +2 \(4\)/);
    expect(lines[3]).toMatch(/^ds2 +50\.00 %/);
  });

  it("becomes a page with goals that are met and not", () => {
    const curve = { world: "chain", load: "step", policy: "outrider", rate: [1, 2, 3], slots: [1, 1, 2] };
    const { page, plots } = renderReport({ rows: sorted(rows), curves: [curve], minutes: 9.6, command: "" });
    expect(page).toContain("oracle with as many rescales: not met in 1 of 3 (chain, step, seed 3: 3.00)");
    expect(page).toContain("0 oscillations: met in all 3");
    expect(page).toContain("| ds2 | 0 of 1 | – | 2 | 0 | 0 |");
    expect(plots.map((p) => p.svg.startsWith("<svg"))).toEqual([true]);
    expect(page).toContain(`](${plots[0]?.file})`);
  });
});

it.each<[readonly number[], number]>([
  [[3], 3],
  [[3, 1], 2],
  [[5, 1, 3], 3],
])("the median of %s is %s", (values, middle) => {
  expect(median(values)).toBe(middle);
});
