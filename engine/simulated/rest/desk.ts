import type { FlinkJobId, VertexId } from "../../../model/index.ts";
import { majorOf } from "../metrics/flink-version.ts";
import type { SubtaskFrame } from "../metrics/frame.ts";
import { createGauges, type Gauges } from "../metrics/gauges.ts";
import { createGraphCache, type GraphCache } from "../metrics/graph-cache.ts";
import { createMetricStore, type MetricStore } from "../metrics/store.ts";
import { createTroubles, type Troubles } from "../metrics/troubles.ts";
import { type VertexMetrics, vertexMetricsOf } from "../metrics/vertex-metrics.ts";
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
  /** The checkpoint that a trigger id stands for; bounded, the oldest are forgotten. */
  readonly triggers: Map<string, { readonly job: FlinkJobId; readonly checkpoint: number }>;
  job(id: FlinkJobId): JobView | undefined;
  /** Undefined for a vertex that the job does not have. */
  metricsOf(job: FlinkJobId, vertex: VertexId): VertexMetrics | undefined;
  /** What the store knows of the subtasks: until the next fetch those of an attempt that has ended (seen on both). */
  framesOf(job: FlinkJobId, vertex: VertexId): readonly SubtaskFrame[];
}

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
  return {
    cluster,
    flinkMajor: majorOf(cluster.plan.flinkVersion),
    gauges,
    store,
    graphs: createGraphCache(cluster),
    troubles,
    triggers: new Map(),
    job: find,
    metricsOf,
    framesOf: (id, vertexId) => store.look().vertex(id, vertexId),
  };
}
