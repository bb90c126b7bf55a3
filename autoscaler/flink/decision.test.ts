import { describe, expect, it } from "vitest";
import type { ScaleInputs } from "../../model/index.ts";
import { aGraph, anObservation } from "../../test/support/observations.ts";
import { aChain, NOW, someInputs } from "../../test/support/scale-inputs.ts";
import { SCALE_REASONS } from "../reasons.ts";
import { flinkAnswer } from "./decision.ts";
import { DEFAULT_FLINK_OPTIONS } from "./flink-options.ts";
import { learnFlink } from "./learn.ts";
import type { FlinkDecision, FlinkOutcome, FlinkState } from "./state.ts";

const inputs = someInputs(aChain(800, { work: 2, count: 1 }));
const decision = (outcome: FlinkOutcome, changes: Partial<FlinkDecision> = {}): FlinkDecision => ({
  at: NOW,
  outcome,
  target: outcome === "scale" ? { src: 1, work: 3, count: 2 } : null,
  recommended: outcome === "scale" ? { src: 1, work: 3, count: 2 } : null,
  vertices: {
    work: {
      parallelism: 1,
      wished: 3,
      outside: true,
      load: 1,
      lag: null,
      trueProcessingRate: 500,
      targetRate: 800,
      catchUpRate: 0,
      scaleUpThreshold: 800,
      scaleDownThreshold: 2_133,
    },
  },
  until: null,
  restartMs: 300_000,
  processingBacklog: false,
  gcPressure: null,
  heapUsage: null,
  missing: [],
  messages: [],
  ...changes,
});

const answer = (
  d: FlinkDecision | undefined,
  changes: Partial<ScaleInputs> = {},
  maxSlots: number | null = null,
) =>
  flinkAnswer(
    d,
    { ...inputs, ...changes },
    DEFAULT_FLINK_OPTIONS,
    { enabled: true, yieldToOthersMs: 300_000, maxSlots },
    NOW,
  );

describe("a decision of policy flink in a record", () => {
  it("says what, why, and that it is the Flink autoscaler's way", () => {
    expect(answer(decision("scale"))).toMatchObject({
      reason: "scale-up",
      effective: { src: 1, work: 3, count: 2 },
      sentence:
        "Scale up work 1 → 3, count 1 → 2: work could do 500 records/s and 800 arrive (as the Flink autoscaler reckons).",
    });
  });

  it("carries the numbers of each vertex", () => {
    const finding = answer(decision("scale")).guards.find((g) => g.name === "flink work");
    expect(finding).toMatchObject({
      verdict: "pass",
      numbers: { trueProcessingRate: 500, targetRate: 800, scaleUpThreshold: 800, scaleDownThreshold: 2_133 },
    });
  });

  it.each<[FlinkOutcome, string, string]>([
    ["disabled", "disabled", "enabled is false"],
    ["missing", "metric-missing", "missing: pending"],
    ["stabilizing", "stabilizing", "until 2026-11-21T12:00:00Z"],
    ["window-filling", "stabilizing", "metrics.window 15 min"],
    ["waiting-to-scale-down", "cooldown", "scale-down.interval 1 h"],
    ["ineffective", "no-useful-parallelism", "brought too little"],
    ["memory-pressure", "memory-pressure", "90 % full"],
    ["advisor-mode", "disabled", "advice only"],
    ["excluded-period", "excluded-period", "excluded.periods"],
    ["quota", "cluster-capacity", "quota"],
  ])("%s holds with the reason %s", (outcome, reason, words) => {
    const got = answer(
      decision(outcome, { until: NOW, missing: ["pending"], gcPressure: 0.1, heapUsage: 0.9 }),
    );
    expect(got).toMatchObject({ reason, effective: null });
    expect(got.sentence).toContain(words);
    expect(Object.keys(SCALE_REASONS)).toContain(got.reason);
  });

  it("within its bounds a job has what it needs", () => {
    expect(answer(decision("within"))).toMatchObject({ reason: "within-target", effective: null });
  });

  it("advice shows what it would be", () => {
    const advice = decision("advisor-mode", { recommended: { src: 1, work: 3, count: 2 } });
    expect(answer(advice)).toMatchObject({ proposal: { work: 3 }, effective: null });
    expect(answer(advice).sentence).toContain("Proposed: work 1 → 3");
  });

  it.each<[string, Partial<ScaleInputs>, string]>([
    ["a job that cannot be rescaled in place", { adaptive: false }, "not-adaptive"],
    ["somebody else's change a minute ago", { foreignChangeAt: NOW - 60_000 }, "another-autoscaler-active"],
  ])("%s is left alone", (_, changes, reason) => {
    expect(answer(decision("scale"), changes)).toMatchObject({ reason, effective: null });
  });

  it("somebody else's change long ago does not matter", () => {
    expect(answer(decision("scale"), { foreignChangeAt: NOW - 600_000 }).reason).toBe("scale-up");
  });

  it.each([
    [2, "slot-quota", null],
    [3, "scale-up", { src: 1, work: 3, count: 2 }],
  ])("a job that may have %i slots and wants 3: %s", (maxSlots, reason, effective) => {
    expect(answer(decision("scale"), {}, maxSlots)).toMatchObject({ reason, effective });
  });

  it("a job that Outrider is told to leave alone holds, whatever the policy wants", () => {
    const off = { enabled: false, yieldToOthersMs: 0, maxSlots: null };
    expect(flinkAnswer(decision("scale"), inputs, DEFAULT_FLINK_OPTIONS, off, NOW)).toMatchObject({
      reason: "disabled",
      effective: null,
    });
  });

  it("a job that was not looked at yet is waited for", () => {
    expect(answer(undefined)).toMatchObject({ reason: "stabilizing", effective: null });
  });
});

