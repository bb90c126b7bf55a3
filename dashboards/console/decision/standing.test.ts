import { describe, expect, it } from "vitest";
import type { Attempt, Outcome, PermitCode } from "../../../model/index.ts";
import type { Decision } from "../api/replies.ts";
import { becameOf, storyOf } from "./standing.ts";

const permit = (code: PermitCode, at = 1) => ({
  decision: "d",
  at,
  code,
  by: "mode",
  sentence: `said ${code}`,
});
const attempt = (status: Attempt["status"], at = 3): Attempt => ({
  decision: "d",
  at,
  status,
  requestId: "r",
  sentence: status,
});
const outcome = (verdict: Outcome["verdict"]): Outcome => ({
  decision: "d",
  at: 5,
  verdict,
  expected: {},
  observed: {},
  tookMs: 1,
  sentence: verdict,
});
const approval = (verdict: "approved" | "rejected") => ({ at: 2, by: "ann", verdict, reason: "why not" });

const decision = (changes: Partial<Decision>, effective: object | null = { a: 2 }): Decision =>
  ({
    record: { effective },
    permits: [],
    approval: null,
    attempts: [],
    outcome: null,
    ...changes,
  }) as Decision;

describe("a decision became", () => {
  it.each<[string, Decision, boolean]>([
    ["Hold", decision({}, null), false],
    ["Needs approval", decision({ permits: [permit("needs-approval")] }), true],
    ["Not answered", decision({ permits: [permit("needs-approval")] }), false],
    ["Paused", decision({ permits: [permit("needs-approval"), permit("paused")] }), false],
    ["Not done: observe", decision({ permits: [permit("read-only")] }), false],
    ["Rejected", decision({ approval: approval("rejected") }), false],
    ["Approved", decision({ approval: approval("approved") }), false],
    ["Under way", decision({ approval: approval("approved"), attempts: [attempt("accepted")] }), false],
    ["Refused by Flink", decision({ attempts: [attempt("intended"), attempt("failed")] }), false],
    ["Reached", decision({ attempts: [attempt("accepted")], outcome: outcome("reached") }), false],
    ["Not reached", decision({ outcome: outcome("not-reached") }), false],
  ])("%s", (label, given, waits) => {
    expect(becameOf(given, waits).label).toBe(label);
  });

  it("told in the order in which it happened", () => {
    const story = storyOf(
      decision({
        outcome: outcome("reached"),
        attempts: [attempt("intended", 3), attempt("accepted", 4)],
        approval: approval("approved"),
        permits: [permit("needs-approval")],
      }),
    );
    expect(story.map((s) => s.at)).toEqual([1, 2, 3, 4, 5]);
    expect(story[1]?.sentence).toBe("by ann: why not");
  });
});
