import { describe, expect, it } from "vitest";
import { decideSavepoint, type SavepointQuestion, savepointId } from "./decide.ts";
import { SAVEPOINT_REASONS } from "./reasons.ts";

const question = (over: Partial<SavepointQuestion> = {}): SavepointQuestion => ({
  job: "prod/default/orders",
  flinkJobId: "a".repeat(32),
  at: 1_000_000,
  trigger: "request",
  by: "ada",
  dueAt: null,
  state: "RUNNING",
  namesakes: 1,
  recovering: false,
  snapshotInProgress: false,
  directory: null,
  flinkDirectory: "s3://bucket/sp",
  format: "canonical",
  lastTookMs: null,
  ...over,
});

describe("a savepoint", () => {
  const cases: readonly [string, Partial<SavepointQuestion>, string][] = [
    ["is taken of a running job", {}, "savepoint"],
    ["is not taken of two jobs with one key", { namesakes: 2 }, "duplicate-key"],
    ["is not taken while the job is restored", { recovering: true, state: "CREATED" }, "recovering"],
    ["is not taken of a job that does not run", { state: "RESTARTING" }, "not-running"],
    ["is not taken beside another one", { snapshotInProgress: true }, "snapshot-in-progress"],
    ["needs a place to be written to", { flinkDirectory: null }, "no-savepoint-directory"],
    [
      "is written where Outrider is told, whatever Flink knows",
      { flinkDirectory: null, directory: "file:/sp" },
      "savepoint",
    ],
  ];
  it.each(cases)("%s", (_, over, reason) => {
    const decision = decideSavepoint(question(over));
    expect(decision.reason).toBe(reason);
    expect(decision.effective === null).toBe(reason !== "savepoint");
    expect(Object.keys(SAVEPOINT_REASONS)).toContain(decision.reason);
    expect(decision.sentence).toMatch(
      reason === "savepoint" ? /^Take a canonical savepoint in / : /^Hold: .+\.$/,
    );
  });

  it("of one run of the calendar has one identity however often it is decided", () => {
    const run = (at: number) =>
      decideSavepoint(question({ trigger: "calendar", by: "calendar", dueAt: 900_000, at }));
    const [first, second] = [run(1_000_000), run(1_002_000)];
    expect(savepointId(second)).toBe(savepointId(first));
    expect(second.proposal.triggerId).toBe(first.proposal.triggerId);
    expect(first.proposal.triggerId).toMatch(/^[0-9a-f]{32}$/);
  });

  it("that a person asks for again is another one", () => {
    const [first, second] = [question(), question({ at: 2_000_000 })].map(decideSavepoint);
    expect(second?.proposal.triggerId).not.toBe(first?.proposal.triggerId);
  });
});
