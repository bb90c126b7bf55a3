import type { CheckpointSettings, ClusterReadout, EarlierRestore, Fault } from "../../model/index.ts";
import {
  compileRecoverySettings,
  type RestoreConfig,
  type RestoreQuestion,
  recoverySettings,
} from "../../recovery/index.ts";
import { aCandidate, aDiagnosis, aLife, CHK_41, FAILED_AT, OLD_JOB } from "./restore-records.ts";

/** Questions about restores for tests: a FAILED job with one proven checkpoint, and everything at hand to restore it. */

export const ASKED_AT = FAILED_AT + 5_000;

export const RETAINED: CheckpointSettings = {
  intervalMs: 10_000,
  timeoutMs: 600_000,
  externalized: true,
  deleteOnCancellation: false,
  tolerableFailures: 0,
};

/** The standard settings in run-time units, with changes. */
export function aRestoreConfig(changes: Partial<RestoreConfig> = {}): RestoreConfig {
  return { ...compileRecoverySettings(recoverySettings.parse({})), ...changes };
}

export function aFault(changes: Partial<Fault> = {}): Fault {
  return {
    at: FAILED_AT,
    class: "process-lost",
    exception: "org.apache.flink.runtime.jobmaster.JobMasterException",
    message: "TaskManager tm-2 is no longer reachable",
    task: null,
    taskManager: null,
    fingerprint: "process-lost",
    ...changes,
  };
}

export function aCluster(changes: Partial<ClusterReadout> = {}): ClusterReadout {
  return {
    at: ASKED_AT,
    flinkVersion: "1.20.5",
    highAvailability: "none",
    heartbeatTimeoutMs: 50_000,
    taskManagers: [{ id: "tm-1", slots: 2, freeSlots: 2, lastHeartbeatAt: null }],
    jars: [{ id: "1_orders.jar", name: "orders.jar" }],
    checkpointDirectory: null,
    savepointDirectory: null,
    jobManagerStartedAt: null,
    ...changes,
  };
}

export function anEarlierRestore(changes: Partial<EarlierRestore> = {}): EarlierRestore {
  const at = changes.at ?? FAILED_AT - 300_000;
  return {
    decision: "r-earlier",
    job: "prod/default/orders",
    flinkJobId: OLD_JOB,
    action: "restore",
    at,
    endedAt: at + 30_000,
    snapshot: CHK_41,
    fingerprint: "process-lost",
    succeeded: false,
    cancelled: false,
    runningAfterMs: null,
    ...changes,
  };
}

export function aRestoreQuestion(changes: Partial<RestoreQuestion> = {}): RestoreQuestion {
  return {
    job: "prod/default/orders",
    now: ASKED_AT,
    trigger: "pass",
    from: null,
    diagnosis: aDiagnosis({ fault: aFault(), sentence: "The job has FAILED: TaskManager tm-2 was lost." }),
    life: aLife({ checkpointSettings: RETAINED, parallelism: { a: 1, b: 4 } }),
    candidates: [aCandidate()],
    searched: true,
    earlier: [],
    cluster: aCluster(),
    spec: { jar: "/opt/orders.jar", entryClass: null, args: [], parallelism: null, configuration: {} },
    settings: aRestoreConfig(),
    namesakes: 0,
    ...changes,
  };
}
