import { describe, expect, it } from "vitest";
import type { Candidate, Diagnosis, FaultClass } from "../../model/index.ts";
import {
  ASKED_AT,
  aFault,
  anEarlierRestore,
  aRestoreConfig,
  aRestoreQuestion,
  RETAINED,
} from "../../test/support/restore-questions.ts";
import {
  aCandidate,
  aDiagnosis,
  aLife,
  CHK_41,
  FAILED_AT,
  OLD_JOB,
} from "../../test/support/restore-records.ts";
import { decideRestore, pageDue, restoreDecisionId, snapshotsToVerify } from "./decide.ts";
import { newJobIdOf } from "./identity.ts";
import type { RestoreQuestion } from "./question.ts";
import { RESTORE_REASONS, type RestoreReason } from "./reasons.ts";

type Changes = Partial<RestoreQuestion>;

function decided(changes: Changes = {}) {
  const decision = decideRestore(aRestoreQuestion(changes));
  if (decision === null) throw new Error("expected a decision");
  return decision;
}

const wrong = (kind: Diagnosis["kind"], fault: FaultClass | null = "process-lost"): Diagnosis =>
  aDiagnosis({
    kind,
    fault: fault === null ? null : aFault({ class: fault, fingerprint: fault }),
    sentence: `It is ${kind}.`,
  });
const chk = (checkpointId: number, changes: Partial<Candidate> = {}): Candidate =>
  aCandidate({
    path: `file:/ckpt/chk-${checkpointId}`,
    checkpointId,
    takenAt: FAILED_AT - 38_000 + (checkpointId - 41) * 10_000,
    ...changes,
  });
const broken42 = chk(42, { state: "incomplete", sentence: "chk-42 is incomplete: shared/ab… is missing" });
const unknown42 = chk(42, { state: "unknown", sentence: "chk-42 could not be looked at: S3 answers 503" });
/** The life that the earlier restore brought about. */
const afterRestore = (id = "r-earlier") =>
  aLife({ flinkJobId: newJobIdOf(id), checkpointSettings: RETAINED });

