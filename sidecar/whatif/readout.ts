import { createJobReader, type FlinkRest, type JobReader } from "../../engine/index.ts";
import { type MachinePressure, machinePressure, type Simulation } from "../../engine/simulated/index.ts";
import { Failure, type FlinkJobId, type Instant, TASK_METRICS, type VertexId } from "../../model/index.ts";
import { MetricLook, type VertexLook } from "./look.ts";

type Job = Simulation["jobs"][number];
type JobReply = Awaited<ReturnType<FlinkRest["job"]>>;
type CheckpointsReply = Awaited<ReturnType<FlinkRest["checkpoints"]>>;

/** A reader of the one job of a simulation, in process. */
export interface SimulatedReader extends JobReader {
  /** Asks the metric store without reading, as another pass would have done: the next fetch begins if it is due. */
  touch(): void;
}

/**
 * The product's own job reader over replies that are made in process: what it says is what it would say over HTTP at
 * the same moment, without the cost of a server. Only what the reader asks for is there; anything else is answered
 * with `not-supported`, which it treats as absent. Make it before the simulation's time moves.
 */
export function createSimulatedReader(simulation: Simulation): SimulatedReader {
  const metrics = new MetricLook(simulation);
  const replies = repliesOf(simulation, metrics);
  const rest = new Proxy(replies, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (async () => {
        throw new Failure("not-supported", `cannot ask a what-if: got ${String(name)}; expected a readout`);
      }),
  });
  // The reader's own needs are all in `replies`; the rest of the client is refused above.
  const reader = createJobReader(rest as unknown as FlinkRest, { now: () => simulation.now() });
  return { ...reader, touch: () => void metrics.look() };
}

/** A cached copy of the job's graph, as Flink answers `/jobs/:id` from. */
interface GraphCopy {
  readonly at: Instant;
  readonly state: Job["state"];
  readonly timestamps: Job["timestamps"];
  readonly vertices: readonly { readonly startedAt: Instant; readonly parallelism: number }[];
  readonly checkpoints: CheckpointsReply;
}

function repliesOf(simulation: Simulation, metrics: MetricLook) {
  const { plan } = simulation;
  const clockNames = [TASK_METRICS.busyMs, TASK_METRICS.idleMs, TASK_METRICS.backPressuredMs];
  let copy: GraphCopy | undefined;
  const graph = (job: Job): GraphCopy => {
    const now = simulation.now();
    if (copy === undefined || now - copy.at >= plan.refreshIntervalMs) copy = copyOf(job, now);
    return copy;
  };
  return {
    jobs: async () =>
      simulation.jobs.map(({ id, name, state, startTime }) => ({ flinkJobId: id, name, state, startTime })),
    config: async () => ({
      "flink-version": plan.flinkVersion,
      features: { "web-rescale": isAdaptive(plan) },
    }),
    overview: async () => ({
      "slots-total": simulation.taskManagers.reduce((sum, t) => sum + t.slots, 0),
      "slots-available": simulation.taskManagers.reduce((sum, t) => sum + t.freeSlots, 0),
    }),
    job: async (id: FlinkJobId) => {
      const job = jobOf(simulation, id);
      return jobReply(simulation, job, graph(job), metrics);
    },
    checkpoints: async (id: FlinkJobId) => {
      const job = jobOf(simulation, id);
      if (job.plan.checkpoints === undefined) throw notFound("checkpoints", id);
      return graph(job).checkpoints;
    },
    checkpointsConfig: async (id: FlinkJobId) => {
      const { checkpoints } = jobOf(simulation, id).plan;
      if (checkpoints === undefined) throw notFound("checkpoint settings", id);
      return { mode: "exactly_once", interval: checkpoints.intervalMs, timeout: checkpoints.timeoutMs };
    },
    getRequirements: async (id: FlinkJobId) => {
      const { requirements } = jobOf(simulation, id);
      if (requirements === undefined)
        throw new Failure("not-supported", `cannot read the requirements of job ${id}: it is not adaptive`);
      return requirements;
    },
    subtaskMetricNames: async (id: FlinkJobId, vertex: VertexId) => {
      const plan = jobOf(simulation, id).plan.vertices.find((v) => v.id === vertex);
      if (!metrics.look().vertices.has(vertex)) return [];
      const source = plan?.source;
      const pending = source?.reportsPending === true ? ["Source__.pendingRecords"] : [];
      // Flink 2 names the splits, by which the reader counts the partitions.
      const splits =
        source !== undefined && isVersion2(simulation) ? Array.from(source.weights, splitName) : [];
      return [
        ...clockNames,
        ...(source === undefined ? [] : ["Source__.numRecordsIn", ...pending]),
        ...splits,
      ];
    },
    subtaskMetrics: async (_id: FlinkJobId, vertex: VertexId, get: readonly string[]) => {
      const look = metrics.look().vertices.get(vertex);
      return new Map(look === undefined ? [] : get.map((name) => [name, aggregateOf(look, name)] as const));
    },
    // As it is now and without the sawtooth of a heap between two collections.
    tmMetrics: async (names: readonly string[]) => {
      const machines = simulation.taskManagers.filter((t) => t.alive).map(machinePressure);
      if (machines.length === 0) return new Map();
      return new Map(names.map((name) => [name, spreadOf(machines.map((m) => machineMetric(m, name)))]));
    },
    vertexDetails: async (id: FlinkJobId, vertex: VertexId) => {
      const job = jobOf(simulation, id);
      const index = job.plan.vertices.findIndex((v) => v.id === vertex);
      const { startedAt, parallelism = 0 } = graph(job).vertices[index] ?? {};
      const look = metrics.look().vertices.get(vertex);
      const known = look?.startedAt === startedAt ? look : undefined;
      const complete = known !== undefined;
      return {
        id: vertex,
        subtasks: Array.from({ length: parallelism }, (_, subtask) => ({
          subtask,
          metrics: { "read-records": known?.reads[subtask] ?? 0, "read-records-complete": complete },
        })),
      };
    },
  };
}

