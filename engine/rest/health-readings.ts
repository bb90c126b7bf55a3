import {
  type CheckpointSettings,
  type FlinkException,
  type HealthReadout,
  type Instant,
  JOB_STATES,
  type JobState,
  type ListedSnapshot,
} from "../../model/index.ts";
import type { Checkpoint, Checkpoints, CheckpointsConfig } from "./checkpoint-replies.ts";
import type { JobDetails, JobExceptions } from "./replies.ts";

/** Pure translations of Flink's replies into what recovery asks of a job. */

type ExceptionInfo = JobExceptions["entries"][number];

const MAX_EXCEPTIONS = 20;
const MAX_CONCURRENT = 8;
const MAX_STACK = 16 * 1024;
const MAX_LINE = 1_000;
/** Frames of each cause that are kept of a stack that is too long: enough to find the first one of user code. */
const FRAMES_OF_CAUSE = 16;
/** Flink says about 9.2e18 ms where there are no periodic checkpoints; nobody means a thousand years. */
const LONGEST_INTERVAL_MS = 1_000 * 365 * 86_400_000;

/** When each state was entered last; Flink writes 0 for never. */
export function enteredAtOf(job: JobDetails): Readonly<Partial<Record<JobState, Instant>>> {
  const entered: Partial<Record<JobState, Instant>> = {};
  for (const state of JOB_STATES) {
    const at = job.timestamps[state] ?? 0;
    if (at > 0) entered[state] = at;
  }
  return entered;
}

/** Subtasks that run, and all that have not finished. A vertex that is not scheduled yet counts by its parallelism. */
export function tasksOf(
  job: JobDetails,
): Required<Pick<HealthReadout, "tasksRunning" | "tasksTotal" | "tasksByState">> {
  let [tasksRunning, tasksTotal] = [0, 0];
  const tasksByState: Record<string, number> = {};
  for (const { tasks = {}, parallelism } of job.vertices) {
    for (const [state, count] of Object.entries(tasks)) {
      if (count > 0) tasksByState[state] = (tasksByState[state] ?? 0) + count;
    }
    const counted = Object.values(tasks).reduce((a, b) => a + b, 0);
    tasksRunning += tasks["RUNNING"] ?? 0;
    tasksTotal += Math.max(counted, parallelism, 0) - (tasks["FINISHED"] ?? 0);
  }
  return { tasksRunning, tasksTotal, tasksByState };
}

/** Newest first, bounded in number and length. */
export function exceptionsOf(history: JobExceptions): readonly FlinkException[] {
  return history.entries
    .map((entry) => {
      const concurrent = (entry.concurrentExceptions ?? []).slice(0, MAX_CONCURRENT).map(exceptionOf);
      return { ...exceptionOf(entry), ...(concurrent.length === 0 ? {} : { concurrent }) };
    })
    .toSorted((a, b) => b.at - a.at)
    .slice(0, MAX_EXCEPTIONS);
}

function exceptionOf(info: Omit<ExceptionInfo, "concurrentExceptions">): FlinkException {
  return {
    at: info.timestamp,
    name: info.exceptionName.slice(0, MAX_LINE),
    stack: boundedStack(info.stacktrace),
    task: info.taskName?.slice(0, MAX_LINE) ?? null,
    taskManager: unknownAsNull(info.taskManagerId),
    labels: info.failureLabels ?? {},
  };
}

/** The failure of a job that failed before it could start: it has no history of exceptions. */
export function failureOfStart(
  cause: { readonly class: string; readonly stack: string },
  at: Instant,
): FlinkException {
  return exceptionOf({ timestamp: at, exceptionName: cause.class, stacktrace: cause.stack });
}

/** Flink writes `(unassigned)` where no TaskManager had the task yet. */
const unknownAsNull = (id: string | null | undefined): string | null =>
  id === undefined || id === null || id === "" || id.startsWith("(") ? null : id.slice(0, MAX_LINE);

