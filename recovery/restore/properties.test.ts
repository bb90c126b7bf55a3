import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Candidate,
  DIAGNOSES,
  FAULT_CLASSES,
  formatDuration,
  type RestoreDecision,
  SNAPSHOT_STATES,
} from "../../model/index.ts";
import {
  ASKED_AT,
  aCluster,
  aFault,
  anEarlierRestore,
  aRestoreConfig,
  aRestoreQuestion,
  RETAINED,
} from "../../test/support/restore-questions.ts";
import { aCandidate, aDiagnosis, aLife, FAILED_AT, OLD_JOB } from "../../test/support/restore-records.ts";
import { decideRestore, pageDue, redecideRestore, restoreDecisionId, snapshotsToVerify } from "./decide.ts";
import { newJobIdOf } from "./identity.ts";
import type { RestoreQuestion } from "./question.ts";
import { RESTORE_REASONS } from "./reasons.ts";

const ago = fc.integer({ min: 0, max: 900_000 });
const instant = fc.option(ago.map((ms) => ASKED_AT - ms));
const chance = fc.boolean();

const candidate: fc.Arbitrary<Candidate> = fc
  .record({
    n: fc.integer({ min: 1, max: 60 }),
    state: fc.constantFrom(...SNAPSHOT_STATES, "unchecked" as const, "verified" as const),
    takenAt: instant,
    checkedAt: instant,
    flinkJobId: fc.constantFrom(OLD_JOB, newJobIdOf("r-1"), null),
    kind: fc.constantFrom("checkpoint" as const, "savepoint" as const, "unknown" as const),
    compatible: fc.constantFrom(true, false, null, null, null),
    origin: fc.constantFrom("flink" as const, "directory" as const),
  })
  .map(({ n, ...c }) =>
    aCandidate({
      ...c,
      path: `file:/ckpt/${c.flinkJobId}/chk-${n}`,
      checkpointId: n,
      sentence: `chk-${n} is what it is`,
    }),
  );

const earlier = fc
  .array(
    fc.record({
      at: fc.integer({ min: FAILED_AT - 4_000_000, max: FAILED_AT }),
      succeeded: fc.constantFrom(true, false, false, null),
      open: fc.constantFrom(false, false, false, true),
      fingerprint: fc.constantFrom("x", "y", null),
      cancelled: chance,
      action: fc.constantFrom("restore" as const, "restore" as const, "stop" as const),
      runningAfterMs: fc.option(ago),
    }),
    { maxLength: 4 },
  )
  .map((list) =>
    list.map(({ open, ...e }, i) =>
      anEarlierRestore({
        ...e,
        decision: `r-${i + 1}`,
        flinkJobId: i === 0 ? OLD_JOB : newJobIdOf(`r-${i}`),
        snapshot: `file:/ckpt/${OLD_JOB}/chk-${40 - i}`,
        endedAt: open ? null : e.at + 1_000,
        succeeded: open ? null : e.succeeded,
      }),
    ),
  );

const question: fc.Arbitrary<RestoreQuestion> = fc
  .record({
    kind: fc.constantFrom(...DIAGNOSES),
    since: ago.map((ms) => ASKED_AT - ms),
    fault: fc.option(
      fc.record({
        class: fc.constantFrom(...FAULT_CLASSES),
        at: ago.map((ms) => ASKED_AT - ms),
        fingerprint: fc.constantFrom("x", "y"),
        task: fc.constantFrom("work", null),
        message: fc.constantFrom("", "no price.", "code 17 at 3"),
      }),
    ),
    trigger: fc.constantFrom("pass" as const, "pass" as const, "request" as const),
    candidates: fc.array(candidate, { maxLength: 6 }),
    from: fc.constantFrom(null, null, null, `file:/ckpt/${OLD_JOB}/chk-41`),
    searched: fc.constantFrom(true, true, false),
    earlier,
    retention: fc.constantFrom(true, false, null),
    highAvailability: fc.constantFrom("none", "zookeeper", null),
    directory: fc.constantFrom("file:/ckpt", null),
    newest: chance,
    clusterKnown: chance,
    spec: fc.constantFrom(true, true, false),
    namesakes: fc.constantFrom(0, 0, 1, 1, 2),
    config: fc.record({
      enabled: fc.constantFrom(true, true, true, false),
      allowEmptyState: chance,
      maxReplayMs: fc.option(ago),
      sameFaultLimit: fc.constantFrom(1, 2, 3),
      endLoopAfterMs: ago,
    }),
  })
  .map((q) => {
    const base = aRestoreQuestion();
    const checkpointSettings =
      q.retention === null ? null : { ...RETAINED, deleteOnCancellation: q.retention };
    return {
      ...base,
      ...q,
      diagnosis: aDiagnosis({
        kind: q.kind,
        since: q.since,
        fault: q.fault === null ? null : aFault(q.fault),
        sentence: `It is ${q.kind}, ${q.since}.`,
      }),
      life: aLife({
        flinkJobId: q.newest && q.earlier.length > 0 ? newJobIdOf(`r-${q.earlier.length}`) : OLD_JOB,
        checkpointSettings,
        highAvailability: q.highAvailability,
        checkpointDirectory: q.directory,
      }),
      cluster: q.clusterKnown ? aCluster({ highAvailability: null }) : undefined,
      spec: q.spec ? base.spec : null,
      settings: aRestoreConfig(q.config),
    };
  });

