import { expect, test } from "vitest";
import type { DrillFigures } from "../real/recovery/figures.ts";
import { missedBy, renderRecovery } from "./recovery-report.ts";

const drill = (changes: Partial<DrillFigures> = {}): DrillFigures => ({
  drill: "job failed",
  version: "2.3.0",
  did: "restored",
  detectS: 1,
  chooseS: 0.5,
  prepareS: 0.25,
  runningS: 2,
  totalS: 3.75,
  snapshot: "chk-7",
  sentence: "Restore from chk-7.",
  missingRecords: 0,
  copies: [],
  told: [],
  ...changes,
});

test.each<[string, Partial<DrillFigures>, readonly string[]]>([
  ["a drill within its goals misses nothing", {}, []],
  ["a slow look is named", { detectS: 15.5 }, ["job failed on 2.3.0: detect took 15.5 s; goal 15 s"]],
  ["a slow choice is named", { chooseS: 6 }, ["job failed on 2.3.0: choose took 6 s; goal 5 s"]],
  [
    "while the JobManager is away nothing can be seen or chosen",
    { drill: "JobManager lost", detectS: 20, chooseS: 60 },
    [],
  ],
  [
    "a slow start of the job is named wherever it is",
    { drill: "JobManager lost", runningS: 11 },
    ["JobManager lost on 2.3.0: running took 11 s; goal 10 s"],
  ],
  [
    "a job that waits for a frozen TaskManager is not slow",
    { drill: "JobManager lost, its TaskManager frozen for 40 s", runningS: 25 },
    [],
  ],
  ["what did not come is no figure", { runningS: null, missingRecords: null }, []],
  ["a record between two roundings is none", { missingRecords: -2 }, []],
  ["a record counted twice is named", { missingRecords: -3 }, ["job failed on 2.3.0: -3 records missing"]],
  ["two copies are named", { copies: ["a beside b"] }, ["job failed on 2.3.0: two copies, a beside b"]],
])("%s", (_, changes, missed) => {
  expect(missedBy(drill(changes))).toEqual(missed);
});

test("the page has a row for each drill, restored or not, and no cell breaks it", () => {
  const held = drill({ drill: "loop", did: "refused", sentence: "Hold: a | b.", snapshot: null });
  const page = renderRecovery({ at: "2026-01-01", machine: "2 cores", drills: [drill(), held] });
  expect(page).toContain("| job failed | 2.3.0 | 1.0 s | 0.5 s | 0.3 s | 2.0 s | 3.8 s | chk-7 | 0 | 0 |");
  expect(page).toContain("| loop | 2.3.0 | refused | Hold: a \\| b. |");
  expect(page).toContain("No goal is missed.");
});
