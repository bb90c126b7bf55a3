import {
  type FlinkException,
  type FlinkJobId,
  type HealthReadout,
  type Instant,
  type JobState,
  type Milliseconds,
  numberOf,
} from "../../model/index.ts";
import { failureOf, type SeenFailure } from "./classify.ts";
import type { FaultSetting } from "./settings.ts";

/**
 * What has to be remembered of a job between two looks, because Flink forgets it or tells only the newest. Bounded,
 * plain JSON. Instants are Flink's, so that a clock of ours that is wrong does no harm.
 */
export interface HealthTrail {
  readonly flinkJobId: FlinkJobId;
  /** First and newest look. */
  readonly since: Instant;
  readonly at: Instant;
  readonly state: JobState;
  /** When that state began, as far as it was seen. */
  readonly stateSince: Instant;
  /** Since when not every task runs; null: all run. */
  readonly notRunningSince: Instant | null;
  /** One a failure, oldest first: the newest 48, and the oldest since the last progress. */
  readonly failures: readonly TrailFailure[];
  /** When the job last got somewhere: a checkpoint completed, or it ran long enough without a failure. */
  readonly progressAt: Instant | null;
  /** When the newest checkpoint or savepoint completed. */
  readonly completedAt: Instant | null;
  /** How long the job was seen to run since then, or since it was first seen. */
  readonly runWithoutCheckpointMs: Milliseconds;
  /** Flink's counter of failed checkpoints at the newest look; null: missing. */
  readonly failed: number | null;
  /** Failed checkpoints since the newest completed one. */
  readonly failedSinceCompleted: number;
}

export interface TrailFailure extends SeenFailure {
  /** When the job had last got somewhere before it failed; null: never, as far as it was seen. */
  readonly progressBefore: Instant | null;
}

const MOST_FAILURES = 48;
/** Tasks of several regions that fail with one cause are one failure, and no loop. */
const ONE_FAILURE_MS = 500;
const JUST_NOW_MS = 5_000;
/** A run without a failure that counts as progress, by itself, or together with checkpoints that complete. */
export const CALM = {
  alone: { gaps: 3, leastMs: 60_000, mostMs: 300_000 },
  withCheckpoints: { gaps: 1.5, leastMs: 15_000, mostMs: 300_000 },
} as const;

/** Adds one look to what is remembered. `before` of another Flink job id is forgotten. */
export function keepTrail(
  before: HealthTrail | undefined,
  readout: HealthReadout,
  now: Instant,
  faults: readonly FaultSetting[] = [],
): HealthTrail {
  const known = before?.flinkJobId === readout.flinkJobId ? before : undefined;
  const at = Math.max(known?.at ?? 0, Number.isFinite(readout.at) ? readout.at : now);
  const completedAt = newest([known?.completedAt, latestCompletedOf(readout)]);
  const progress = [known?.progressAt, completedAt];
  const seen = withNew(known?.failures ?? [], readout.exceptions, faults, progress);
  const running = runsInFull(readout);
  const state = stateOf(known, readout, at);
  const notRunningSince = running ? null : (known?.notRunningSince ?? state.stateSince);
  const fruitless = sinceProgress(seen, newest(progress));
  const calm = isCalm({ at, notRunningSince, stateSince: state.stateSince }, fruitless, CALM.alone);
  const progressAt = newest([known?.progressAt, completedAt, calm ? at : null]);
  return {
    flinkJobId: readout.flinkJobId,
    since: known?.since ?? at,
    at,
    ...state,
    notRunningSince,
    failures: bounded(seen, progressAt),
    progressAt,
    completedAt,
    ...checkpointsOf(known, readout, at, completedAt),
  };
}

/** Every task runs. A job without tasks does not. */
export const runsInFull = (readout: HealthReadout): boolean =>
  readout.state === "RUNNING" && readout.tasksTotal > 0 && readout.tasksRunning >= readout.tasksTotal;

const newest = (instants: readonly (Instant | null | undefined)[]): Instant | null =>
  instants.reduce<Instant | null>((a, b) => (finite(b) && (a === null || b > a) ? b : a), null);

const finite = (value: number | null | undefined): value is number => Number.isFinite(value);

function latestCompletedOf(readout: HealthReadout): Instant | null {
  return newest([readout.latestCompletedAt, ...readout.snapshots.map((s) => s.completedAt)]);
}

/**
 * When the present state began. The adaptive scheduler makes a new execution graph for each attempt and does not tell
 * when RESTARTING began: then it was with the failure a moment ago, else when it was first seen.
 */
