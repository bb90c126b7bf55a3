import type { FlinkJobId, Instant, VertexId } from "../../../model/index.ts";
import { majorOf } from "../metrics/flink-version.ts";
import type { SubtaskFrame } from "../metrics/frame.ts";
import { createGauges, type Gauges } from "../metrics/gauges.ts";
import { createGraphCache, type GraphCache } from "../metrics/graph-cache.ts";
import { createMetricStore, type MetricStore } from "../metrics/store.ts";
import { createTroubles, type Troubles } from "../metrics/troubles.ts";
import { type VertexMetrics, vertexMetricsOf } from "../metrics/vertex-metrics.ts";
import type { Operation } from "../physics/operation.ts";
import type { JobView, SimulatedCluster } from "../view.ts";
import type { Trouble } from "../world.ts";

/** All that the routes answer from: the cluster itself, and what its JobManager remembers of it. */
export interface Desk {
  readonly cluster: SimulatedCluster;
  readonly flinkMajor: number;
  readonly gauges: Gauges;
  readonly store: MetricStore;
  readonly graphs: GraphCache;
  readonly troubles: Troubles;
  /** What this JobManager process alone remembers. */
  readonly memory: ProcessMemory;
  job(id: FlinkJobId): JobView | undefined;
  /** Undefined for a vertex that the job does not have. */
  metricsOf(job: FlinkJobId, vertex: VertexId): VertexMetrics | undefined;
  /** What the store knows of the subtasks: until the next fetch those of an attempt that has ended (seen on both). */
  framesOf(job: FlinkJobId, vertex: VertexId): readonly SubtaskFrame[];
}

/** Gone with its process. */
export interface ProcessMemory {
  /** The checkpoint that a trigger id stands for; bounded, the oldest are forgotten. */
  readonly triggers: Map<string, { readonly job: FlinkJobId; readonly checkpoint: number }>;
  /** Savepoints, stops and disposals by trigger id; bounded too. */
  readonly operations: Map<string, { readonly of: string; readonly operation: Operation }>;
  /** Uploaded jars by id. */
  readonly jars: Map<string, Jar>;
  /** Trigger ids that nobody chose. */
  readonly ownIds: { count: number };
}

export interface Jar {
  readonly id: string;
  /** As it was uploaded. */
  readonly name: string;
  readonly uploadedAt: Instant;
}

const emptyMemory = (): ProcessMemory => ({
  triggers: new Map(),
  operations: new Map(),
  jars: new Map(),
  ownIds: { count: 0 },
});

/** Begins to sample gauges: make it before the cluster's time moves. */
export function createDesk(cluster: SimulatedCluster, trouble: readonly Trouble[]): Desk {
  const troubles = createTroubles(cluster, trouble);
  const gauges = createGauges(cluster);
  const store = createMetricStore(cluster, gauges, troubles);
  const metrics = new Map<string, VertexMetrics>();
  const find = (id: FlinkJobId): JobView | undefined => cluster.jobs.find((j) => j.id === id);
  // Made when they are first asked for: a job may be submitted at any time.
  const metricsOf = (id: FlinkJobId, vertexId: VertexId): VertexMetrics | undefined => {
    const key = `${id}/${vertexId}`;
    const known = metrics.get(key);
    const plan = find(id)?.plan;
    const vertex = plan?.vertices.find((v) => v.id === vertexId);
    if (known !== undefined || plan === undefined || vertex === undefined) return known;
    const made = vertexMetricsOf(plan, vertex, cluster.plan.flinkVersion);
    metrics.set(key, made);
    return made;
  };
  let memory = emptyMemory();
  let { process } = cluster.jobManager;
  return {
    cluster,
    flinkMajor: majorOf(cluster.plan.flinkVersion),
    gauges,
    store,
    graphs: createGraphCache(cluster),
    troubles,
    get memory() {
      if (process !== cluster.jobManager.process) memory = emptyMemory();
      process = cluster.jobManager.process;
      return memory;
    },
    job: find,
    metricsOf,
    framesOf: (id, vertexId) => store.look().vertex(id, vertexId),
  };
}
