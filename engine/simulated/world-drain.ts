import { capacityAt } from "./physics/capacity.ts";
import type { VertexSpec } from "./vertex-schema.ts";
import { loadOf } from "./world-load.ts";
import { inOrder, leastSlots } from "./world-order.ts";
import type { Problem } from "./world-problems.ts";
import type { ClusterSpec, JobSpec } from "./world-schema.ts";

/**
 * Vertices that could never keep up with the load of the long run, whatever their parallelism: such a job has no
 * answer, and nobody could say whether an autoscaler did well with it. The bound is a generous one.
 */
export function drainProblems(
  job: JobSpec,
  index: number,
  world: { readonly cluster: ClusterSpec; readonly jobs: readonly (JobSpec | undefined)[] },
): readonly Problem[] {
  const { cluster } = world;
  const slots = cluster.taskManagers * cluster.slotsPerTaskManager;
  let others = 0;
  for (const one of world.jobs) others += one === undefined ? 0 : leastSlots(cluster, one);
  const done = new Map<string, number>();
  const problems: Problem[] = [];
  for (const key of inOrder(job).order) {
    const vertex = job.vertices[key];
    if (vertex === undefined) continue;
    const load = arrivals(vertex, done);
    done.set(key, load.total);
    const most = largestParallelism(vertex, cluster, slots - others);
    const limit = tightest(vertex, load, most, cluster);
    if (load.total > limit.rate * (1 + 1e-9)) {
      const got = `${records(load.total)} in the long run`;
      const text = `got ${got}; expected at most the ${records(limit.rate)} that ${limit.why}; it could never drain`;
      problems.push({ path: ["jobs", index, "vertices", key], text });
    }
  }
  return problems;
}

/** With the slots that no other sharing group needs, and the one it has; a source has use for one a partition. */
function largestParallelism(vertex: VertexSpec, cluster: ClusterSpec, freeSlots: number): number {
  const { parallelism, maxParallelism, source } = vertex;
  const most = cluster.scheduler === "adaptive" ? Math.min(maxParallelism, freeSlots + 1) : parallelism;
  return Math.max(1, Math.min(most, source?.partitions ?? most));
}

const records = (rate: number): string => `${Number(rate.toPrecision(6))} records/s`;

interface Arrivals {
  readonly total: number;
  /** Of those with keys: in sum, and those of hot keys. */
  readonly hashed: number;
  readonly hot: number;
  /** Those that every subtask gets. */
  readonly broadcast: number;
}

function arrivals(vertex: VertexSpec, done: ReadonlyMap<string, number>): Arrivals {
  if (vertex.source !== undefined) {
    return { total: loadOf(vertex.source.load).meanRate, hashed: 0, hot: 0, broadcast: 0 };
  }
  let [total, hashed, hot, broadcast] = [0, 0, 0, 0];
  for (const [key, edge] of Object.entries(vertex.from ?? {})) {
    const rate = (done.get(key) ?? 0) * edge.selectivity;
    total += rate;
    if (edge.ship === "broadcast") broadcast += rate;
    if (edge.ship !== "hash") continue;
    hashed += rate;
    hot += rate * edge.hotShare;
  }
  return { total, hashed, hot, broadcast };
}

/** What bounds a vertex most at its largest parallelism. */
function tightest(
  vertex: VertexSpec,
  load: Arrivals,
  most: number,
  cluster: ClusterSpec,
): { readonly rate: number; readonly why: string } {
  const cores = cluster.taskManagers * cluster.coresPerTaskManager;
  const limits = [
    {
      rate: mostRead(vertex, load, most),
      why: `${most} ${most === 1 ? "subtask" : "subtasks"} can do`,
    },
    {
      rate:
        vertex.cpuMs > 0 && vertex.capacity === undefined
          ? (cores * 1_000) / vertex.cpuMs
          : Number.POSITIVE_INFINITY,
      why: `${cores} cores can do`,
    },
    { rate: leftByDemand(vertex, most), why: `its busy demand leaves to ${most}` },
    { rate: vertex.cap ?? Number.POSITIVE_INFINITY, why: "its cap lets through" },
  ];
  return limits.reduce((least, limit) => (limit.rate < least.rate ? limit : least));
}

/** What its subtasks read at most; a measured capacity may be larger with fewer of them. */
function mostRead(vertex: VertexSpec, load: Arrivals, most: number): number {
  const { capacity } = vertex;
  if (capacity === undefined) {
    return 1_000 / (vertex.cpuMs + vertex.waitMs) / hottestShare(vertex, load, most);
  }
  const tried = [most, ...capacity.map(([parallelism]) => parallelism).filter((p) => p < most)];
  return Math.max(...tried.map((p) => capacityAt(capacity, p) / p / hottestShare(vertex, load, p)));
}

/** Too few subtasks for what keeps them busy read only a part. */
function leftByDemand({ busyDemand }: VertexSpec, most: number): number {
  const demand = busyDemand === undefined ? 0 : loadOf(busyDemand.subtasks).meanRate;
  return busyDemand === undefined || demand <= most
    ? Number.POSITIVE_INFINITY
    : (busyDemand.records * most) / demand;
}

/**
 * Share of the whole load that the hottest of `p` subtasks has at least. A source's is that of its heaviest
 * partition; keys come in key groups: of 128, the hottest of 100 subtasks has 2/128.
 */
function hottestShare(vertex: VertexSpec, load: Arrivals, p: number): number {
  const even = 1 / p;
  if (vertex.source !== undefined) {
    const weights = vertex.source.weights ?? Array.from({ length: vertex.source.partitions }, () => 1);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
    return Math.max(even, heaviest / sum);
  }
  if (load.total === 0) return even;
  const spread = load.hashed - load.hot;
  const groups = Math.ceil(vertex.maxParallelism / p) / vertex.maxParallelism;
  return Math.max(even, (load.broadcast + load.hot + spread * groups) / load.total);
}