describe("the memory of a job under policy flink", () => {
  const options = { ...DEFAULT_FLINK_OPTIONS, enabled: true, windowMs: 60_000, stabilizationMs: 10_000 };
  const graph = aGraph("src>work", {}, "REBALANCE");
  const seen = (at: number, parallelism = 1, runningSince = 0) =>
    anObservation(
      at,
      { ...graph, vertices: graph.vertices.map((v) => (v.id === "work" ? { ...v, parallelism } : v)) },
      {
        src: {
          readRecords: 8_000,
          outRate: 800,
          busyShare: 0.1,
          backPressuredShare: 0,
          pendingRecords: 0,
          taskMs: 10_000,
        },
        work: { readRecords: 8_000, busyShare: 1, backPressuredShare: 0, taskMs: 10_000, parallelism },
      },
      { runningSince },
    );
  /** Ten seconds from observation to observation. */
  function watched(until: number, from?: FlinkState): FlinkState | undefined {
    let state = from;
    for (let at = 10_000; at <= until; at += 10_000) state = learnFlink(state, seen(at), options, at);
    return state;
  }

  it("comes to a decision out of observations alone", () => {
    // 800 records/s at 100 % busy: the target is 1.595 times that, so 2 subtasks; utilization 1 is not above the bound.
    expect(watched(120_000)?.last).toMatchObject({
      outcome: "within",
      vertices: { work: { trueProcessingRate: 800 } },
    });
    const strict = { ...options, boundary: 0.2 };
    let state: FlinkState | undefined;
    for (let at = 10_000; at <= 120_000; at += 10_000) state = learnFlink(state, seen(at), strict, at);
    expect(state?.last).toMatchObject({ outcome: "scale", target: { src: 1, work: 2 } });
    const rescaled = learnFlink(state, seen(130_000, 2, 125_000), strict, 130_000);
    expect(rescaled.history["work"]).toMatchObject([{ from: 1, to: 2 }]);
    expect(rescaled.overrides).toEqual({ src: 1, work: 2 });
  });
});
