import { isSource, type Milliseconds, type Vertex } from "../../model/index.ts";
import type { Gatherer } from "./gather.ts";
import * as parse from "./parse.ts";
import {
  type JobDetails,
  type JobReport,
  mapPart,
  type Part,
  read,
  unread,
  type VertexReport,
  type Watermark,
} from "./report.ts";

/** Flink's gauges of shares and rates are means of 60 s and need about 75 s after a start to come right. */
export const GAUGE_SETTLING_MS: Milliseconds = 75_000;
const REGISTERED_AFTER_MS: Milliseconds = 30_000;
/** Watermarks of this many subtasks are asked for by name; request lines are limited. */
const MAX_NAMED_SUBTASKS = 64;

type Job = Pick<JobReport, "flinkJobId" | "state">;

/** Reads every vertex of a job, after the metrics that the first look asked Flink to refresh have arrived. */
export async function readVertices(
  gather: Gatherer,
  settleMs: Milliseconds,
  job: Job,
  details: JobDetails,
): Promise<readonly VertexReport[]> {
  // Nobody may have asked this cluster for metrics for hours: the first answer is then the list of back then, in
  // which a source can lack pendingRecords (seen on 1.20.5). The second one is the list of now.
  const askNames = () => Promise.all(details.graph.vertices.map((v) => readNames(gather, job, v)));
  await askNames();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const names = await askNames();
  return Promise.all(
    details.graph.vertices.map((v, i) =>
      readVertex(gather, job, details, v, names[i] ?? unread("no metric names were read")),
    ),
  );
}

const vertexPath = (job: Job, vertex: Vertex, ...rest: string[]): string[] => [
  "jobs",
  job.flinkJobId,
  "vertices",
  vertex.id,
  ...rest,
];

async function readNames(gather: Gatherer, job: Job, vertex: Vertex): Promise<Part<readonly string[]>> {
  const names = await gather.ask({
    what: "list the metrics of subtasks",
    path: vertexPath(job, vertex, "subtasks", "metrics"),
    schema: parse.metricsSchema,
  });
  if (names.kind === "read" && names.value.length === 0) {
    return unread("Flink lists no metrics of this vertex, as it does for some seconds after a start");
  }
  return mapPart(names, (list) => list.map((m) => m.id));
}

async function readVertex(
  gather: Gatherer,
  job: Job,
  details: JobDetails,
  vertex: Vertex,
  names: Part<readonly string[]>,
): Promise<VertexReport> {
  const source = isSource(details.graph, vertex.id);
  const [subtasks, pressure, watermarks] = await Promise.all([
    gather.ask({ what: "read a vertex", path: vertexPath(job, vertex), schema: parse.vertexSchema }),
    readPressure(gather, job, details, vertex),
    source ? sourceWatermarks(gather, job, vertex, names) : inputWatermarks(gather, job, vertex),
  ]);
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism,
    source,
    records: subtasks.kind === "unread" ? subtasks : recordsOf(subtasks.value, source),
    pressure,
    watermarks,
    reportsPending: source ? pendingOf(job, details, names) : unread("only sources report pending records"),
  };
}

/** A source registers its metrics some time after its task runs: an early "no" is no answer. */
function pendingOf(job: Job, details: JobDetails, names: Part<readonly string[]>): Part<boolean> {
  if (names.kind === "unread") return names;
  if (names.value.some((name) => name.endsWith(".pendingRecords"))) return read(true);
  if (job.state !== "RUNNING") return unread(`the job is ${job.state}`);
  const early = details.now - details.runningSince < REGISTERED_AFTER_MS;
  return early ? unread("the source has just started and may not have registered its metrics") : read(false);
}

/** At sources Flink 1.20 leaves what was read at 0, so what was sent counts when it is more. */
function recordsOf(
  reply: ReturnType<typeof parse.vertexSchema.parse>,
  source: boolean,
): Part<readonly number[]> {
  const complete = reply.subtasks.every(
    ({ metrics: m }) => m["read-records-complete"] && (!source || m["write-records-complete"]),
  );
  if (!complete) return unread("Flink has not yet heard from every subtask");
  return read(
    reply.subtasks.map(({ metrics: m }) =>
      source ? Math.max(m["read-records"], m["write-records"]) : m["read-records"],
    ),
  );
}

async function readPressure(
  gather: Gatherer,
  job: Job,
  details: JobDetails,
  vertex: Vertex,
): Promise<VertexReport["pressure"]> {
  if (job.state !== "RUNNING") return unread(`the job is ${job.state}`);
  if (details.now - details.runningSince < GAUGE_SETTLING_MS) {
    const seconds = Math.max(0, Math.round((details.now - details.runningSince) / 1_000));
    return unread(`Flink's gauges are wrong for 75 s after a start, and the job has run for ${seconds} s`);
  }
  const reply = await gather.ask({
    what: "read back-pressure",
    path: vertexPath(job, vertex, "backpressure"),
    schema: parse.backPressureSchema,
  });
  if (reply.kind === "unread") return reply;
  const shares = reply.value.subtasks.map((s) => ({
    busy: s.busyRatio,
    idle: s.idleRatio,
    backPressured: s.ratio,
  }));
  if (reply.value.status !== "ok" || shares.length === 0) {
    return unread("Flink has no back-pressure statistics of this vertex yet");
  }
  if (shares.some((s) => !Number.isFinite(s.busy + s.idle + s.backPressured))) {
    return unread("Flink answers NaN: this vertex's busy time cannot be measured");
  }
  return read(shares);
}

async function inputWatermarks(
  gather: Gatherer,
  job: Job,
  vertex: Vertex,
): Promise<VertexReport["watermarks"]> {
  const reply = await gather.ask({
    what: "read watermarks",
    path: vertexPath(job, vertex, "watermarks"),
    schema: parse.metricsSchema,
  });
  return watermarksOf(reply);
}

async function sourceWatermarks(
  gather: Gatherer,
  job: Job,
  vertex: Vertex,
  names: Part<readonly string[]>,
): Promise<VertexReport["watermarks"]> {
  if (names.kind === "unread") return names;
  const name = names.value.find((n) => /^Source__[^.]*\.currentOutputWatermark$/.test(n));
  if (name === undefined) return unread("the source does not report currentOutputWatermark");
  const subtasks = Math.min(vertex.parallelism, MAX_NAMED_SUBTASKS);
  const get = Array.from({ length: subtasks }, (_, i) => encodeURIComponent(`${i}.${name}`)).join(",");
  const reply = await gather.ask({
    what: "read the source's watermarks",
    path: vertexPath(job, vertex, "metrics"),
    query: `?get=${get}`,
    schema: parse.metricsSchema,
  });
  return watermarksOf(reply);
}

function watermarksOf(part: Part<ReturnType<typeof parse.metricsSchema.parse>>): Part<readonly Watermark[]> {
  if (part.kind === "unread") return part;
  const values = part.value.flatMap((m) => (m.value === undefined ? [] : [{ subtask: m.id, at: m.value }]));
  if (values.length === 0) return unread("Flink reports no watermark of this vertex");
  values.sort((a, b) => Number.parseInt(a.subtask, 10) - Number.parseInt(b.subtask, 10));
  return read(
    values.map(({ at }): Watermark => {
      if (at <= -9e18) return { kind: "none" };
      return at >= 9e18 ? { kind: "end" } : { kind: "at", at };
    }),
  );
}
