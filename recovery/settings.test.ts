import { describe, expect, it } from "vitest";
import { overrideRecovery, type RecoveryOverrides, recoveryOverrides } from "./overrides.ts";
import { compileRecoverySettings, recoverySettings } from "./settings.ts";

const standard = recoverySettings.parse({});

describe("the settings of recovery", () => {
  it("without a word are three attempts in an hour, 10 s apart, a person after 5 min, and never empty state", () => {
    expect(compileRecoverySettings(standard)).toMatchObject({
      enabled: true,
      restore: null,
      maxAttempts: 3,
      attemptDelayMs: 10_000,
      attemptWindowMs: 3_600_000,
      escalateAfterMs: 300_000,
      sameFaultLimit: 2,
      allowEmptyState: false,
      maxReplayMs: null,
      storm: { maxRestores: 5, windowMs: 600_000 },
      breaker: { failures: 3, halfOpenAfterMs: 600_000 },
      haGraceMs: 300_000,
      deadMarginMs: 10_000,
    });
  });

  it("hold what diagnosis obeys too", () => {
    const { diagnosis } = compileRecoverySettings(recoverySettings.parse({ stuckAfter: "7s" }));
    expect(diagnosis.stuckAfterMs).toBe(7_000);
  });

  it("say how the job is submitted", () => {
    const restore = {
      jar: "/opt/orders.jar",
      args: ["--rate", "5"],
      configuration: { "pipeline.name": "orders" },
    };
    expect(compileRecoverySettings(recoverySettings.parse({ restore })).restore).toEqual({
      ...restore,
      entryClass: null,
      parallelism: null,
    });
  });

  it.each([
    "execution.savepoint.path",
    "execution.savepoint.ignore-unclaimed-state",
    "execution.savepoint-restore-mode",
    "execution.state-recovery.path",
    "execution.state-recovery.claim-mode",
    "$internal.pipeline.job-id",
  ])("refuse %s, which a restore sets itself", (key) => {
    const parsed = recoverySettings.safeParse({ restore: { jar: "a.jar", configuration: { [key]: "x" } } });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ["restore", "configuration"] });
    expect(parsed.error?.issues[0]?.message).toContain("a restore sets these itself");
  });

  it.each([
    ["an unknown word", { attempts: 3 }],
    ["no attempts", { maxAttempts: 0 }],
    ["a time of nothing", { attemptDelay: "0s" }],
    ["a time without a unit", { escalateAfter: "300" }],
    ["a jar without a name", { restore: { jar: "" } }],
    ["arguments that are no list", { restore: { jar: "a.jar", args: "--rate 5" } }],
  ])("refuse %s", (_, input) => {
    expect(recoverySettings.safeParse(input).success).toBe(false);
  });

  it("each say what they are for", () => {
    const silent = Object.entries(recoverySettings.shape).filter(([, field]) => !field.description);
    expect(silent).toEqual([]);
  });
});

describe("the settings of one job", () => {
  const settingsOf = (...written: readonly unknown[]) =>
    overrideRecovery(
      recoverySettings.parse({
        maxAttempts: 7,
        breaker: { failures: 9 },
        restore: { jar: "all.jar", args: ["a"] },
      }),
      written.map((w) => recoveryOverrides.parse(w)),
    );

  it.each<[string, readonly RecoveryOverrides[], object]>([
    ["are those of everything where nothing is written", [{}], { maxAttempts: 7, breaker: { failures: 9 } }],
    ["are what is written", [{ maxAttempts: 1 }], { maxAttempts: 1, attemptDelay: "10s" }],
    ["are the last word of several", [{ maxAttempts: 1 }, { maxAttempts: 2 }, {}], { maxAttempts: 2 }],
    [
      "keep the other half of a part",
      [{ breaker: { halfOpenAfter: "1min" } }],
      { breaker: { failures: 9, halfOpenAfter: "1min" } },
    ],
    [
      "keep the other half of the savepoints",
      [{ savepoints: { keep: 3 } }],
      { savepoints: { keep: 3, format: "canonical" } },
    ],
    [
      "keep the other half of what a loop is",
      [{ loop: { restarts: 4 } }],
      { loop: { restarts: 4, window: "5min" } },
    ],
  ])("%s", (_, written, expected) => {
    expect(settingsOf(...written)).toMatchObject(expected);
  });

  it("take a jar whole: arguments of another one are not for it", () => {
    expect(settingsOf({ restore: { jar: "orders.jar" } }).restore).toEqual({
      jar: "orders.jar",
      args: [],
      configuration: {},
    });
  });

  it("have no storm of their own", () => {
    expect(recoveryOverrides.safeParse({ storm: { maxRestores: 1 } }).success).toBe(false);
  });

  it("have every other setting", () => {
    const { storm: _, ...others } = recoverySettings.shape;
    expect(Object.keys(recoveryOverrides.shape).sort()).toEqual(Object.keys(others).sort());
  });
});
