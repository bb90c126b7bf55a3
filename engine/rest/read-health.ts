import {
  ABSENT,
  type CheckpointSettings,
  Failure,
  type FlinkException,
  type FlinkJobId,
  HEALTH_PARTS,
  type HealthPart,
  type HealthReadout,
  type Instant,
  isTerminal,
  type Reading,
  reading,
} from "../../model/index.ts";
import type { Checkpoints } from "./checkpoint-replies.ts";
import type { FlinkRest } from "./client.ts";
import {
  checkpointSettingsOf,
  enteredAtOf,
  exceptionsOf,
  failureOfStart,
  snapshotsOf,
  tasksOf,
} from "./health-readings.ts";
import { type ClusterReader, createClusterReader } from "./read-cluster.ts";
import type { RecentReplies } from "./recent-replies.ts";
import type { JobDetails } from "./replies.ts";
import { tolerated } from "./tolerated.ts";

export interface HealthReader extends ClusterReader {
  /**
   * How one job fares, terminal or not. Throws the `Failure` of the job itself (`not-found`: this Flink does not know
   * it); what else could not be read is missing and named in `unread`. One request a pass for a job that runs well
   * and was read by the job reader just before, four otherwise; five when it changed.
   */
  readHealth(id: FlinkJobId): Promise<HealthReadout>;
}

export interface HealthReaderOptions {
  /** What the job reader of this cluster got a moment ago is not asked for again. */
  readonly recent?: RecentReplies;
  /** Any clock in milliseconds that does not jump. */
  readonly now?: () => number;
  /** Milliseconds since 1970, for `at` of the cluster. */
  readonly wallClock?: () => Instant;
}

/** What is remembered of a job so that a healthy one is not asked for its exceptions on every pass. */
interface Known {
  /** Changes with every restart, rescale and change of state. */
  readonly mark: string;
  readonly exceptions: readonly FlinkException[];
  readonly exceptionsAt: number;
  readonly settings: CheckpointSettings | undefined;
}

const REMEMBERED_JOBS = 1_000;
/** Exceptions are read again after this long although nothing seems to have changed. */
const EXCEPTIONS_LIVE_MS = 30_000;
const MAX_EXCEPTIONS = 20;
/** 1.x has both names; both count rescales too. */
const RESTARTS = ["numRestarts", "fullRestarts"] as const;

