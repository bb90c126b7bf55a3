import type { Candidate, Diagnosis, JobLife, RestoreDecision, RestorePlan } from "../../model/index.ts";

/** Decisions about a job's state for tests, as data: everything has a default. */

export const FAILED_AT = Date.UTC(2026, 10, 21, 12);
export const OLD_JOB = "1".repeat(32);
export const CHK_41 = "file:/ckpt/chk-41";

export function aDiagnosis(changes: Partial<Diagnosis> = {}): Diagnosis {
  return {
    kind: "failed",
    since: FAILED_AT,
    fault: {
      at: FAILED_AT,
      class: "user-code",
      exception: "java.lang.IllegalStateException",
      message: "boom",
      task: "work",
      taskManager: null,
      fingerprint: "user-code work boom",
    },
    sentence: "Failed: IllegalStateException in work: boom.",
    numbers: {},
    ...changes,
  };
}

export function aLife(changes: Partial<JobLife> = {}): JobLife {
  return {
    flinkJobId: OLD_JOB,
    firstSeenAt: FAILED_AT - 600_000,
    lastSeenAt: FAILED_AT,
    lastState: "RUNNING",
    checkpointSettings: null,
    maxParallelism: {},
    taskManagers: ["tm-1"],
    highAvailability: "none",
    parallelism: {},
    checkpointDirectory: `file:/ckpt`,
    ...changes,
  };
}

export function aCandidate(changes: Partial<Candidate> = {}): Candidate {
  return {
    path: CHK_41,
    flinkJobId: OLD_JOB,
    checkpointId: 41,
    kind: "checkpoint",
    format: null,
    takenAt: FAILED_AT - 38_000,
    state: "verified",
    checkedAt: FAILED_AT - 12_000,
    bytes: 1_000,
    files: 3,
    compatible: null,
    sentence: "verified 12 s ago",
    origin: "flink",
    ...changes,
  };
}

export function aRestorePlan(changes: Partial<RestorePlan> = {}): RestorePlan {
  return {
    action: "restore",
    way: "jar",
    snapshot: CHK_41,
    steps: ["await-dead", "verify", "upload-jar", "run", "await-running", "await-checkpoint"],
    newFlinkJobId: null,
    ...changes,
  };
}

export function aRestore(changes: Partial<RestoreDecision> = {}): RestoreDecision {
  const plan = aRestorePlan();
  return {
    kind: "restore",
    version: 1,
    job: "prod/default/orders",
    flinkJobId: OLD_JOB,
    at: FAILED_AT + 2_000,
    trigger: "pass",
    inputs: {
      diagnosis: aDiagnosis(),
      life: aLife(),
      candidates: [aCandidate()],
      searched: true,
      from: null,
      namesakes: 0,
      earlier: [],
      highAvailability: "none",
      jarKnown: false,
      spec: null,
    },
    settings: {},
    proposal: plan,
    guards: [],
    effective: plan,
    estimate: {
      replay: { from: FAILED_AT - 38_000, to: FAILED_AT, ms: 38_000 },
      durationMs: 10_000,
    },
    reason: "restore",
    sentence: "Restore from chk-41 (verified 12 s ago, 38 s to replay): IllegalStateException in work.",
    ...changes,
  };
}