const decisions = (check: (decision: RestoreDecision, q: RestoreQuestion) => void): void => {
  fc.assert(
    fc.property(question, (q) => {
      const decision = decideRestore(q);
      if (decision !== null) check(decision, q);
    }),
    { numRuns: 500 },
  );
};

describe("a decision about a job's state", () => {
  it("comes out of its own record again, also after a round trip through JSON", () => {
    decisions((decision, q) => {
      const record = JSON.parse(JSON.stringify(decision)) as RestoreDecision;
      const again = redecideRestore(
        { job: record.job, at: record.at, trigger: record.trigger },
        record.inputs,
        record.settings as unknown as RestoreQuestion["settings"],
      );
      expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
      expect(restoreDecisionId(again)).toBe(restoreDecisionId(decision));
      expect(decideRestore(q)).toEqual(decision);
    });
  });

  it("says no number that is not a field of it", () => {
    decisions((decision) => expect(unfounded(decision)).toEqual([]));
  });

  it("has a reason of the table, and the first veto is the reason", () => {
    decisions(({ reason, guards, effective, settings }) => {
      expect(Object.keys(RESTORE_REASONS)).toContain(reason);
      const vetoed = guards.find((g) => g.verdict === "veto");
      if (settings["enabled"] === true && vetoed !== undefined) expect(reason).toBe(vetoed.name);
      expect(effective === null).toBe(vetoed !== undefined || settings["enabled"] === false);
    });
  });

  it("to act never falls back past a snapshot that is not judged, nor takes one that is not proven", () => {
    decisions(({ effective }, q) => {
      if (effective === null || effective.snapshot === null) return;
      const index = q.candidates.findIndex((c) => c.path === effective.snapshot && c.state === "verified");
      expect(index).toBeGreaterThanOrEqual(0);
      const newer = q.from === null ? q.candidates.slice(0, index) : [];
      expect(newer.filter((c) => c.state === "unknown" || c.state === "unchecked")).toEqual([]);
    });
  });

  it("to start without state has no candidate, and the setting that permits it", () => {
    decisions(({ effective, reason }, q) => {
      if (effective === null || effective.snapshot !== null) return;
      expect([reason, q.candidates.length, q.settings.allowEmptyState, q.searched]).toEqual([
        "restore-empty",
        0,
        true,
        true,
      ]);
    });
  });

  it("to act has no other live copy, none of high availability's, and no open restore beside it", () => {
    decisions(({ effective }, q) => {
      if (effective === null) return;
      expect(q.namesakes).toBeLessThanOrEqual(effective.steps.includes("cancel") ? 1 : 0);
      expect(q.earlier.filter((e) => e.endedAt === null)).toEqual([]);
      if (q.diagnosis.kind === "job-gone") expect(q.life.highAvailability).toBe("none");
    });
  });

  it("to cancel keeps the snapshot", () => {
    decisions(({ effective }, q) => {
      if (effective === null || !effective.steps.includes("cancel")) return;
      const chosen = q.candidates.find((c) => c.path === effective.snapshot);
      const own = chosen?.kind === "savepoint" && chosen.flinkJobId === q.life.flinkJobId;
      expect(own || q.life.checkpointSettings?.deleteOnCancellation === false).toBe(true);
    });
  });

  it("that waits for a verdict says for which, and no other one does", () => {
    decisions((decision, q) => {
      const paths = snapshotsToVerify(decision);
      if (decision.reason === "restore-point-unknown" && q.searched) expect(paths.length).toBeGreaterThan(0);
      if (decision.effective !== null) expect(paths).toEqual([]);
      expect(["now", "later", "never"]).toContain(pageDue(decision, q.settings, q.now));
    });
  });
});

/** Durations and numbers of the sentence that stand in no field and in no text that it was given. */
function unfounded(decision: RestoreDecision): readonly string[] {
  const { sentence, guards, ...rest } = decision;
  const [numbers, texts] = leaves([rest, guards.map((g) => g.numbers)]);
  const known = new Set(numbers.flatMap((n) => [String(n), formatDuration(n)]));
  let left = sentence;
  const given = texts.flatMap((t) => [t, t.replace(/\.\s*$/, ""), t.slice(t.lastIndexOf("/") + 1)]);
  for (const text of given.sort((a, b) => b.length - a.length)) {
    if (/\d/.test(text)) left = left.replaceAll(text, "");
  }
  const said = left.match(/\d+ (?:ms|s|min|h|d)(?: \d+ (?:ms|s|min|h|d))?(?![a-z])|\d+/g) ?? [];
  return said.filter((text) => !known.has(text));
}

function leaves(value: unknown): readonly [number[], string[]] {
  if (typeof value === "number") return [[value], []];
  if (typeof value === "string") return [[], [value]];
  if (typeof value !== "object" || value === null) return [[], []];
  const parts = Object.values(value).map(leaves);
  return [parts.flatMap(([n]) => n), parts.flatMap(([, t]) => t)];
}

it("a number that comes from nowhere is seen", () => {
  const decision = decideRestore(aRestoreQuestion());
  if (decision === null) throw new Error("expected a decision");
  expect(unfounded({ ...decision, sentence: `${decision.sentence} 39 s, 17 of 7771.` })).toEqual([
    "39 s",
    "17",
    "7771",
  ]);
});
