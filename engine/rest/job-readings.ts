import {
  ABSENT,
  type CheckpointReadout,
  combine,
  type Edge,
  type Graph,
  type Instant,
  JOB_DETAIL_METRICS,
  type Reading,
  reading,
  type SourceReadout,
  type VertexReadout,
} from "../../model/index.ts";
import type { Checkpoints, CheckpointsConfig } from "./checkpoint-replies.ts";
import type { JobDetails } from "./replies.ts";

/** Pure translations of one `/jobs/:id` reply (and one of checkpoints) into the vocabulary. */

type Detail = JobDetails["vertices"][number];

/** Edges come from the plan, everything else from the vertices. */
export function graphOf(job: JobDetails): Graph {
  const known = new Set(job.vertices.map((v) => v.id));
  const nodes = job.plan ? job.plan.nodes : [];
  const edges = nodes.flatMap((node) =>
    (node.inputs ?? []).map((i): Edge => ({ from: i.id, to: node.id, ship: i.ship_strategy ?? "UNKNOWN" })),
  );
  return {
    vertices: job.vertices.map((v) => ({
      id: v.id,
      name: v.name,
      parallelism: v.parallelism,
      maxParallelism: v.maxParallelism ?? derivedMaxParallelism(v.parallelism),
      slotSharingGroup: v.slotSharingGroupId ?? "default",
    })),
    edges: edges.filter((e) => known.has(e.from) && known.has(e.to)),
  };
}

/**
 * What Flink takes where nobody set it (`KeyGroupRangeAssignment.computeDefaultMaxParallelism`): half as much again as
 * the parallelism, up to the next power of two, from 128 to 32,768. 100 → 150 → 256.
 */
function derivedMaxParallelism(parallelism: number): number {
  const roomy = 2 ** Math.ceil(Math.log2(Math.max(1, parallelism + Math.floor(parallelism / 2))));
  return Math.min(Math.max(roomy, 128), 32_768);
}

/** When the job last began to run; its start where it has not run yet. */
export function runningSinceOf(job: JobDetails): Instant {
  const since = job.timestamps["RUNNING"] ?? 0;
  return since > 0 ? since : job["start-time"];
}

/** Counters of one vertex, summed over its subtasks by Flink. */
export function vertexReadoutOf(
  detail: Detail,
  source: SourceReadout | undefined,
  extra: {
    readonly isSource: boolean;
    readonly countsSourceRecords: boolean;
    readonly partitions: Reading;
    readonly hottest: Reading;
  },
): VertexReadout {
  const { metrics } = detail;
  // Flink has not heard from every subtask yet (after a start, for some seconds): what it has is a partial sum, often 0.
  const readAll = metrics["read-records-complete"] !== false;
  const wroteAll = metrics["write-records-complete"] !== false;
  const heard = (
    all: boolean,
    name: (typeof JOB_DETAIL_METRICS)[keyof typeof JOB_DETAIL_METRICS],
  ): Reading => (all ? reading(metrics[name]) : ABSENT);
  const read = heard(readAll, JOB_DETAIL_METRICS.readRecords);
  const consumed = source?.consumedRecords ?? ABSENT;
  const sourceRead =
    extra.countsSourceRecords && !(read.kind === "value" && read.value === 0) ? read : consumed;
  return {
    readRecords: extra.isSource ? sourceRead : read,
    writeRecords: heard(wroteAll, JOB_DETAIL_METRICS.writeRecords),
    busyMs: heard(readAll && wroteAll, JOB_DETAIL_METRICS.busyMs),
    idleMs: heard(readAll && wroteAll, JOB_DETAIL_METRICS.idleMs),
    backPressuredMs: heard(readAll && wroteAll, JOB_DETAIL_METRICS.backPressuredMs),
    pendingRecords: source?.pendingRecords ?? ABSENT,
    sourcePartitions: extra.partitions,
    hottestBusyMsPerSecond: extra.hottest,
  };
}

/** Task time so far, over all subtasks. */
export function taskClockOf(r: Pick<VertexReadout, "busyMs" | "idleMs" | "backPressuredMs">): Reading {
  return combine([r.busyMs, r.idleMs, r.backPressuredMs], (...parts) => parts.reduce((a, b) => a + b, 0));
}

/** Flink says about 9.2e18 ms where there are no periodic checkpoints; nobody means a thousand years. */
const LONGEST_INTERVAL_MS = 1_000 * 365 * 86_400_000;

/** Counts since the JobManager took the job over, the newest completed checkpoint or savepoint, and the settings. */
export function checkpointReadoutOf(reply: Checkpoints, config?: CheckpointsConfig): CheckpointReadout {
  const { completed } = reply.latest;
  const path = completed?.external_path;
  const at = completed ? Math.max(completed.latest_ack_timestamp, completed.trigger_timestamp) : undefined;
  return {
    completed: reply.counts.completed,
    failed: reply.counts.failed,
    inProgress: reply.counts.in_progress,
    latestCompletedAt: reading(at),
    latestDurationMs: reading(completed?.end_to_end_duration),
    // Without a directory Flink answers with `<checkpoint-not-externally-addressable>`.
    latestPath: path?.startsWith("<") ? undefined : (path ?? undefined),
    intervalMs: config && config.interval < LONGEST_INTERVAL_MS ? reading(config.interval) : ABSENT,
    timeoutMs: reading(config?.timeout),
  };
}
