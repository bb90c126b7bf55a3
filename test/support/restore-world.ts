import {
  ABSENT,
  type Attempt,
  type HealthReadout,
  type JobState,
  type RestoreRecord,
  type RestoreStep,
  type SnapshotReport,
  type TaskManagerReadout,
} from "../../model/index.ts";
import { nextStep, type RestoreConfig, type RestoreMove, type RestoreView } from "../../recovery/index.ts";
import { aCluster, RETAINED } from "./restore-questions.ts";

/**
 * A world as small as it can be in which a restore can go wrong: a JobManager without high availability that can be
 * lost, copies of a job that outlive it, a snapshot that can break, a store that can be away, and an Outrider that can
 * be killed at any line. Time goes in ticks. Every state is plain data, so that all of them can be walked through.
 */
export const TICK = 10_000;
/** In ticks. */
export const HEARTBEAT = 3;
export const T0 = 1_800_000_000_000;

export interface World {
  readonly tick: number;
  /** Number of the JobManager's process; null: it is down. */
  readonly jm: number | null;
  readonly processes: number;
  /** What the JobManager of now knows of the two job ids, and since when. */
  readonly old: Known | null;
  readonly next: Known | null;
  /** Copies behind a lost JobManager, by the tick at which their TaskManager gives up. */
  readonly orphans: readonly { readonly of: "old" | "next"; readonly until: number }[];
  readonly jar: boolean;
  /** A run request that the JobManager has and has not carried out yet. */
  readonly pending: boolean;
  readonly snapshot: "whole" | "broken";
  readonly storeUp: boolean;
  readonly deletes: boolean;
  readonly attempts: readonly Attempt[];
  /** In the memory of the process: a kill forgets it. */
  readonly report: SnapshotReport | null;
  /** What Outrider's store knows of the JobManager. */
  readonly seenProcess: number | null;
  readonly answeredAgain: number | null;
  readonly ended: Extract<RestoreMove, { kind: "end" }> | null;
  /** Faults that may still happen. */
  readonly faults: number;
}

export interface Known {
  readonly state: JobState;
  readonly since: number;
  readonly checkpointAt: number | null;
}

/** What happened, for the story of a failing walk, and the world after it. `done` is what was asked of Flink. */
export interface Step {
  readonly what: string;
  readonly world: World;
  readonly done?: Extract<RestoreMove, { kind: "do" }>;
  readonly move?: RestoreMove;
}

const LIVE: ReadonlySet<JobState> = new Set(["RUNNING", "RESTARTING", "CREATED", "CANCELLING", "FAILING"]);
const runs = (known: Known | null): boolean => known !== null && LIVE.has(known.state);

/** Copies that may process records at this moment. */
export function liveCopies(w: World): number {
  const orphans = w.orphans.filter((o) => o.until > w.tick).length;
  return orphans + (runs(w.old) ? 1 : 0) + (runs(w.next) ? 1 : 0);
}

export const at = (tick: number): number => T0 + tick * TICK;

/** Everything that the world may do by itself while no time passes. */
export function eventsOf(w: World): readonly Step[] {
  const steps: Step[] = [...progress(w)];
  if (w.faults === 0) return steps;
  const fault = (what: string, change: Partial<World>): void => {
    steps.push({ what, world: { ...w, faults: w.faults - 1, ...change } });
  };
  if (w.jm !== null) fault("the JobManager is lost", lost(w));
  if (w.jm !== null)
    fault("the JobManager is lost and back before anybody looks", { ...lost(w), ...returned(w) });
  if (w.report !== null) fault("Outrider is killed", { report: null });
  if (w.storeUp) fault("the store goes away", { storeUp: false });
  if (w.snapshot === "whole") fault("a file of the snapshot vanishes", { snapshot: "broken" });
  if (w.old?.state === "RESTARTING") {
    fault("the old job gets somewhere", { old: { state: "RUNNING", since: w.tick, checkpointAt: w.tick } });
    fault("the old job gives up", { old: known("FAILED", w) });
    fault("somebody else cancels the old job", { old: known("CANCELED", w) });
    if (!w.deletes) fault("the old job deletes its checkpoints on cancellation after all", { deletes: true });
  }
  if (w.old?.state === "CANCELLING")
    fault("the old job fails while it is cancelled", { old: known("FAILED", w) });
  if (w.next?.state === "RUNNING") fault("the restored job fails", { next: known("FAILED", w) });
  return steps;
}

