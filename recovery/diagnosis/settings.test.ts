import { describe, expect, it } from "vitest";
import { compileDiagnosisSettings, diagnosisSettings } from "./settings.ts";

describe("settings of the diagnosis", () => {
  it("have the defaults that the documents name", () => {
    expect(compileDiagnosisSettings(diagnosisSettings.parse({}))).toEqual({
      loop: {
        restarts: 5,
        windowMs: 300_000,
        sameFault: 3,
        sameFaultWindowMs: 60_000,
        slow: 10,
        slowWindowMs: 1_800_000,
      },
      stuckAfterMs: 180_000,
      unreachableAfterMs: 30_000,
      clusterHealthRatio: 0.8,
      faults: [],
    });
  });

  it.each([
    ["a duration without a unit", { stuckAfter: "180" }],
    ["a loop of one failure", { loop: { restarts: 1 } }],
    ["a loop longer than what is remembered", { loop: { slow: 41 } }],
    ["a share above 1", { clusterHealthRatio: 1.2 }],
    ["a pattern that is none", { faults: [{ match: "(", class: "user-code" }] }],
    ["an empty pattern", { faults: [{ match: "", class: "user-code" }] }],
    ["a class that does not exist", { faults: [{ match: "x", class: "bad-luck" }] }],
    ["an unknown key", { stuckafter: "3min" }],
  ])("refuse %s", (_what, given) => {
    expect(diagnosisSettings.safeParse(given).success).toBe(false);
  });
});