describe("a restore", () => {
  it("says from what, how far back that is, and what went wrong", () => {
    const decision = decided();
    expect(decision).toMatchObject({
      reason: "restore",
      effective: { action: "restore", way: "jar", snapshot: CHK_41 },
      estimate: { replay: { ms: 38_000 }, durationMs: 60_000 },
    });
    expect(decision.sentence).toBe(
      "Restore from chk-41 (verified 17 s ago, 38 s to replay): The job has FAILED: TaskManager tm-2 was lost.",
    );
  });

  it("from an older snapshot names the newer ones that are not whole", () => {
    const decision = decided({ candidates: [broken42, chk(41)] });
    expect(decision).toMatchObject({ reason: "restore-older", effective: { snapshot: CHK_41 } });
    expect(decision.sentence).toBe(
      "Restore from chk-41 (verified 17 s ago, 38 s to replay): The job has FAILED: TaskManager tm-2 was lost; chk-42 is incomplete: shared/ab… is missing.",
    );
  });

  it("of a failed job proves the old one dead, verifies, runs, and waits for a checkpoint", () => {
    expect(decided().effective?.steps).toEqual([
      "await-dead",
      "verify",
      "run",
      "await-running",
      "await-checkpoint",
    ]);
  });

  it("uploads the jar where Flink has none of its name", () => {
    expect(decided({ cluster: undefined }).effective?.steps[0]).toBe("upload-jar");
  });

  it("of a looping job verifies before it cancels", () => {
    const decision = decided({
      diagnosis: wrong("restart-loop", "missing-file"),
      candidates: [broken42, chk(41, { checkedAt: FAILED_AT + 1_000 })],
      namesakes: 1,
    });
    expect(decision.reason).toBe("restore-older");
    expect(decision.effective?.steps.slice(0, 4)).toEqual(["verify", "cancel", "await-dead", "verify"]);
  });

  it("without periodic checkpoints waits for none", () => {
    const life = aLife({ checkpointSettings: { ...RETAINED, intervalMs: null } });
    expect(decided({ life }).effective?.steps.at(-1)).toBe("await-running");
  });

  it("takes as long as the ones before it", () => {
    const earlier = [5_000, 20_000, 7_000].map((runningAfterMs) =>
      anEarlierRestore({ runningAfterMs, succeeded: true }),
    );
    expect(decided({ earlier }).estimate.durationMs).toBe(7_000);
  });

  it("has an id that stays while it waits, and the job an id that follows from it", () => {
    const first = decided();
    const later = decided({ now: ASKED_AT + 60_000, candidates: [chk(41, { checkedAt: ASKED_AT })] });
    expect(restoreDecisionId(later)).toBe(restoreDecisionId(first));
    expect(first.effective?.newFlinkJobId).toBe(newJobIdOf(restoreDecisionId(first)));
    expect(first.effective?.newFlinkJobId).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each<[string, Changes]>([
    ["another snapshot", { candidates: [chk(40)] }],
    ["another life", { life: aLife({ flinkJobId: "2".repeat(32), checkpointSettings: RETAINED }) }],
    ["another job", { job: "prod/default/clicks" }],
    ["a restore before it", { earlier: [anEarlierRestore()] }],
  ])("of %s is another one, with another job id", (_, changes) => {
    expect(decided(changes).effective?.newFlinkJobId).not.toBe(decided().effective?.newFlinkJobId);
  });

  it("keeps what it was made with, and no jar or argument of its settings", () => {
    const { settings } = decided({ settings: aRestoreConfig({ maxAttempts: 7 }) });
    expect(settings).toMatchObject({ maxAttempts: 7 });
    expect(Object.keys(settings)).not.toContain("restore");
  });
});

describe("nothing is recorded", () => {
  it.each(["well", "ended", "not-assessed"] as const)("of a job that is %s", (kind) => {
    expect(decideRestore(aRestoreQuestion({ diagnosis: wrong(kind, null) }))).toBeNull();
  });
});

describe("what is wrong decides what is done", () => {
  const fresh = [chk(41, { checkedAt: FAILED_AT + 1_000 })];
  it.each<[string, Changes, RestoreReason, "restore" | "stop" | null]>([
    ["a lost process", { diagnosis: wrong("failed", "process-lost") }, "restore", "restore"],
    ["memory", { diagnosis: wrong("failed", "out-of-memory") }, "restore", "restore"],
    ["the network", { diagnosis: wrong("failed", "network") }, "restore", "restore"],
    ["a connector", { diagnosis: wrong("failed", "connector") }, "restore", "restore"],
    ["slots", { diagnosis: wrong("failed", "resources") }, "restore", "restore"],
    ["failing checkpoints", { diagnosis: wrong("failed", "checkpointing") }, "restore", "restore"],
    ["user code, for the first time", { diagnosis: wrong("failed", "user-code") }, "restore", "restore"],
    [
      "an unknown fault, for the first time",
      { diagnosis: wrong("failed", "unrecognised") },
      "restore",
      "restore",
    ],
    ["no exception at all", { diagnosis: wrong("failed", null) }, "restore", "restore"],
    [
      "state that does not fit",
      { diagnosis: wrong("failed", "state-incompatible") },
      "incompatible-state",
      null,
    ],
    [
      "a missing file",
      { diagnosis: wrong("failed", "missing-file"), candidates: fresh },
      "restore",
      "restore",
    ],
    [
      "a store that does not answer",
      { diagnosis: wrong("failed", "storage-unreachable") },
      "storage-unreachable",
      null,
    ],
    [
      "a store that has answered since",
      { diagnosis: wrong("failed", "storage-unreachable"), candidates: fresh },
      "restore",
      "restore",
    ],
    ["a job that is gone", { diagnosis: wrong("job-gone", null) }, "restore", "restore"],
    [
      "a cluster that lacks TaskManagers, the job still live in it",
      { diagnosis: wrong("cluster-down", null), namesakes: 1 },
      "cluster-down",
      null,
    ],
    ["a cluster that is down", { diagnosis: wrong("cluster-down", null) }, "cluster-down", null],
    ["lost TaskManagers", { diagnosis: wrong("task-managers-lost"), namesakes: 1 }, "flink-recovers", null],
    [
      "a job that is stuck",
      { diagnosis: wrong("stuck", null), namesakes: 1 },
      "restore-would-not-help",
      null,
    ],
    [
      "checkpoints that do not complete",
      { diagnosis: wrong("no-checkpoint-progress", "checkpointing"), namesakes: 1 },
      "restore-would-not-help",
      null,
    ],
    [
      "a young loop of the job's own fault",
      { diagnosis: wrong("restart-loop", "user-code"), namesakes: 1 },
      "flink-recovers",
      null,
    ],
    [
      "an old loop of the job's own fault",
      { diagnosis: { ...wrong("restart-loop", "user-code"), since: ASKED_AT - 300_000 }, namesakes: 1 },
      "stop-loop",
      "stop",
    ],
    [
      "a loop for want of slots",
      { diagnosis: wrong("restart-loop", "resources"), namesakes: 1 },
      "restore-would-not-help",
      null,
    ],
    [
      "a loop of lost processes",
      { diagnosis: wrong("restart-loop"), namesakes: 1 },
      "restore-would-not-help",
      null,
    ],
    [
      "a loop while the store is away",
      { diagnosis: wrong("restart-loop", "storage-unreachable"), namesakes: 1 },
      "storage-unreachable",
      null,
    ],
    [
      "a loop that misses a file although the newest snapshot is whole",
      { diagnosis: wrong("restart-loop", "missing-file"), candidates: fresh, namesakes: 1 },
      "restore-would-not-help",
      null,
    ],
    [
      "a loop that cannot begin for an unknown reason, its newest snapshot not whole",
      { diagnosis: wrong("restart-loop", "unrecognised"), candidates: [broken42, chk(41)], namesakes: 1 },
      "restore-older",
      "restore",
    ],
  ])("%s", (_, changes, reason, action) => {
    const decision = decided(changes);
    expect([decision.reason, decision.effective?.action ?? null]).toEqual([reason, action]);
  });

  it("a looping job is brought down only where its state stays, and the sentence says where", () => {
    const diagnosis = { ...wrong("restart-loop", "user-code"), since: ASKED_AT - 600_000 };
    expect(decided({ diagnosis, namesakes: 1 })).toMatchObject({
      effective: {
        action: "stop",
        snapshot: CHK_41,
        newFlinkJobId: null,
        steps: ["verify", "cancel", "await-dead"],
      },
      sentence:
        "End the loop and keep the state in chk-41 (verified 17 s ago, 38 s to replay): It is restart-loop.",
    });
  });
});

describe("every guard vetoes once and lets pass once", () => {
  const loop = { diagnosis: wrong("restart-loop", "missing-file"), namesakes: 1 };
  const looping = { ...loop, candidates: [broken42, chk(41, { checkedAt: FAILED_AT + 1_000 })] };
  const deleting = { ...RETAINED, deleteOnCancellation: true };
  const poison = wrong("failed", "user-code");
  const twice = [
    anEarlierRestore({ decision: "r-1", flinkJobId: "0".repeat(32), fingerprint: "user-code" }),
    anEarlierRestore({ decision: "r-2", flinkJobId: newJobIdOf("r-1"), fingerprint: "user-code" }),
  ];
  const gone = (mode: string | null) => ({
    diagnosis: wrong("job-gone", null),
    life: aLife({ highAvailability: mode }),
    cluster: undefined,
  });
  it.each<[RestoreReason, string, Changes, Changes]>([
    ["duplicate-key", "another live submission", { namesakes: 1 }, { namesakes: 0 }],
    ["duplicate-key", "two live ones", { ...looping, namesakes: 2 }, looping],
    [
      "already-restoring",
      "an open restore",
      { earlier: [anEarlierRestore({ endedAt: null, succeeded: null })] },
      { earlier: [anEarlierRestore()] },
    ],
    [
      "not-assessed",
      "a person asks for a job nobody knows",
      { trigger: "request", diagnosis: wrong("not-assessed", null) },
      { trigger: "request" },
    ],
    [
      "nothing-wrong",
      "a person asks for a job that is well",
      { trigger: "request", diagnosis: wrong("well", null), namesakes: 1 },
      {},
    ],
    ["cluster-down", "no JobManager", { diagnosis: wrong("cluster-down", null) }, {}],
    ["high-availability-recovers", "a mode that brings jobs back", gone("zookeeper"), gone("none")],
    ["high-availability-recovers", "a mode that could not be read", gone(null), gone("none")],
    [
      "old-copy-writes",
      "a checkpoint from after the loss",
      { diagnosis: wrong("job-gone", null), candidates: [chk(43, { takenAt: FAILED_AT + 10_001 }), chk(41)] },
      { diagnosis: wrong("job-gone", null), candidates: [chk(43, { takenAt: FAILED_AT + 10_000 }), chk(41)] },
    ],
    [
      "fault-not-told",
      "a failure of this moment",
      { diagnosis: wrong("failed", null), now: FAILED_AT + 4_999 },
      { diagnosis: wrong("failed", null), now: FAILED_AT + 5_000 },
    ],
    ["flink-recovers", "lost TaskManagers", { diagnosis: wrong("task-managers-lost"), namesakes: 1 }, {}],
    ["storage-unreachable", "no answer since", { diagnosis: wrong("failed", "storage-unreachable") }, {}],
    [
      "deterministic-fault",
      "the same fault after two restores",
      { diagnosis: poison, earlier: twice, life: afterRestore("r-2") },
      { diagnosis: poison },
    ],
    [
      "deterministic-fault",
      "a restored job that completed a checkpoint and lived on for a while",
      {
        diagnosis: poison,
        earlier: twice,
        life: afterRestore("r-2"),
        candidates: [chk(50, { flinkJobId: newJobIdOf("r-2") })],
        settings: aRestoreConfig({ endLoopAfterMs: 300_001 }),
      },
      {
        diagnosis: poison,
        earlier: twice,
        life: afterRestore("r-2"),
        candidates: [chk(50, { flinkJobId: newJobIdOf("r-2") })],
      },
    ],
    [
      "deterministic-fault",
      "somebody submitted the job anew in between",
      { diagnosis: poison, earlier: twice, life: afterRestore("r-2") },
      { diagnosis: poison, earlier: twice },
    ],
    [
      "incompatible-state",
      "operators that do not fit",
      { candidates: [chk(41, { compatible: false, sentence: "operator 7df1 is not in the job" })] },
      { candidates: [chk(41, { compatible: null })] },
    ],
    [
      "unrecognised-fault",
      "an unknown fault after a restore",
      { diagnosis: wrong("failed", "unrecognised"), earlier: [anEarlierRestore()], life: afterRestore() },
      { diagnosis: wrong("failed", "unrecognised") },
    ],
    [
      "restore-would-not-help",
      "no slots",
      { diagnosis: wrong("restart-loop", "resources"), namesakes: 1 },
      {},
    ],
    [
      "restore-point-unknown",
      "a newer one without a verdict",
      { candidates: [unknown42, chk(41)] },
      { candidates: [broken42, chk(41)] },
    ],
    [
      "restore-point-unknown",
      "one that was not looked at yet",
      { candidates: [chk(42, { state: "unchecked" }), chk(41)] },
      { candidates: [chk(41), chk(40, { state: "unchecked" })] },
    ],
    [
      "restore-point-unknown",
      "a directory that could not be listed",
      { searched: false },
      { searched: true },
    ],
    [
      "restore-point-unknown",
      "verified before a file was missing",
      { diagnosis: wrong("failed", "missing-file"), candidates: [chk(41, { checkedAt: FAILED_AT - 1 })] },
      { diagnosis: wrong("failed", "missing-file"), candidates: [chk(41, { checkedAt: FAILED_AT })] },
    ],
    ["no-valid-restore-point", "none is whole", { candidates: [broken42] }, {}],
    ["no-valid-restore-point", "there is none", { candidates: [] }, {}],
    [
      "no-valid-restore-point",
      "the only one lacked a file when Flink restored from it",
      {
        diagnosis: wrong("failed", "missing-file"),
        candidates: [chk(41, { checkedAt: ASKED_AT })],
        earlier: [anEarlierRestore()],
        life: afterRestore(),
      },
      {
        diagnosis: wrong("failed", "missing-file"),
        candidates: [chk(41, { checkedAt: ASKED_AT }), chk(40, { checkedAt: ASKED_AT })],
        earlier: [anEarlierRestore()],
        life: afterRestore(),
      },
    ],
    [
      "replay-too-far",
      "more than the bound",
      { settings: aRestoreConfig({ maxReplayMs: 37_999 }) },
      { settings: aRestoreConfig({ maxReplayMs: 38_000 }) },
    ],
    [
      "replay-too-far",
      "nobody knows how much",
      { settings: aRestoreConfig({ maxReplayMs: 38_000 }), candidates: [chk(41, { takenAt: null })] },
      { candidates: [chk(41, { takenAt: null })] },
    ],
    [
      "would-delete-snapshot",
      "the standard retention",
      { ...looping, life: aLife({ checkpointSettings: deleting }) },
      looping,
    ],
    [
      "would-delete-snapshot",
      "retention that could not be read",
      { ...looping, life: aLife({ checkpointSettings: null }) },
      looping,
    ],
    [
      "would-delete-snapshot",
      "a savepoint of another life, which the job may own",
      {
        ...looping,
        life: aLife({ checkpointSettings: deleting }),
        candidates: [
          broken42,
          chk(41, { kind: "savepoint", flinkJobId: "9".repeat(32), checkedAt: ASKED_AT }),
        ],
      },
      {
        ...looping,
        life: aLife({ checkpointSettings: deleting }),
        candidates: [broken42, chk(41, { kind: "savepoint", flinkJobId: OLD_JOB, checkedAt: ASKED_AT })],
      },
    ],
    ["no-restore-spec", "no jar", { spec: null }, {}],
  ])("%s: %s", (name, _, bad, good) => {
    const held = decided(bad);
    expect([held.reason, held.effective]).toEqual([name, null]);
    expect(held.sentence).toMatch(/^Hold: .+\.$/);
    expect(decided(good).guards.find((g) => g.name === name)?.verdict).toBe("pass");
  });

  it("all are listed, in the order of their reasons", () => {
    const codes = Object.keys(RESTORE_REASONS);
    expect(decided().guards.map((g) => g.name)).toEqual(codes.slice(codes.indexOf("duplicate-key")));
  });

  it("a job whose recovery is switched off says what is wrong with it", () => {
    expect(decided({ settings: aRestoreConfig({ enabled: false }) })).toMatchObject({
      reason: "disabled",
      effective: null,
      sentence: "Hold: recovery is switched off for this job; The job has FAILED: TaskManager tm-2 was lost.",
    });
  });
});

describe("empty state", () => {
  const settings = aRestoreConfig({ allowEmptyState: true });
  const fresh = { settings, candidates: [], life: aLife({ checkpointDirectory: null }) };

  it("is allowed by the setting where there has never been a snapshot", () => {
    expect(decided(fresh)).toMatchObject({ reason: "restore-empty", effective: { snapshot: null } });
    expect(decided(fresh).effective?.steps).not.toContain("verify");
  });

  it.each<[string, Changes]>([
    ["without the setting", { ...fresh, settings: aRestoreConfig() }],
    ["where a snapshot is broken", { ...fresh, candidates: [broken42] }],
    ["where one is unknown", { ...fresh, candidates: [unknown42] }],
    ["where not every directory was read", { ...fresh, searched: false }],
    ["where a checkpoint once completed", { ...fresh, life: aLife() }],
    [
      "where it was restored from one before",
      { ...fresh, earlier: [anEarlierRestore({ flinkJobId: "0".repeat(32) })] },
    ],
    ["where a person named one", { ...fresh, from: "file:/ckpt/chk-7", trigger: "request" }],
  ])("is never taken %s", (_, changes) => {
    expect(decided(changes).effective).toBeNull();
  });
});

describe("a person who asks", () => {
  const ask: Changes = { trigger: "request" };
  it.each<[string, Changes]>([
    ["is not held up by a fault that is the job's own", { diagnosis: wrong("failed", "state-incompatible") }],
    ["may have a finished or cancelled job again", { diagnosis: wrong("ended", null) }],
    ["may take more replay than the bound", { settings: aRestoreConfig({ maxReplayMs: 1_000 }) }],
    ["may take a looping job down", { diagnosis: wrong("restart-loop", "resources"), namesakes: 1 }],
  ])("%s", (_, changes) => {
    expect(decided({ ...ask, ...changes }).effective?.action).toBe("restore");
  });

  it("gets the snapshot that they named, although a newer one is proven", () => {
    const decision = decided({ ...ask, from: CHK_41, candidates: [chk(42), chk(41)] });
    expect(decision.effective?.snapshot).toBe(CHK_41);
  });

  it("may take a healthy job back to a snapshot, which is cancelled for it", () => {
    const decision = decided({ ...ask, from: CHK_41, diagnosis: wrong("well", null), namesakes: 1 });
    expect(decision.effective?.steps).toContain("cancel");
    expect(decision.estimate.replay?.to).toBe(ASKED_AT);
  });

  it.each<[string, RestoreReason, Changes]>([
    ["is not whole", "no-valid-restore-point", { from: broken42.path, candidates: [broken42, chk(41)] }],
    [
      "could not be looked at",
      "restore-point-unknown",
      { from: unknown42.path, candidates: [unknown42, chk(41)] },
    ],
    ["nobody looked at", "no-valid-restore-point", { from: "file:/elsewhere/chk-1" }],
  ])("is refused a snapshot that %s", (_, reason, changes) => {
    expect(decided({ ...ask, ...changes })).toMatchObject({ reason, effective: null });
  });

  it.each<[string, RestoreReason, Changes]>([
    ["a second copy", "duplicate-key", { namesakes: 1 }],
    [
      "a race with high availability",
      "high-availability-recovers",
      {
        diagnosis: wrong("job-gone", null),
        cluster: undefined,
        life: aLife({ highAvailability: "kubernetes" }),
      },
    ],
    [
      "the loss of the snapshot",
      "would-delete-snapshot",
      {
        diagnosis: wrong("restart-loop"),
        namesakes: 1,
        life: aLife({ checkpointSettings: { ...RETAINED, deleteOnCancellation: true } }),
      },
    ],
  ])("is not given %s either", (_, reason, changes) => {
    expect(decided({ ...ask, ...changes })).toMatchObject({ reason, effective: null });
  });
});

describe("a job that Outrider cancelled to restore it", () => {
  const left = { diagnosis: wrong("ended", null), earlier: [anEarlierRestore({ cancelled: true })] };

  it("is still to be restored when that restore did not come through", () => {
    expect(decided(left).effective?.action).toBe("restore");
  });

  it.each<[string, Changes]>([
    [
      "it was only ended",
      { earlier: [anEarlierRestore({ cancelled: true, action: "stop", succeeded: true })] },
    ],
    ["somebody else cancelled it", { earlier: [anEarlierRestore()] }],
    ["the restore came through", { earlier: [anEarlierRestore({ cancelled: true, succeeded: true })] }],
  ])("is left alone when %s", (_, changes) => {
    expect(decideRestore(aRestoreQuestion({ ...left, ...changes }))).toBeNull();
  });
});

describe("a hold", () => {
  it("tells which snapshots it waits for", () => {
    expect(snapshotsToVerify(decided({ candidates: [unknown42, chk(41)] }))).toEqual([unknown42.path]);
    const distrusted = { diagnosis: wrong("failed", "missing-file"), candidates: [chk(41)] };
    expect(snapshotsToVerify(decided(distrusted))).toEqual([CHK_41]);
    expect(snapshotsToVerify(decided())).toEqual([]);
  });

  it.each<[string, Changes, number, "now" | "later" | "never"]>([
    ["that a person has to end is told at once", { candidates: [broken42] }, 5_000, "now"],
    ["that may pass is not told yet", { searched: false }, 299_999, "later"],
    ["that may pass is told when it does not", { searched: false }, 300_000, "now"],
    [
      "for a running restore is not told",
      { earlier: [anEarlierRestore({ endedAt: null, succeeded: null })] },
      900_000,
      "never",
    ],
    ["a restore itself is not told", {}, 900_000, "never"],
  ])("%s", (_, changes, afterMs, due) => {
    expect(pageDue(decided(changes), aRestoreConfig(), FAILED_AT + afterMs)).toBe(due);
  });

  it("for high availability is told after its own grace", () => {
    const held = decided({
      diagnosis: wrong("job-gone", null),
      cluster: undefined,
      life: aLife({ highAvailability: "zookeeper" }),
    });
    const settings = aRestoreConfig({ haGraceMs: 60_000 });
    expect(pageDue(held, settings, FAILED_AT + 59_999)).toBe("later");
    expect(pageDue(held, settings, FAILED_AT + 60_000)).toBe("now");
  });
});