/** A stack of any length inside 16 KiB: frames go before causes do, because the causes tell what happened. */
function boundedStack(stack: string): string {
  if (stack.length <= MAX_STACK) return stack;
  const kept: string[] = [];
  let frames = 0;
  for (const line of stack.split("\n")) {
    const frame = /^\s*(?:at |\.\.\. )/.test(line);
    frames = frame ? frames + 1 : 0;
    if (frames <= FRAMES_OF_CAUSE) kept.push(line.slice(0, MAX_LINE));
  }
  return kept.join("\n").slice(0, MAX_STACK);
}

type CheckpointParts = Pick<
  HealthReadout,
  "restoredFrom" | "snapshots" | "latestCompletedAt" | "latestFailedCheckpoint"
>;

/** What Flink lists of its checkpoints and savepoints; without a reply, nothing. */
export function snapshotsOf(reply: Checkpoints | undefined): CheckpointParts {
  if (reply === undefined) return { restoredFrom: null, snapshots: [] };
  const { completed, savepoint, failed, restored } = reply.latest;
  const told = [...reply.history, completed, savepoint].filter((c) => c?.status === "COMPLETED");
  const byId = new Map(told.flatMap((c) => (c ? [[c.id, c] as const] : [])));
  const all = [...byId.values()].toSorted((a, b) => b.id - a.id);
  const snapshots = all.flatMap((c) => listedOf(c) ?? []);
  return {
    snapshots,
    restoredFrom: restored ? restoredOf(restored, snapshots) : null,
    latestCompletedAt: all.length === 0 ? null : Math.max(...all.map(completedAtOf)),
    latestFailedCheckpoint: failed
      ? {
          at: failed.failure_timestamp ?? failed.trigger_timestamp,
          message: firstLine(failed.failure_message),
        }
      : null,
  };
}

const completedAtOf = (c: Checkpoint): Instant => Math.max(c.latest_ack_timestamp, c.trigger_timestamp);
const firstLine = (text: string | null | undefined): string =>
  (text ?? "").split("\n", 1)[0]?.slice(0, 300) ?? "";

/** `undefined` for one that nobody can restore by path: kept in the JobManager's memory. */
function listedOf(c: Checkpoint): ListedSnapshot | undefined {
  if (!addressable(c.external_path)) return undefined;
  const format = c.savepointFormat?.toLowerCase();
  return {
    path: c.external_path,
    checkpointId: c.id,
    kind: c.is_savepoint ? "savepoint" : "checkpoint",
    format: format === "canonical" || format === "native" ? format : null,
    triggeredAt: c.trigger_timestamp,
    completedAt: completedAtOf(c),
    stateBytes: c.state_size !== undefined && Number.isFinite(c.state_size) ? c.state_size : null,
    discarded: c.discarded ?? false,
  };
}

/** Without a directory Flink answers with `<checkpoint-not-externally-addressable>`. */
const addressable = (path: string | null | undefined): path is string =>
  typeof path === "string" && path !== "" && !path.startsWith("<");

function restoredOf(
  restored: NonNullable<Checkpoints["latest"]["restored"]>,
  snapshots: readonly ListedSnapshot[],
): ListedSnapshot | null {
  const path = restored.external_path;
  if (!addressable(path)) return null;
  const known = snapshots.find((s) => s.checkpointId === restored.id && s.path === path);
  if (known !== undefined) return known;
  return {
    path,
    checkpointId: restored.id,
    // Flink says `is_savepoint` of a retained checkpoint too, once a new job was started from it.
    kind: /\/chk-\d+\/?$/.test(path) ? "checkpoint" : restored.is_savepoint ? "savepoint" : "checkpoint",
    format: null,
    triggeredAt: null,
    completedAt: null,
    stateBytes: null,
    discarded: false,
  };
}

export function checkpointSettingsOf(config: CheckpointsConfig): CheckpointSettings {
  const externalized = config.externalization?.enabled ?? false;
  return {
    intervalMs: config.interval < LONGEST_INTERVAL_MS ? config.interval : null,
    timeoutMs: config.timeout,
    externalized,
    deleteOnCancellation: !externalized || (config.externalization?.delete_on_cancellation ?? true),
    tolerableFailures: config.tolerable_failed_checkpoints ?? null,
  };
}
