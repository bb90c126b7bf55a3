import type { FlinkJobId, Instant, VertexId } from "../../../model/index.ts";
import type { JobView, SimulatedCluster, VertexView } from "../view.ts";
import { frameOf, type SubtaskFrame } from "./frame.ts";
import type { Gauges } from "./gauges.ts";
import { jobMetricsOf } from "./job-metrics.ts";
import { jobManagerMetricsOf, taskManagerMetricsOf } from "./machine-metrics.ts";
import type { Troubles } from "./troubles.ts";
import type { MetricValue } from "./vertex-shape.ts";

/** Everything that the JobManager fetched at one instant. */
export interface Snapshot {
  readonly at: Instant;
  readonly jobManager: ReadonlyMap<string, MetricValue>;
  readonly taskManagers: ReadonlyMap<string, ReadonlyMap<string, MetricValue>>;
  readonly jobs: ReadonlyMap<FlinkJobId, ReadonlyMap<string, MetricValue>>;
  /** Subtasks that had registered their metrics; empty for a vertex that is unknown or does not run. */
  vertex(job: FlinkJobId, vertex: VertexId): readonly SubtaskFrame[];
}

/** The JobManager's metric store. */
export interface MetricStore {
  /** The newest snapshot that has arrived. Asking starts the next fetch where the last one is old enough. */
  look(): Snapshot;
}

/** A fetch asks all TaskManagers; its result is there this much later. */
const FETCH_MS = 50;
/** A task registers its metrics while it initializes, a little before or after it begins to read. */
const REGISTERED_AFTER_MS = 100;

const EMPTY: Snapshot = {
  at: 0,
  jobManager: new Map(),
  taskManagers: new Map(),
  jobs: new Map(),
  vertex: () => [],
};

/** Fetches when it is asked and at most every `fetcherIntervalMs`, as Flink's `MetricFetcherImpl`. */
export function createMetricStore(
  cluster: SimulatedCluster,
  gauges: Gauges,
  troubles: Troubles,
): MetricStore {
  let arrived = EMPTY;
  let coming: Snapshot | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let { process } = cluster.jobManager;
  return {
    look() {
      const now = cluster.now();
      if (process !== cluster.jobManager.process) {
        process = cluster.jobManager.process;
        arrived = EMPTY;
        coming = undefined;
        fetchedAt = Number.NEGATIVE_INFINITY;
      }
      if (coming !== undefined && now >= coming.at + FETCH_MS) {
        arrived = coming;
        coming = undefined;
      }
      if (coming === undefined && now - fetchedAt > cluster.plan.fetcherIntervalMs) {
        fetchedAt = now;
        coming = fetch(cluster, gauges, troubles, now);
      }
      return arrived;
    },
  };
}

function fetch(cluster: SimulatedCluster, gauges: Gauges, troubles: Troubles, now: Instant): Snapshot {
  const { flinkVersion, segmentBytes } = cluster.plan;
  const living = cluster.taskManagers.filter((t) => t.alive);
  const reachable = new Set(living.map((t) => t.id));
  const vertices = new Map<string, readonly SubtaskFrame[]>();
  for (const job of cluster.jobs) {
    if (job.state !== "RUNNING") continue;
    for (const vertex of job.vertices) {
      if (troubles.metricsMissing(job, vertex)) continue;
      vertices.set(`${job.id}/${vertex.id}`, framesOf(job, vertex, gauges, reachable, now));
    }
  }
  return {
    at: now,
    jobManager: jobManagerMetricsOf(cluster, now),
    taskManagers: new Map(
      living.map((t) => [t.id, taskManagerMetricsOf(t, segmentBytes, flinkVersion, gauges)]),
    ),
    jobs: new Map(cluster.jobs.filter(isAlive).map((job) => [job.id, jobMetricsOf(job, flinkVersion, now)])),
    vertex: (job, vertex) => vertices.get(`${job}/${vertex}`) ?? [],
  };
}

/** A job that has ended takes its metrics with it. */
const isAlive = (job: JobView): boolean => job.endTime === undefined;

function framesOf(
  job: JobView,
  vertex: VertexView,
  gauges: Gauges,
  reachable: ReadonlySet<string>,
  now: Instant,
): readonly SubtaskFrame[] {
  return vertex.subtasks
    .filter((s) => now - s.startedAt >= REGISTERED_AFTER_MS && reachable.has(s.taskManager))
    .map((s) => frameOf(job.id, vertex, s, gauges, now));
}