/** What comes by itself sooner or later where nothing more goes wrong. */
export function progress(w: World): readonly Step[] {
  const steps: Step[] = [];
  const step = (what: string, change: Partial<World>): void => {
    steps.push({ what, world: { ...w, ...change } });
  };
  if (w.jm === null) step("a JobManager comes back", returned(w));
  if (!w.storeUp) step("the store comes back", { storeUp: true });
  if (w.pending) step("the run request is carried out", submitted({ ...w, pending: false }));
  if (w.old?.state === "CANCELLING") step("the old job is cancelled", { old: known("CANCELED", w) });
  if (w.next?.state === "CREATED") {
    step("the restored job starts", { next: known(w.snapshot === "whole" ? "RUNNING" : "FAILED", w) });
  }
  if (w.next?.state === "RUNNING" && w.next.checkpointAt === null) {
    step("the restored job completes a checkpoint", { next: { ...w.next, checkpointAt: w.tick } });
  }
  return steps;
}

/** Outrider looks and does its next step, in every way in which that can go. */
export function outridersSteps(w: World, record: RestoreRecord, config: RestoreConfig): readonly Step[] {
  const seen = looked(w);
  const move = nextStep(record, seen.attempts, viewOf(seen), config, at(seen.tick));
  if (move.kind === "end") return [{ what: `ends: ${move.verdict}`, world: { ...seen, ended: move }, move }];
  if (move.kind === "wait") return [{ what: `waits: ${move.step}`, world: seen, move }];
  const intended = noted(seen, move.step, "intended");
  const took = performed(intended, move);
  const steps: Step[] = [
    {
      what: `${move.step}: ${took.status}`,
      world: noted(took.world, move.step, took.status),
      move,
      done: move,
    },
  ];
  if (w.faults === 0) return steps;
  const fault = { faults: w.faults - 1, report: null };
  steps.push(
    { what: `${move.step}: killed before it is asked`, world: { ...intended, ...fault }, move },
    {
      what: `${move.step}: killed before the answer is noted`,
      world: { ...took.world, ...fault },
      move,
      done: move,
    },
  );
  if (move.step === "verify") return steps;
  const unanswered = { faults: w.faults - 1 };
  steps.push(
    {
      what: `${move.step}: never arrives`,
      world: { ...noted(intended, move.step, "requested"), ...unanswered },
      move,
    },
    {
      what: `${move.step}: the answer is lost`,
      world: { ...noted(took.world, move.step, "requested"), ...unanswered },
      move,
      done: move,
    },
  );
  if (move.step === "run" && intended.jm !== null) {
    const late = { ...noted(intended, "run", "requested"), pending: true };
    steps.push({ what: "run: is carried out later", world: { ...late, ...unanswered }, move, done: move });
  }
  return steps;
}

function known(state: JobState, w: World): Known {
  return { state, since: w.tick, checkpointAt: null };
}

/** Its jobs go on without it until their TaskManagers give up; what it knew is gone. */
function lost(w: World): Partial<World> {
  const until = w.tick + HEARTBEAT;
  const orphans = [
    ...w.orphans,
    ...(runs(w.old) ? [{ of: "old" as const, until }] : []),
    ...(runs(w.next) ? [{ of: "next" as const, until }] : []),
  ];
  return { jm: null, old: null, next: null, jar: false, pending: false, orphans };
}

function returned(w: World): Partial<World> {
  return { jm: w.processes + 1, processes: w.processes + 1 };
}

/** Flink takes a job id once. */
function submitted(w: World): World {
  return w.next === null ? { ...w, next: known("CREATED", w) } : w;
}