function stateOf(
  known: HealthTrail | undefined,
  { state, enteredAt, exceptions }: HealthReadout,
  at: Instant,
): Pick<HealthTrail, "state" | "stateSince"> {
  const entered = enteredAt[state];
  const told = finite(entered) && entered > 0 && entered <= at ? entered : undefined;
  if (known?.state !== state) {
    const failedAt = newest(exceptions.map((e) => e.at).filter((e) => e <= at));
    const justNow = failedAt !== null && state !== "RUNNING" && at - failedAt < JUST_NOW_MS ? failedAt : at;
    return { state, stateSince: told ?? Math.max(justNow, known?.stateSince ?? 0) };
  }
  const again = told !== undefined && told > known.stateSince;
  return { state, stateSince: again ? told : known.stateSince };
}

/** Failures that were not seen before, one for all that failed together, oldest first. */
function withNew(
  known: readonly TrailFailure[],
  exceptions: readonly FlinkException[],
  faults: readonly FaultSetting[],
  progress: readonly (Instant | null | undefined)[],
): readonly TrailFailure[] {
  const last = known.at(-1)?.fault.at ?? Number.NEGATIVE_INFINITY;
  const all = [...known];
  for (const exception of exceptions.toSorted((a, b) => a.at - b.at)) {
    // Same instant as the newest known one: seen before, or together with it.
    if (!finite(exception.at) || exception.at <= last) continue;
    const progressBefore = newest(progress.filter((p) => finite(p) && p < exception.at));
    const failure = { ...failureOf(exception, faults), progressBefore };
    const previous = all.at(-1);
    if (previous === undefined || exception.at - previous.fault.at > ONE_FAILURE_MS) all.push(failure);
    else all[all.length - 1] = better(previous, failure);
  }
  return all;
}

/** The one that tells more of two that happened together, at the time of the first. */
function better(first: TrailFailure, second: TrailFailure): TrailFailure {
  const worth = (f: SeenFailure): number => (f.echo === null ? 2 : f.echo === "weak" ? 1 : 0);
  const { fault, echo } = worth(second) > worth(first) ? second : first;
  return { ...first, echo, fault: { ...fault, at: first.fault.at } };
}

function bounded(failures: readonly TrailFailure[], progressAt: Instant | null): readonly TrailFailure[] {
  if (failures.length <= MOST_FAILURES) return failures;
  const newestOnes = failures.slice(-MOST_FAILURES);
  const first = sinceProgress(failures, progressAt)[0];
  return first === undefined || newestOnes.includes(first) ? newestOnes : [first, ...newestOnes.slice(1)];
}

/** Failures after the job last got somewhere. */
export function sinceProgress(
  failures: readonly TrailFailure[],
  progressAt: Instant | null,
): readonly TrailFailure[] {
  return failures.filter((f) => progressAt === null || f.fault.at > progressAt);
}

/**
 * Whether the job has run in full long enough since `failures` to say that it fails no more: longer than the pauses
 * between them, and so than the runs among them, by the factor of `calm`.
 */
export function isCalm(
  trail: Pick<HealthTrail, "at" | "stateSince" | "notRunningSince">,
  failures: readonly TrailFailure[],
  calm: (typeof CALM)[keyof typeof CALM],
): boolean {
  const gaps = failures.slice(1).map((f, i) => f.fault.at - (failures[i]?.fault.at ?? f.fault.at));
  const enough = Math.min(calm.mostMs, Math.max(calm.leastMs, calm.gaps * Math.max(0, ...gaps)));
  const since = Math.max(trail.stateSince, failures.at(-1)?.fault.at ?? 0);
  return trail.notRunningSince === null && trail.at - since >= enough;
}

function checkpointsOf(
  known: HealthTrail | undefined,
  readout: HealthReadout,
  at: Instant,
  completedAt: Instant | null,
): Pick<HealthTrail, "runWithoutCheckpointMs" | "failed" | "failedSinceCompleted"> {
  const failed = numberOf(readout.failedCheckpoints) ?? known?.failed ?? null;
  const entered = readout.enteredAt.RUNNING;
  const runningSince = finite(entered) ? Math.min(at, entered) : at;
  const another = known === undefined || completedAt !== known.completedAt;
  const from = Math.max(runningSince, another ? (completedAt ?? 0) : known.at);
  const ran = readout.state === "RUNNING" ? Math.max(0, at - from) : 0;
  const newlyFailed = Math.max(0, (failed ?? 0) - (known?.failed ?? failed ?? 0));
  return {
    runWithoutCheckpointMs: another ? ran : known.runWithoutCheckpointMs + ran,
    failed,
    failedSinceCompleted: another
      ? failedAtFirst(known, failed, completedAt)
      : known.failedSinceCompleted + newlyFailed,
  };
}

/** At the first look all failures of a job that never completed one; otherwise what failed since is not known. */
const failedAtFirst = (
  known: HealthTrail | undefined,
  failed: number | null,
  completedAt: Instant | null,
): number => (known === undefined && completedAt === null ? (failed ?? 0) : 0);
