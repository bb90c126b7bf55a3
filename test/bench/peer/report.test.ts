import { expect, test } from "vitest";
import type { ContestRow } from "../autoscaler/contest-row.ts";
import { renderPeerPage } from "./report.ts";

const row: ContestRow = {
  world: "chain",
  load: "step",
  policy: "outrider",
  seed: 1,
  minutes: 75,
  inObjective: 1,
  slotHours: 10,
  rescales: 2,
  downSeconds: 9,
  wrongDirection: 0,
  oscillations: 0,
  stepsToConverge: 1,
  firstDecisionSeconds: 8,
  peakLagSeconds: 12,
  oracleSlotHours: 8,
  possible: true,
  failures: 0,
};
const java = "flink-autoscaler 1.10.0 (java)";
const page = renderPeerPage({
  rows: [
    row,
    { ...row, policy: java, inObjective: 0.6, slotHours: 9, rescales: 2, firstDecisionSeconds: null },
  ],
  agreements: [
    {
      world: "chain",
      load: "step",
      policy: java,
      passes: 630,
      decisions: 2,
      same: 1,
      different: ["9 s: java 2/2, policy flink - (within)"],
    },
  ],
  options: { [java]: ["job.autoscaler.metrics.window=15 min"] },
  minutes: 2,
  command: "--world chain",
});

test.each([
  ["the command", "`npm run -s bench:peer -- --world chain`"],
  [
    "who was better, plainly",
    `| chain, step | ${java} | better: 100.00 %, 60.00 % | worse*: 10.0, 9.0 | same: 2, 2 | in part |`,
  ],
  [
    "a row that does not keep the objective, marked",
    `| ${java} | 60.00 % ✗ | 12 | 9.0 | 1.13 | 2 | 9 | 1 | – |`,
  ],
  ["how policy flink compares", `| chain, step | ${java} | 630 | 2 | 1 |`],
  ["the options in force", "job.autoscaler.metrics.window=15 min"],
])("the page tells %s", (_, text) => {
  expect(page).toContain(text);
});
