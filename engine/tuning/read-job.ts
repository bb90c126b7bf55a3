import { isTerminal } from "../../model/index.ts";
import type { Call } from "../rest/transport.ts";
import type { Gatherer } from "./gather.ts";
import * as parse from "./parse.ts";
import { readVertices } from "./read-vertex.ts";
import {
  type Checkpointing,
  type Checkpoints,
  type JobDetails,
  type JobReport,
  mapPart,
  type Part,
  read,
  unread,
} from "./report.ts";

type Listed = Pick<JobReport, "key" | "flinkJobId" | "name" | "state" | "startTime" | "endTime">;

/** Flink writes "no periodic checkpoints" as `Long.MAX_VALUE`. */
const NEVER_MS = 9e18;

/** Reads what one job says of itself. Of a job that has ended only its exceptions are of use. */
export async function readJob(gather: Gatherer, settleMs: number, listed: Listed): Promise<JobReport> {
  const path = (...rest: string[]): string[] => ["jobs", listed.flinkJobId, ...rest];
  const exceptions = gather.ask({
    what: "read the job's exceptions",
    path: path("exceptions"),
    query: "?maxExceptions=20",
    schema: parse.exceptionsSchema,
  });
  const exceptionLines = exceptions.then((part) =>
    mapPart(part, (e) =>
      e.exceptionHistory.entries.map((x) => ({
        at: x.timestamp,
        line: parse.causeLine(x.exceptionName, x.stacktrace),
      })),
    ),
  );
  if (isTerminal(listed.state)) {
    const ended = unread(`the job is ${listed.state}`);
    return {
      ...listed,
      details: ended,
      checkpointing: ended,
      checkpoints: ended,
      exceptions: await exceptionLines,
      restarts: ended,
      restartStrategy: ended,
      vertices: ended,
    };
  }
  const details = gather
    .ask({ what: "read the job", path: path(), schema: parse.jobSchema })
    .then((part) => mapPart(part, detailsOf));
  const vertices = details.then(async (part) =>
    part.kind === "unread" ? part : read(await readVertices(gather, settleMs, listed, part.value)),
  );
  const settings = gather.ask({
    what: "read the checkpoint settings",
    path: path("checkpoints", "config"),
    schema: parse.checkpointConfigSchema,
  });
  const checkpoints = gather.ask({
    what: "read checkpoints",
    path: path("checkpoints"),
    schema: parse.checkpointsSchema,
  });
  const strategy = gather.ask({
    what: "read the job's restart strategy",
    path: path("config"),
    schema: parse.jobConfigSchema,
  });
  const restarts = readRestarts(gather, settleMs, path("metrics"));
  return {
    ...listed,
    details: await details,
    checkpointing: checkpointingOf(await settings),
    checkpoints: mapPart(await checkpoints, checkpointsOf),
    exceptions: await exceptionLines,
    restarts: await restarts,
    restartStrategy: mapPart(await strategy, (s) => s["execution-config"]["restart-strategy"]),
    vertices: await vertices,
  };
}

/** Asked a second time where it is not there: a cluster that nobody polls first answers with what it knew long ago. */
async function readRestarts(
  gather: Gatherer,
  settleMs: number,
  path: readonly string[],
): Promise<Part<number>> {
  const first = await askRestarts(gather, path);
  if (first.kind === "unread" || first.value !== undefined) return knownRestarts(first);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return knownRestarts(await askRestarts(gather, path));
}

async function askRestarts(gather: Gatherer, path: readonly string[]): Promise<Part<number | undefined>> {
  const call: Call<{ id: string; value?: number | undefined }[]> = {
    what: "read the job's restarts",
    path,
    query: "?get=numRestarts",
    schema: parse.metricsSchema,
  };
  return mapPart(await gather.ask(call), (list) => {
    const value = list.find((m) => m.id === "numRestarts")?.value;
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  });
}

function knownRestarts(part: Part<number | undefined>): Part<number> {
  if (part.kind === "unread") return part;
  return part.value === undefined
    ? unread("Flink does not report numRestarts of this job")
    : read(part.value);
}

function detailsOf(job: ReturnType<typeof parse.jobSchema.parse>): JobDetails {
  const { RUNNING: runningSince = 0 } = job.timestamps;
  return {
    now: job.now,
    runningSince,
    batch: job["job-type"] === "BATCH",
    scheduler: job.schedulerType,
    graph: {
      vertices: job.vertices.map((v) => ({
        id: v.id,
        name: v.name,
        parallelism: v.parallelism,
        maxParallelism: v.maxParallelism,
        slotSharingGroup: v.slotSharingGroupId,
      })),
      edges: job.plan.nodes.flatMap((node) =>
        node.inputs.map((input) => ({ from: input.id, to: node.id, ship: input.ship_strategy })),
      ),
    },
  };
}

/** "Checkpointing is not enabled" is an answer, although Flink gives it as an error. */
function checkpointingOf(
  part: Part<ReturnType<typeof parse.checkpointConfigSchema.parse>>,
): Part<Checkpointing> {
  if (part.kind === "unread") {
    return /checkpointing (has not been|is not) enabled/i.test(part.why) ? read({ kind: "off" }) : part;
  }
  const c = part.value;
  if (c.interval >= NEVER_MS || c.interval <= 0) return read({ kind: "off" });
  return read({
    kind: "on",
    intervalMs: c.interval,
    timeoutMs: c.timeout,
    minPauseMs: c.min_pause,
    externalized: c.externalization.enabled,
    deletedOnCancel: c.externalization.delete_on_cancellation,
    stateBackend: c.state_backend,
    storage: c.checkpoint_storage,
  });
}

function checkpointsOf(reply: ReturnType<typeof parse.checkpointsSchema.parse>): Checkpoints {
  const { completed, restored } = reply.latest;
  return {
    completed: reply.counts.completed,
    failed: reply.counts.failed,
    latestCompleted: completed
      ? {
          id: completed.id,
          at: completed.latest_ack_timestamp,
          durationMs: completed.end_to_end_duration,
          stateBytes: completed.state_size,
        }
      : undefined,
    restoredAt: restored?.restore_timestamp,
    history: reply.history.flatMap((c) =>
      c.is_savepoint || (c.status !== "COMPLETED" && c.status !== "FAILED")
        ? []
        : [{ id: c.id, status: c.status, at: c.trigger_timestamp, message: c.failure_message ?? undefined }],
    ),
  };
}
