import { formatDuration, formatInstant, inputsOf, outputsOf } from "../../../model/index.ts";
import { type JobReport, type Part, unread, type VertexReport } from "../report.ts";
import { mean, percent, vertexRule } from "./rule.ts";

/** Fewer records than this say little about how evenly they spread. */
const ENOUGH_RECORDS = 1_000;
const ENOUGH_RUNNING_MS = 60_000;
const UNEVEN = 1.5;
const HOT = 0.6;
const WATERMARKS_APART_MS = 5 * 60_000;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Over FORWARD each subtask gets what its twin upstream sent: the skew is the twin's. */
function followsForward(vertex: VertexReport, job: JobReport): boolean {
  if (job.details.kind === "unread") return false;
  const inputs = inputsOf(job.details.value.graph, vertex.id);
  return inputs.length > 0 && inputs.every((edge) => edge.ship === "FORWARD");
}

export const skew = vertexRule(
  {
    code: "skew",
    severity: "info",
    weight: 65,
    meaning:
      "One subtask handles at least 1.5 times the mean number of records. A warning when that subtask is 60 % busy or more: then more parallelism does not help.",
    remedy: "Look for a hot key; spread it with a salted key or pre-aggregation, or rebalance.",
  },
  enoughRecords,
  (records, vertex) => {
    const average = mean(records);
    const most = Math.max(...records);
    if (most < UNEVEN * average) return [];
    const hottest = records.indexOf(most);
    const pressure = vertex.pressure.kind === "read" ? vertex.pressure.value : undefined;
    const busy = pressure?.[hottest]?.busy;
    const meanBusy = pressure === undefined ? undefined : mean(pressure.map((p) => p.busy));
    const ratio = Math.round((most / average) * 100) / 100;
    const busyWords =
      busy === undefined || meanBusy === undefined
        ? ""
        : `, and is ${percent(busy)} busy (mean ${percent(meanBusy)})`;
    return [
      {
        sentence: `Subtask ${hottest} of "${vertex.name}" handled ${ratio} times the mean of ${Math.round(average)} records${busyWords}`,
        evidence: {
          subtask: hottest,
          ratio,
          records: most,
          meanRecords: average,
          busy: busy ?? null,
          meanBusy: meanBusy ?? null,
        },
        severity: busy !== undefined && busy >= HOT ? "warning" : "info",
      },
    ];
  },
  (vertex, job) => vertex.parallelism > 1 && !followsForward(vertex, job),
);

/** Records once there are enough to judge by. */
function enoughRecords(vertex: VertexReport): Part<readonly number[]> {
  if (vertex.records.kind === "unread") return vertex.records;
  const count = sum(vertex.records.value);
  return count < ENOUGH_RECORDS
    ? unread(`too few records since the start (fewer than ${ENOUGH_RECORDS})`)
    : vertex.records;
}

function ofLongEnough(vertex: VertexReport, job: JobReport): Part<readonly number[]> {
  if (job.details.kind === "unread") return job.details;
  const { now, runningSince } = job.details.value;
  return now - runningSince < ENOUGH_RUNNING_MS
    ? unread("the job has run for less than a minute")
    : enoughRecords(vertex);
}

export const idleSubtasks = vertexRule(
  {
    code: "idle-subtasks",
    severity: "warning",
    weight: 55,
    meaning:
      "Subtasks have handled nothing since their start while others have: a source with more subtasks than partitions, or fewer keys than subtasks.",
    remedy: "Lower the vertex's parallelism to the number of partitions or keys, or add partitions.",
  },
  ofLongEnough,
  (records, vertex) => {
    const idle = records.flatMap((count, index) => (count === 0 ? [index] : []));
    if (idle.length === 0) return [];
    const why = vertex.source ? "more subtasks than partitions or splits" : "fewer keys than subtasks";
    return [
      {
        sentence: `${idle.length} of ${records.length} subtasks of "${vertex.name}" have handled nothing since they started: ${why}`,
        evidence: { idle: idle.slice(0, 20), idleCount: idle.length, parallelism: records.length },
      },
    ];
  },
  (vertex) => vertex.parallelism > 1,
);

/**
 * A source subtask without splits never has a watermark, and Flink lets the others go on without it. So a missing
 * one matters at a source only where the vertices it feeds have none either.
 */
function holdsBack(vertex: VertexReport, job: JobReport): boolean {
  if (!vertex.source || job.details.kind === "unread" || job.vertices.kind === "unread") return true;
  const fed = new Set(outputsOf(job.details.value.graph, vertex.id).map((edge) => edge.to));
  return !job.vertices.value.some(
    (v) => fed.has(v.id) && v.watermarks.kind === "read" && v.watermarks.value.some((m) => m.kind === "at"),
  );
}

/** Without any watermark it is not known whether the job uses event time at all. */
function anyWatermark({ watermarks }: VertexReport): VertexReport["watermarks"] {
  if (watermarks.kind === "unread" || watermarks.value.some((m) => m.kind === "at")) return watermarks;
  return unread(
    "no subtask has a watermark: no event time is used, or a source has been silent since the start",
  );
}

export const watermarkStalled = vertexRule(
  {
    code: "watermark-stalled",
    severity: "warning",
    weight: 72,
    meaning:
      "Subtasks of one vertex have no watermark, or one that is five minutes or more behind the others'. The slowest watermark holds back every window and timer downstream.",
    remedy: "Look for an idle partition: WatermarkStrategy.withIdleness lets the others go on.",
  },
  anyWatermark,
  (marks, vertex, job) => {
    const known = marks.flatMap((m) => (m.kind === "at" ? [m.at] : []));
    const newest = Math.max(...known);
    const missing = marks.flatMap((m, index) => (m.kind === "none" ? [index] : []));
    const without = missing.length > 0 && holdsBack(vertex, job) ? missing : [];
    const oldest = Math.min(...known);
    const behind = newest - oldest;
    if (without.length === 0 && behind < WATERMARKS_APART_MS) return [];
    const slow = marks.findIndex((m) => m.kind === "at" && m.at === oldest);
    return [
      {
        sentence:
          without.length > 0
            ? `${without.length} of ${marks.length} subtasks of "${vertex.name}" have no watermark and hold back the others, whose newest is ${formatInstant(newest)}`
            : `The watermark of subtask ${slow} of "${vertex.name}" is ${formatDuration(behind)} behind the newest`,
        evidence: { without, oldest: formatInstant(oldest), newest: formatInstant(newest), behindMs: behind },
      },
    ];
  },
);

export const pendingRecordsUnknown = vertexRule(
  {
    code: "pending-records-unknown",
    severity: "warning",
    weight: 40,
    meaning: "The source does not say how much is left to read, so neither lag nor catching up can be known.",
    remedy: "Use a connector that reports pendingRecords (Kafka, Pulsar), or measure lag outside Flink.",
  },
  (vertex) => vertex.reportsPending,
  (reports, vertex) =>
    reports
      ? []
      : [
          {
            sentence: `"${vertex.name}" does not report pendingRecords: its lag is not known`,
            evidence: { metric: "pendingRecords", reported: false },
          },
        ],
  (vertex) => vertex.source,
);