/** Outrider notices another process of the JobManager when it looks. */
function looked(w: World): World {
  if (w.jm === null || w.jm === w.seenProcess) return w;
  return { ...w, seenProcess: w.jm, answeredAgain: w.tick };
}

/** As in the store: a step's status is noted once. */
function noted(w: World, step: RestoreStep, status: Attempt["status"]): World {
  if (w.attempts.some((a) => a.step === step && a.status === status)) return w;
  const sentence = status === "failed" ? "Flink: job has already been submitted" : "";
  const attempt: Attempt = { decision: "r-1", at: at(w.tick), status, step, requestId: step, sentence };
  return { ...w, attempts: [...w.attempts, attempt] };
}

function performed(
  w: World,
  move: Extract<RestoreMove, { kind: "do" }>,
): { readonly world: World; readonly status: Attempt["status"] } {
  if (move.step === "verify") {
    const report = reportOf(w, move.path);
    const status =
      report.state === "verified" ? "accepted" : report.state === "unknown" ? "requested" : "failed";
    return { world: { ...w, report }, status };
  }
  if (w.jm === null) return { world: w, status: "requested" };
  switch (move.step) {
    case "cancel":
      return runs(w.old)
        ? { world: { ...w, old: known("CANCELLING", w) }, status: "accepted" }
        : { world: w, status: "failed" };
    case "upload-jar":
      return { world: { ...w, jar: true }, status: "accepted" };
    case "run":
      return w.next === null ? { world: submitted(w), status: "accepted" } : { world: w, status: "failed" };
  }
}

function reportOf(w: World, path: string): SnapshotReport {
  const state = !w.storeUp ? "unknown" : w.snapshot === "whole" ? "verified" : "incomplete";
  return {
    path,
    state,
    kind: "checkpoint",
    format: null,
    version: 4,
    checkpointId: 41,
    operators: [],
    references: { files: 1, bytes: 1 },
    problems: [],
    moreProblems: 0,
    checkedAt: at(w.tick),
    sentence: `chk-41 is ${state}`,
  };
}

function viewOf(w: World): RestoreView {
  const sight = (job: Known | null) =>
    w.jm === null ? "unreachable" : job === null ? "unknown-to-flink" : healthOf(w, job);
  const jars = w.jar ? [{ id: "1_orders.jar", name: "orders.jar" }] : [];
  return {
    old: sight(w.old),
    next: sight(w.next),
    cluster:
      w.jm === null
        ? undefined
        : aCluster({ heartbeatTimeoutMs: HEARTBEAT * TICK, jars, taskManagers: taskManagersOf(w) }),
    snapshot: w.report ?? undefined,
    answeredAgainAt: w.answeredAgain === null ? null : at(w.answeredAgain),
  };
}

/** tm-2 is idle; tm-1 hosts whatever runs, and comes back to a new JobManager when its orphans have ended. */
function taskManagersOf(w: World): readonly TaskManagerReadout[] {
  const orphaned = w.orphans.some((o) => o.until > w.tick);
  const busy = runs(w.old) || runs(w.next) ? 1 : 0;
  const idle = { id: "tm-2", slots: 1, freeSlots: 1, lastHeartbeatAt: null };
  return orphaned ? [idle] : [{ ...idle, id: "tm-1", freeSlots: 1 - busy }, idle];
}

function healthOf(w: World, job: Known): HealthReadout {
  const completedAt = job.checkpointAt === null ? null : at(job.checkpointAt);
  return {
    flinkJobId: "",
    name: "orders",
    at: at(w.tick),
    state: job.state,
    enteredAt: { [job.state]: at(job.since) },
    restarts: ABSENT,
    tasksRunning: job.state === "RUNNING" ? 1 : 0,
    tasksTotal: 1,
    exceptions: [],
    completed: { kind: "value", value: completedAt === null ? 0 : 1 },
    failedCheckpoints: ABSENT,
    restoredFrom: null,
    snapshots: [],
    checkpointSettings: { ...RETAINED, deleteOnCancellation: w.deletes },
    latestCompletedAt: completedAt,
  };
}