function machineMetric(machine: MachinePressure, name: string): number {
  if (name.endsWith("GarbageCollector.All.TimeMsPerSecond")) return machine.gcShare * 1_000;
  if (name.endsWith("Heap.Used")) return machine.heapShare;
  return name.endsWith("Heap.Max") ? 1 : machine.cpuLoad;
}

const spreadOf = (values: readonly number[]) => ({ max: Math.max(...values), min: Math.min(...values) });

const splitName = (_: number, partition: number): string =>
  `Source__.split.part-${partition}.watermark.currentWatermark`;

const isVersion2 = (simulation: Simulation): boolean =>
  Number.parseInt(simulation.plan.flinkVersion, 10) >= 2;

const isAdaptive = (plan: Simulation["plan"]): boolean => plan.scheduler === "adaptive";

const notFound = (what: string, id: FlinkJobId): Failure =>
  new Failure("not-found", `cannot read ${what}; got job ${id}; expected the job of the what-if`);

function jobOf(simulation: Simulation, id: FlinkJobId): Job {
  const job = simulation.jobs.find((j) => j.id === id);
  if (job === undefined) throw notFound("the job", id);
  return job;
}

function copyOf(job: Job, at: Instant): GraphCopy {
  const { triggered, completed, failed, inProgress, latestCompleted } = job.checkpoints;
  return {
    at,
    state: job.state,
    timestamps: { ...job.timestamps },
    vertices: job.vertices.map(({ startedAt, parallelism }) => ({ startedAt, parallelism })),
    checkpoints: {
      counts: { restored: 0, total: triggered, in_progress: inProgress, completed, failed },
      latest: {
        completed: latestCompleted && {
          id: latestCompleted.id,
          status: "COMPLETED",
          is_savepoint: latestCompleted.isSavepoint,
          trigger_timestamp: latestCompleted.triggeredAt,
          latest_ack_timestamp: latestCompleted.endedAt ?? -1,
          end_to_end_duration: latestCompleted.durationMs ?? 0,
          external_path: latestCompleted.path,
        },
      },
      history: [],
    },
  };
}

function jobReply(simulation: Simulation, job: Job, graph: GraphCopy, metrics: MetricLook): JobReply {
  const fetched = metrics.look().vertices;
  return {
    jid: job.id,
    name: job.name,
    state: graph.state,
    "start-time": job.startTime,
    now: simulation.now(),
    timestamps: { ...graph.timestamps },
    ...(isVersion2(simulation)
      ? { schedulerType: isAdaptive(simulation.plan) ? "Adaptive" : "Default" }
      : {}),
    vertices: job.plan.vertices.map((plan, i) => {
      const copied = graph.vertices[i];
      const look = fetched.get(plan.id);
      const known = look?.startedAt === copied?.startedAt ? look : undefined;
      return {
        id: plan.id,
        name: plan.name,
        maxParallelism: plan.maxParallelism,
        parallelism: copied?.parallelism ?? plan.parallelism,
        status: graph.state,
        slotSharingGroupId: plan.slotSharingGroup,
        metrics: ioMetricsOf(simulation, job, plan, known),
      };
    }),
    plan: {
      nodes: job.plan.vertices.map(({ id }) => ({
        id,
        inputs: job.plan.edges
          .filter((e) => e.to === id)
          .map((e) => ({ id: e.from, ship_strategy: e.ship as string })),
      })),
    },
  };
}

/** Zeros marked as incomplete where the store knows nothing of this attempt, as Flink answers. */
function ioMetricsOf(
  simulation: Simulation,
  job: Job,
  plan: Job["plan"]["vertices"][number],
  look: VertexLook | undefined,
): JobReply["vertices"][number]["metrics"] {
  const isSink = !job.plan.edges.some((e) => e.from === plan.id);
  const countsReads = plan.source === undefined || isVersion2(simulation);
  const complete = look !== undefined;
  return {
    "read-records": countsReads ? sum(look?.reads ?? []) : 0,
    "read-records-complete": complete,
    "write-records": isSink ? 0 : (look?.written ?? 0),
    "write-records-complete": complete,
    "accumulated-busy-time": look?.busyMs ?? 0,
    "accumulated-idle-time": look?.idleMs ?? 0,
    "accumulated-backpressured-time": look?.backPressuredMs ?? 0,
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Sums, and of the busy gauge the largest: the only aggregates that the reader asks for. */
function aggregateOf(look: VertexLook, name: string): { readonly sum?: number; readonly max?: number } {
  switch (name) {
    case TASK_METRICS.busyMsPerSecond:
      return { max: look.hottestBusy };
    case TASK_METRICS.busyMs:
      return { sum: look.busyMs };
    case TASK_METRICS.idleMs:
      return { sum: look.idleMs };
    case TASK_METRICS.backPressuredMs:
      return { sum: look.backPressuredMs };
    case "Source__.pendingRecords":
      return { sum: look.pending };
    default:
      return { sum: sum(look.reads) };
  }
}
