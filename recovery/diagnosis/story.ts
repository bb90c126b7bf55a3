import type {
  ClusterReadout,
  Diagnosis,
  FlinkException,
  HealthReadout,
  Instant,
  JobLife,
} from "../../model/index.ts";
import { diagnose } from "./diagnose.ts";
import type { DiagnosisQuestion } from "./question.ts";
import { compileDiagnosisSettings, diagnosisSettings } from "./settings.ts";
import { type HealthTrail, keepTrail } from "./trail.ts";

/** Pieces of a job's life, for tests. Times are seconds after `T0`. */
export const T0 = Date.UTC(2026, 10, 21, 19, 0, 0);
export const at = (seconds: number): Instant => T0 + seconds * 1_000;
export const SETTINGS = compileDiagnosisSettings(diagnosisSettings.parse({}));
export const JOB = "2929aef3637c7b9a4c1c0dafcd5f2708";

/** A job that runs since T0 with four tasks and checkpoints every 5 s, before its first one. */
export function readout(seconds: number, change: Partial<HealthReadout> = {}): HealthReadout {
  return {
    flinkJobId: JOB,
    name: "orders",
    at: at(seconds),
    state: "RUNNING",
    enteredAt: { INITIALIZING: T0 - 1_000, CREATED: T0 - 500, RUNNING: T0 },
    restarts: { kind: "value", value: 0 },
    tasksRunning: 4,
    tasksTotal: 4,
    exceptions: [],
    completed: { kind: "value", value: 0 },
    failedCheckpoints: { kind: "value", value: 0 },
    restoredFrom: null,
    snapshots: [],
    checkpointSettings: {
      intervalMs: 5_000,
      timeoutMs: 600_000,
      externalized: true,
      deleteOnCancellation: false,
      tolerableFailures: 0,
    },
    latestCompletedAt: null,
    ...change,
  };
}

export function exception(seconds: number, stack = NULL_IN_WORK, task: string | null = WORK): FlinkException {
  return {
    at: at(seconds),
    name: stack.split(":", 1)[0] ?? "",
    stack,
    task,
    taskManager: "tm-1",
    labels: {},
  };
}

export const WORK = "work (1/2) - execution #0";
export const NULL_IN_WORK =
  'java.lang.NullPointerException: Cannot invoke "Order.amount()" because "order" is null\n\tat com.shop.Totals.map(Totals.java:27)';
export const TASK_MANAGER_LOST =
  "org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id tm-1 is no longer reachable.\n\tat org.apache.flink.runtime.jobmaster.JobMaster.x(JobMaster.java:1)";

export function cluster(taskManagers: number, freeSlots = 0): ClusterReadout {
  return {
    at: T0,
    flinkVersion: "2.3.0",
    highAvailability: "none",
    heartbeatTimeoutMs: 50_000,
    taskManagers: Array.from({ length: taskManagers }, (_, i) => ({
      id: `tm-${i}`,
      slots: 4,
      freeSlots,
      lastHeartbeatAt: T0,
    })),
    jars: [],
    checkpointDirectory: null,
    savepointDirectory: null,
    jobManagerStartedAt: null,
  };
}

export function life(change: Partial<JobLife> = {}): JobLife {
  return {
    flinkJobId: JOB,
    firstSeenAt: T0,
    lastSeenAt: at(100),
    lastState: "RUNNING",
    checkpointSettings: null,
    maxParallelism: {},
    taskManagers: ["tm-0", "tm-1"],
    highAvailability: "none",
    parallelism: { gen: 1, work: 4 },
    checkpointDirectory: null,
    ...change,
  };
}

/** The trail after these looks. */
export function trailOf(readouts: readonly HealthReadout[]): HealthTrail | undefined {
  return readouts.reduce<HealthTrail | undefined>(
    (trail, r) => keepTrail(trail, r, Number.isFinite(r.at) ? r.at : T0),
    undefined,
  );
}

/** What is said after these looks, the last of them being now. */
export function said(readouts: readonly HealthReadout[], change: Partial<DiagnosisQuestion> = {}): Diagnosis {
  const health = readouts.at(-1);
  return diagnose({
    now: health?.at ?? T0,
    listedState: health?.state ?? "RUNNING",
    health,
    trail: trailOf(readouts),
    cluster: undefined,
    life: undefined,
    unreachableSince: null,
    goneSince: null,
    expectedTaskManagers: null,
    settings: SETTINGS,
    ...change,
  });
}
