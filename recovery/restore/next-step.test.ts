import { describe, expect, it } from "vitest";
import {
  ABSENT,
  type Attempt,
  type HealthReadout,
  type JobState,
  type RestoreRecord,
  type SnapshotReport,
} from "../../model/index.ts";
import {
  ASKED_AT,
  aCluster,
  aFault,
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
import { decideRestore, restoreDecisionId } from "./decide.ts";
import type { RestoreMove, RestoreView } from "./move.ts";
import { nextStep } from "./next-step.ts";
import type { RestoreQuestion } from "./question.ts";
import { isDuplicateSubmission } from "./run-request.ts";

const CONFIG = aRestoreConfig();
const SEC = 1_000;

function recordOf(changes: Partial<RestoreQuestion> = {}): RestoreRecord {
  const decision = decideRestore(aRestoreQuestion(changes));
  if (decision?.effective === null || decision === null)
    throw new Error(`expected an act: ${decision?.sentence}`);
  return { ...decision, id: restoreDecisionId(decision), since: ASKED_AT - SEC, times: 1 };
}

const failed = recordOf();
const gone = recordOf({ diagnosis: aDiagnosis({ kind: "job-gone", fault: null, since: FAILED_AT }) });
const loop = recordOf({
  namesakes: 1,
  diagnosis: aDiagnosis({ kind: "restart-loop", fault: aFault({ class: "missing-file" }) }),
  candidates: [
    aCandidate({ path: "file:/ckpt/chk-42", checkpointId: 42, state: "incomplete" }),
    aCandidate({ checkedAt: FAILED_AT + 1 }),
  ],
});

const attempt = (
  step: NonNullable<Attempt["step"]>,
  status: Attempt["status"] = "accepted",
  agoMs = 0,
  sentence = "",
): Attempt => ({ decision: "r", at: ASKED_AT - agoMs, status, step, requestId: "r", sentence });

function health(state: JobState, changes: Partial<HealthReadout> = {}): HealthReadout {
  return {
    flinkJobId: OLD_JOB,
    name: "orders",
    at: ASKED_AT,
    state,
    enteredAt: { [state]: FAILED_AT },
    restarts: ABSENT,
    tasksRunning: state === "RUNNING" ? 5 : 0,
    tasksTotal: 5,
    exceptions: [],
    completed: ABSENT,
    failedCheckpoints: ABSENT,
    restoredFrom: null,
    snapshots: [],
    checkpointSettings: RETAINED,
    ...changes,
  };
}

const report = (changes: Partial<SnapshotReport> = {}): SnapshotReport => ({
  path: CHK_41,
  state: "verified",
  kind: "checkpoint",
  format: null,
  version: 4,
  checkpointId: 41,
  operators: [],
  references: { files: 1, bytes: 1 },
  problems: [],
  moreProblems: 0,
  checkedAt: ASKED_AT,
  sentence: "chk-41 is whole",
  ...changes,
});

const seen = (changes: Partial<RestoreView> = {}): RestoreView => ({
  old: health("FAILED"),
  next: "unknown-to-flink",
  cluster: aCluster(),
  snapshot: undefined,
  answeredAgainAt: null,
  ...changes,
});
const verified = { snapshot: report() };
const verify = attempt("verify");
const run = (agoMs: number, status: Attempt["status"] = "requested", sentence = "") => [
  attempt("run", "intended", agoMs),
  attempt("run", status, agoMs, sentence),
];

/** `verify`, `wait await-dead`, `end reached` … */
function moveText(move: RestoreMove): string {
  if (move.kind === "do") return move.step;
  return move.kind === "wait" ? `wait ${move.step}` : `end ${move.verdict}`;
}

const decide = (
  record: RestoreRecord,
  attempts: readonly Attempt[],
  view: Partial<RestoreView>,
  config = CONFIG,
  now = ASKED_AT,
) => nextStep(record, attempts, seen(view), config, now);

type Row = readonly [string, RestoreRecord, readonly Attempt[], Partial<RestoreView>, string];

describe("a restore of a failed job", () => {
  it.each<Row>([
    ["verifies the snapshot again, whatever was known of it", failed, [], {}, "verify"],
    [
      "takes no verdict from before it was asked for",
      failed,
      [verify],
      { snapshot: report({ checkedAt: ASKED_AT - 1 }) },
      "verify",
    ],
    ["runs the job once the snapshot is proven", failed, [verify], verified, "run"],
    [
      "uploads the jar first where Flink has none",
      failed,
      [],
      { cluster: aCluster({ jars: [] }) },
      "upload-jar",
    ],
    [
      "waits while Flink does not tell its jars",
      failed,
      [],
      { cluster: aCluster({ jars: [], unread: ["jars"] }) },
      "wait upload-jar",
    ],
    [
      "waits for the jar to be listed",
      failed,
      [attempt("upload-jar")],
      { cluster: aCluster({ jars: [] }) },
      "wait upload-jar",
    ],
    [
      "gives up on a jar that is not listed",
      failed,
      [attempt("upload-jar", "accepted", 30 * SEC)],
      { cluster: aCluster({ jars: [] }) },
      "end not-reached",
    ],
    [
      "uploads it again after the JobManager has forgotten it",
      failed,
      [attempt("upload-jar", "accepted", 60 * SEC)],
      { cluster: aCluster({ jars: [] }), answeredAgainAt: ASKED_AT - SEC },
      "upload-jar",
    ],
    [
      "gives up where the jar is refused",
      failed,
      [attempt("upload-jar", "failed")],
      { cluster: aCluster({ jars: [] }) },
      "end not-reached",
    ],
    [
      "waits while the store does not answer",
      failed,
      [verify],
      { snapshot: report({ state: "unknown" }) },
      "wait verify",
    ],
    [
      "gives up on a snapshot that is not whole any more",
      failed,
      [verify],
      { snapshot: report({ state: "incomplete" }) },
      "end not-reached",
    ],
    [
      "takes no verdict on another snapshot",
      failed,
      [verify],
      { snapshot: report({ path: "file:/ckpt/chk-7" }) },
      "verify",
    ],
    [
      "waits where Flink shows the old job as it was before",
      failed,
      [verify],
      { ...verified, old: health("RUNNING") },
      "wait await-dead",
    ],
    [
      "waits while Flink does not answer",
      failed,
      [],
      { old: "unreachable", next: "unreachable", cluster: undefined },
      "wait await-dead",
    ],
    ["goes on where Flink has forgotten the failed job", failed, [], { old: "unknown-to-flink" }, "verify"],
    ["leaves a job alone that somebody cancelled", failed, [], { old: health("CANCELED") }, "end superseded"],
    ["leaves a job alone that finished", failed, [], { old: health("FINISHED") }, "end superseded"],
  ])("%s", (_, record, attempts, view, expected) => {
    expect(moveText(decide(record, attempts, view))).toBe(expected);
  });

  it("leaves a job alone that came back to life", () => {
    const move = decide(failed, [verify], { old: health("RUNNING") }, CONFIG, ASKED_AT + 10 * SEC);
    expect(moveText(move)).toBe("end superseded");
  });

  it("asks the store again after 10 s", () => {
    const view = { snapshot: report({ state: "unknown" }) };
    expect(moveText(decide(failed, [verify], view, CONFIG, ASKED_AT + 10 * SEC))).toBe("verify");
  });

  it("does not take a verdict that is older than 10 min", () => {
    const at = (sec: number) => {
      const now = ASKED_AT + sec * SEC;
      return moveText(
        decide(failed, [verify], { ...verified, old: health("FAILED", { at: now }) }, CONFIG, now),
      );
    };
    expect([at(600), at(601)]).toEqual(["run", "verify"]);
  });

  it("is given up after its deadline, but not while nobody knows whether the job was submitted", () => {
    const late = ASKED_AT + CONFIG.deadlineMs + 1;
    expect(moveText(decide(failed, [verify], {}, CONFIG, late))).toBe("end not-reached");
    const silent = { old: "unreachable", next: "unreachable", cluster: undefined } as const;
    expect(moveText(decide(failed, run(0), silent, CONFIG, late))).toBe("wait run");
  });

  it("is told to a person when it takes long", () => {
    const view = { snapshot: report({ state: "unknown", checkedAt: ASKED_AT + 299 * SEC }) };
    const waits = (now: number) => decide(failed, [verify], view, CONFIG, now);
    expect(waits(ASKED_AT + 299 * SEC)).toMatchObject({ kind: "wait", escalate: false });
    expect(waits(ASKED_AT + 300 * SEC)).toMatchObject({ kind: "wait", escalate: true });
  });
});

describe("the run request", () => {
  const body = (record: RestoreRecord, flinkVersion = "1.20.5") => {
    const move = decide(record, [verify], { ...verified, cluster: aCluster({ flinkVersion }) });
    return move.kind === "do" && move.step === "run" ? move : undefined;
  };

  it("names the snapshot, claims nothing, skips nothing, and has the deterministic job id", () => {
    expect(body(failed)).toEqual({
      kind: "do",
      step: "run",
      jar: "1_orders.jar",
      body: {
        jobId: failed.effective?.newFlinkJobId,
        allowNonRestoredState: false,
        parallelism: 4,
        savepointPath: CHK_41,
        claimMode: "NO_CLAIM",
      },
    });
  });

  it.each([
    ["1.17.2", "restoreMode"],
    ["1.19.1", "restoreMode"],
    ["1.20.5", "claimMode"],
    ["2.3.0", "claimMode"],
  ])("to Flink %s says %s", (version, field) => {
    expect(body(failed, version)?.body).toHaveProperty(field, "NO_CLAIM");
  });

  it("carries what is configured for the job", () => {
    const spec = {
      jar: "/opt/orders.jar",
      entryClass: "acme.Orders",
      args: ["--rate", "5"],
      parallelism: 2,
      configuration: { "restart-strategy.type": "none" },
    };
    expect(body(recordOf({ spec }))?.body).toMatchObject({
      entryClass: "acme.Orders",
      programArgsList: ["--rate", "5"],
      parallelism: 2,
      flinkConfiguration: { "restart-strategy.type": "none" },
    });
  });

  it("from empty state names no snapshot and no claim", () => {
    const empty = recordOf({
      settings: aRestoreConfig({ allowEmptyState: true }),
      candidates: [],
      life: aLife({ checkpointDirectory: null, checkpointSettings: RETAINED }),
    });
    const move = decide(empty, [], {});
    expect(move).toMatchObject({ kind: "do", step: "run" });
    expect(move).not.toHaveProperty("body.savepointPath");
    expect(move).not.toHaveProperty("body.claimMode");
  });

  it.each([
    ["Job has already been submitted.", true],
    ["DuplicateJobSubmissionException: Job 17 …", true],
    ["Ignoring job submission: job already reached a globally-terminal state", true],
    ["Could not execute application", false],
  ])("answered with %j was made before: %s", (text, expected) => {
    expect(isDuplicateSubmission(text)).toBe(expected);
  });
});

describe("a job that was lost with its JobManager", () => {
  const lost = { old: "unknown-to-flink" } as const;
  const busy = aCluster({ taskManagers: [{ id: "tm-1", slots: 2, freeSlots: 1, lastHeartbeatAt: null }] });
  const none = aCluster({ taskManagers: [] });
  const others = aCluster({ taskManagers: [{ id: "tm-9", slots: 2, freeSlots: 2, lastHeartbeatAt: null }] });
  it.each<readonly [string, Partial<RestoreView>, number, string]>([
    ["is dead when its TaskManagers are back with all slots free", { ...lost }, 0, "verify"],
    ["is not dead while one of their slots is used", { ...lost, cluster: busy }, 0, "wait await-dead"],
    ["is not dead because a TaskManager is missing", { ...lost, cluster: none }, 0, "wait await-dead"],
    ["is not dead because other TaskManagers came", { ...lost, cluster: others }, 59, "wait await-dead"],
    ["is dead when the heartbeat timeout and a margin are over", { ...lost, cluster: none }, 60, "verify"],
    [
      "is dead that long after the JobManager answered again",
      { ...lost, cluster: none, answeredAgainAt: ASKED_AT - 60 * SEC },
      0,
      "verify",
    ],
    [
      "is not dead while the JobManager does not tell its timeout",
      { ...lost, cluster: { ...none, unread: ["configuration"] } },
      600,
      "wait await-dead",
    ],
    [
      "is not dead while the JobManager does not tell its TaskManagers",
      { ...lost, cluster: undefined },
      600,
      "wait await-dead",
    ],
    [
      "is given up where its copy writes checkpoints somewhere else",
      { ...lost, oldWroteAt: ASKED_AT + 11 * SEC },
      0,
      "end not-reached",
    ],
    ["is left alone where Flink has it back", { old: health("RESTARTING") }, 10, "end superseded"],
  ])("%s", (_, view, afterSec, expected) => {
    expect(moveText(decide(gone, [], view, CONFIG, ASKED_AT + afterSec * SEC))).toBe(expected);
  });

  it("under high availability is never taken for dead because it is not known", () => {
    const looping = { ...loop, inputs: { ...loop.inputs, highAvailability: "zookeeper" } };
    const view = { ...lost, answeredAgainAt: ASKED_AT - 3_000 * SEC };
    expect(moveText(decide(looping, [attempt("cancel")], view))).toBe("wait await-dead");
  });

  it("with no TaskManager known is not dead before its time", () => {
    const record = { ...gone, inputs: { ...gone.inputs, life: { ...gone.inputs.life, taskManagers: [] } } };
    expect(moveText(decide(record, [], lost))).toBe("wait await-dead");
  });
});

describe("a restore that cancels first", () => {
  const alive = { old: health("RESTARTING") };
  const ready = { ...alive, ...verified };
  const cancelled = [verify, attempt("cancel", "intended", 5 * SEC), attempt("cancel", "accepted", 5 * SEC)];
  it.each<Row>([
    ["verifies before it cancels", loop, [], alive, "verify"],
    [
      "uploads the jar before it cancels",
      loop,
      [verify],
      { ...ready, cluster: aCluster({ jars: [] }) },
      "upload-jar",
    ],
    ["cancels when all is ready", loop, [verify], ready, "cancel"],
    [
      "does not cancel for a snapshot that is not whole",
      loop,
      [verify],
      { ...alive, snapshot: report({ state: "corrupt" }) },
      "end not-reached",
    ],
    [
      "does not cancel while the snapshot is unknown",
      loop,
      [verify],
      { ...alive, snapshot: report({ state: "unknown" }) },
      "wait verify",
    ],
    [
      "reads anew what cancelling deletes",
      loop,
      [verify],
      {
        ...verified,
        old: health("RESTARTING", { checkpointSettings: { ...RETAINED, deleteOnCancellation: true } }),
      },
      "end not-reached",
    ],
    [
      "waits while nobody tells what cancelling deletes",
      loop,
      [verify],
      { ...verified, old: health("RESTARTING", { checkpointSettings: undefined }) },
      "wait cancel",
    ],
    [
      "waits until the old job has ended",
      loop,
      cancelled,
      { ...verified, old: health("CANCELLING") },
      "wait await-dead",
    ],
    [
      "asks again where Flink seems not to have heard it",
      loop,
      [verify, attempt("cancel", "requested", SEC)],
      ready,
      "cancel",
    ],
    ["gives up where Flink refuses", loop, [verify, attempt("cancel", "failed")], ready, "end not-reached"],
    [
      "verifies again after the old job has ended",
      loop,
      [attempt("verify", "accepted", 9 * SEC), ...cancelled],
      {
        snapshot: report({ checkedAt: ASKED_AT - 3 * SEC }),
        old: health("CANCELED", { enteredAt: { CANCELED: ASKED_AT - SEC } }),
      },
      "verify",
    ],
    [
      "runs the job with a verdict from after the end",
      loop,
      [attempt("verify", "accepted", 9 * SEC), ...cancelled],
      { ...verified, old: health("CANCELED", { enteredAt: { CANCELED: ASKED_AT - SEC } }) },
      "run",
    ],
    [
      "takes a job that failed by itself meanwhile",
      loop,
      [verify],
      { old: health("FAILED"), ...verified },
      "run",
    ],
    [
      "does not bring a job back that finished meanwhile",
      loop,
      cancelled,
      { old: health("FINISHED") },
      "end superseded",
    ],
  ])("%s", (_, record, attempts, view, expected) => {
    expect(moveText(decide(record, attempts, view))).toBe(expected);
  });

  it("leaves a job alone that has completed a checkpoint since, by itself and not for a person", () => {
    const now = ASKED_AT + 10 * SEC;
    const view = { ...verified, old: health("RUNNING", { at: now, latestCompletedAt: now - SEC }) };
    expect(moveText(decide(loop, [verify], view, CONFIG, now))).toBe("end superseded");
    expect(moveText(decide({ ...loop, trigger: "request" }, [verify], view, CONFIG, now))).toBe("cancel");
  });

  it("gives up on a job that does not end", () => {
    const now = ASKED_AT + CONFIG.runningDeadlineMs;
    expect(moveText(decide(loop, cancelled, { old: health("CANCELLING") }, CONFIG, now))).toBe(
      "end not-reached",
    );
  });

  it("that only ends a loop is through when the job has ended", () => {
    const record = recordOf({
      namesakes: 1,
      now: ASKED_AT + 600 * SEC,
      diagnosis: aDiagnosis({ kind: "restart-loop" }),
    });
    expect(record.effective?.action).toBe("stop");
    const view = { old: health("CANCELED") };
    expect(moveText(decide(record, cancelled, view))).toBe("end reached");
    expect(moveText(decide(record, [verify], ready, CONFIG, record.at))).toBe("cancel");
  });

  it("that only ends a loop does not mind a checkpoint in it, but a minute without a failure", () => {
    const record = recordOf({
      namesakes: 1,
      now: ASKED_AT + 600 * SEC,
      diagnosis: aDiagnosis({ kind: "restart-loop" }),
    });
    const seenAt = (sec: number, ranSec: number) => {
      const at = record.at + sec * SEC;
      const entered = { RUNNING: at - ranSec * SEC };
      const old = health("RUNNING", { at, latestCompletedAt: at, enteredAt: entered });
      return moveText(decide(record, [], { old }, CONFIG, at));
    };
    expect([seenAt(2, 300), seenAt(60, 59), seenAt(60, 60)]).toEqual(["verify", "verify", "end superseded"]);
  });
});

describe("once the job was submitted", () => {
  const asked = run(5 * SEC, "accepted");
  const running = (changes: Partial<HealthReadout> = {}) => ({
    next: health("RUNNING", { enteredAt: { RUNNING: ASKED_AT - 3 * SEC }, ...changes }),
  });
  it.each<Row>([
    [
      "it is waited for until every task runs",
      failed,
      asked,
      running({ tasksRunning: 4 }),
      "wait await-running",
    ],
    ["its first checkpoint is waited for", failed, asked, running(), "wait await-checkpoint"],
    [
      "a checkpoint of its own ends it well",
      failed,
      asked,
      running({ completed: { kind: "value", value: 1 } }),
      "end reached",
    ],
    [
      "it is never submitted again when Flink knows it",
      failed,
      [],
      { ...verified, next: health("CREATED") },
      "wait await-running",
    ],
    ["a failure ends it", failed, asked, { next: health("FAILED") }, "end not-reached"],
    ["somebody else's cancellation ends it", failed, asked, { next: health("CANCELED") }, "end superseded"],
    ["a job that ran to its end is well", failed, asked, { next: health("FINISHED") }, "end reached"],
    [
      "two copies are told, and nothing is cancelled",
      failed,
      asked,
      { ...running(), old: health("RUNNING") },
      "end superseded",
    ],
    ["a lost answer is waited out as long as a lost copy lives", failed, run(59 * SEC), verified, "wait run"],
    [
      "then it is asked again",
      failed,
      [attempt("verify", "accepted", 60 * SEC), ...run(60 * SEC)],
      verified,
      "run",
    ],
    [
      "it is asked again at once where the same JobManager says that it has no such job",
      failed,
      [attempt("verify", "accepted", SEC), ...run(SEC)],
      { ...verified, sameJobManager: true },
      "run",
    ],
    [
      "a JobManager that was lost since is waited out anew",
      failed,
      run(90 * SEC),
      { ...verified, answeredAgainAt: ASKED_AT - 59 * SEC },
      "wait run",
    ],
    ["a refusal ends it", failed, run(SEC, "failed", "entry class not found"), verified, "end not-reached"],
    [
      "an answer that it was submitted before is a reason to look",
      failed,
      run(SEC, "failed", "Job has already been submitted"),
      verified,
      "wait run",
    ],
    [
      "a job that Flink took and lost is given up after that time",
      failed,
      run(60 * SEC, "accepted"),
      verified,
      "end not-reached",
    ],
    ["and not before it", failed, run(59 * SEC, "accepted"), verified, "wait run"],
  ])("%s", (_, record, attempts, view, expected) => {
    expect(moveText(decide(record, attempts, view))).toBe(expected);
  });

  it("without periodic checkpoints it is through when every task runs", () => {
    const record = recordOf({ life: aLife({ checkpointSettings: { ...RETAINED, intervalMs: null } }) });
    expect(moveText(decide(record, asked, running({ checkpointSettings: undefined })))).toBe("end reached");
  });

  it("is given up when its tasks do not all run in time, or no checkpoint completes in time", () => {
    const later = (ms: number) => ASKED_AT - 5 * SEC + ms;
    const partly = (ms: number) =>
      moveText(decide(failed, asked, running({ tasksRunning: 4 }), CONFIG, later(ms)));
    expect([partly(CONFIG.runningDeadlineMs - 1), partly(CONFIG.runningDeadlineMs)]).toEqual([
      "wait await-running",
      "end not-reached",
    ]);
    // 10 s between checkpoints, and Flink gives each of them 10 min.
    const without = (ms: number) =>
      moveText(decide(failed, asked, running({ at: ASKED_AT - 3 * SEC + ms }), CONFIG, ASKED_AT + ms));
    expect([without(609_999), without(610_000)]).toEqual(["wait await-checkpoint", "end not-reached"]);
  });

  const exceptions = [
    {
      at: ASKED_AT,
      name: "java.lang.IllegalStateException",
      stack: "java.lang.IllegalStateException: no price\n\tat acme.Price.map(Price.java:7)",
      task: "work (1/2) - execution #0",
      taskManager: null,
      labels: {},
    },
  ];

  it("is given up when it restarts again and again, but not for a rescale", () => {
    const restarted = (times: number, changes: Partial<HealthReadout> = {}) =>
      moveText(
        decide(failed, asked, {
          next: health("RESTARTING", { restarts: { kind: "value", value: times }, exceptions, ...changes }),
        }),
      );
    expect([restarted(2), restarted(3), restarted(3, { exceptions: [] })]).toEqual([
      "wait await-running",
      "end not-reached",
      "wait await-running",
    ]);
  });

  it("names what the restored job failed of", () => {
    const move = decide(failed, asked, { next: health("FAILED", { exceptions }) });
    expect(move).toMatchObject({ kind: "end", newFlinkJobId: failed.effective?.newFlinkJobId });
    expect(move.kind === "end" && move.sentence).toMatch(
      /^the restored job failed: IllegalStateException in work.*no price/,
    );
  });

  it("tells how long each part took, from the fault on", () => {
    const snapshots = [
      {
        path: "file:/ckpt/x/chk-42",
        checkpointId: 42,
        kind: "checkpoint" as const,
        format: null,
        triggeredAt: null,
        completedAt: FAILED_AT + 14 * SEC,
        stateBytes: 1,
        discarded: false,
      },
    ];
    const next = health("RUNNING", { snapshots, enteredAt: { RUNNING: FAILED_AT + 7 * SEC } });
    const move = decide(failed, [attempt("verify", "intended", 0), ...run(-SEC, "accepted")], { next });
    expect(move).toEqual({
      kind: "end",
      verdict: "reached",
      sentence: "the job runs from chk-41 and has completed a checkpoint of its own",
      timings: { detect: 4_000, choose: 5_000, dead: 0, running: 7_000, checkpoint: 14_000 },
      newFlinkJobId: failed.effective?.newFlinkJobId,
    });
  });
});