/** Reads jobs and cluster over REST for recovery. */
export function createHealthReader(rest: FlinkRest, options: HealthReaderOptions = {}): HealthReader {
  const now = options.now ?? (() => performance.now());
  const known = new Map<FlinkJobId, Known>();

  function remember(id: FlinkJobId, what: Known): void {
    known.delete(id);
    known.set(id, what);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED_JOBS) break;
      known.delete(oldest);
    }
  }

  /** The exceptions known already where nothing happened since; `undefined` where they could not be read. */
  async function exceptionsIfChanged(
    id: FlinkJobId,
    job: JobDetails,
    mark: string,
    before: Known | undefined,
  ) {
    const calm = job.state === "RUNNING" || isTerminal(job.state);
    const fresh = before !== undefined && now() - before.exceptionsAt < EXCEPTIONS_LIVE_MS;
    if (calm && fresh && before.mark === mark) {
      return { exceptions: before.exceptions, exceptionsAt: before.exceptionsAt };
    }
    const history = await tolerated(rest.exceptions(id, MAX_EXCEPTIONS));
    if (history === undefined) return undefined;
    const exceptions = exceptionsOf(history);
    const failedAtStart = job.state === "FAILED" && exceptions.length === 0;
    return {
      exceptions: failedAtStart ? await failuresOfStart(rest, job) : exceptions,
      exceptionsAt: now(),
    };
  }

  /** Asked once per attempt: they do not change while it runs. Never for a job that does not checkpoint. */
  async function settingsOf(
    id: FlinkJobId,
    checkpoints: Checkpoints | undefined,
    before: CheckpointSettings | undefined,
  ): Promise<CheckpointSettings | undefined> {
    const recent = options.recent?.of(id)?.checkpointSettings;
    if (recent !== undefined) return checkpointSettingsOf(recent);
    if (checkpoints === undefined || before !== undefined) return before;
    const asked = await tolerated(rest.checkpointsConfig(id));
    return asked && checkpointSettingsOf(asked);
  }

  return {
    ...createClusterReader(rest, options.wallClock),

    async readHealth(id) {
      const seen = options.recent?.of(id);
      const [job, checkpoints, restarts] = await Promise.all([
        seen?.job ?? rest.job(id),
        seen?.checkpoints ?? checkpointsOf(rest, id),
        restartsOf(rest, id),
      ]);
      const before = known.get(id);
      const mark = markOf(job, restarts);
      const told = checkpoints === "unread" || notCounted(job, checkpoints) ? undefined : checkpoints;
      const [exceptions, settings] = await Promise.all([
        exceptionsIfChanged(id, job, mark, before),
        settingsOf(id, told, before?.settings),
      ]);
      const kept = exceptions ?? { exceptions: before?.exceptions ?? [], exceptionsAt: 0 };
      // An unread part leaves no mark, so that the next pass asks again.
      remember(id, { mark: exceptions === undefined ? "" : mark, ...kept, settings });
      const unread = unreadOf({
        restarts: restarts === ABSENT,
        exceptions: exceptions === undefined,
        checkpoints: checkpoints === "unread",
        checkpointSettings: told !== undefined && settings === undefined,
      });
      return {
        flinkJobId: id,
        name: job.name,
        at: job.now,
        state: job.state,
        enteredAt: enteredAtOf(job),
        restarts,
        ...tasksOf(job),
        exceptions: kept.exceptions,
        completed: reading(told?.counts.completed),
        failedCheckpoints: reading(told?.counts.failed),
        ...snapshotsOf(told),
        checkpointSettings: settings,
        unread,
      };
    },
  };
}

/**
 * A job that waits for slots has no execution graph: Flink then answers with zeros for checkpoints that it did take,
 * and with the true counts as soon as the job runs again.
 */
const notCounted = (job: JobDetails, checkpoints: Checkpoints | undefined): boolean =>
  ["INITIALIZING", "CREATED", "RECONCILING"].includes(job.state) && checkpoints?.counts.total === 0;

async function failuresOfStart(rest: FlinkRest, job: JobDetails): Promise<readonly FlinkException[]> {
  const cause = await tolerated(rest.failureCause(job.jid));
  return cause === undefined ? [] : [failureOfStart(cause, job.timestamps["FAILED"] ?? job.now)];
}

const unreadOf = (missing: Readonly<Record<HealthPart, boolean>>): readonly HealthPart[] =>
  HEALTH_PARTS.filter((part) => missing[part]);

const markOf = (job: JobDetails, restarts: Reading): string =>
  JSON.stringify([job.state, job.timestamps["RUNNING"], job.timestamps["CREATED"], restarts]);

/** `undefined`: the job does not checkpoint, or Flink has no statistics of it while it is not scheduled. */
async function checkpointsOf(rest: FlinkRest, id: FlinkJobId): Promise<Checkpoints | undefined | "unread"> {
  try {
    return await rest.checkpoints(id);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.code === "not-supported" ? undefined : "unread";
  }
}

/** Flink's store of metrics may be some seconds old; after the end of a job it is gone. */
async function restartsOf(rest: FlinkRest, id: FlinkJobId): Promise<Reading> {
  const found = await tolerated(rest.jobMetrics(id, RESTARTS));
  for (const name of RESTARTS) {
    const text = found?.get(name);
    if (text !== undefined && text.trim() !== "") return reading(Number(text));
  }
  return ABSENT;
}
