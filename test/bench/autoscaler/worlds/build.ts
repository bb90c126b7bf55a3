import {
  type CapacityPoint,
  capacityAt,
  type EdgePlan,
  hexId,
  type JobPlan,
  type SourcePlan,
  sharesOf,
  sharesOfLoad,
  type VertexPlan,
  type World,
} from "../../../../engine/simulated/index.ts";
import type { Instant, VertexId } from "../../../../model/index.ts";
import type { BenchWorld, LoadCurve, WorldOptions } from "../../../../sidecar/whatif/contest.ts";
import { COLLAPSED, type VertexShape, type WorldShape } from "./shape.ts";

/** Every contest begins on the same day, at midnight UTC. */
export const BENCH_EPOCH: Instant = Date.UTC(2026, 0, 5);
/** Coarse, so that a day takes seconds: pauses and checkpoints round up to it. */
const TICK_MS = 500;
const SLOTS_PER_TASK_MANAGER = 4;
/** Second to second, of every vertex, where a contest names no other. */
const NOISE = 0.05;
/** Key groups without the staircase: the published curves hold what unevenness there was. */
const KEY_GROUPS = 720;
/** A job without state is back after 5 s; one with it reads 4 GB back side by side, too. */
const RESTART = { baseMs: 4_000, startMs: 1_000, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1 };
const CHECKPOINTS = {
  intervalMs: 10_000,
  timeoutMs: 600_000,
  minPauseMs: 0,
  unaligned: false,
  syncMs: 10,
  // Incremental ones upload little of the state.
  bytesPerSecond: 1e9,
};

/** Id of a vertex by its world and its name there: 32 hex digits, as Flink has them. */
export const vertexIdIn = (world: string, vertex: string): VertexId => hexId("vertex", world, vertex);

const pointsOf = ({ capacity }: VertexShape): readonly CapacityPoint[] =>
  typeof capacity === "number" ? [[1, capacity]] : capacity;

/** The world that a shape describes, with what can be said of it beforehand. */
export function benchWorld(shape: WorldShape): BenchWorld {
  const { name, title, fullRate, maxParallelism, ownLoad } = shape;
  const id = (vertex: string): VertexId => vertexIdIn(name, vertex);
  const unloaded: LoadCurve = { rateAt: () => 0, arrivedBy: () => 0 };
  const plan = jobOf(shape, unloaded, { seed: 0 });
  const arriving = new Map(shape.vertices.map((v) => [id(v.name), v.source?.share ?? 0]));
  const share = sharesOfLoad(plan, (source) => arriving.get(source) ?? 0);
  const byId = new Map(shape.vertices.map((v) => [id(v.name), v]));

  function capacityOf(vertex: VertexId, parallelism: number): number {
    const own = byId.get(vertex);
    if (own === undefined) throw new RangeError(`no vertex ${vertex} in world ${name}`);
    const each = capacityAt(pointsOf(own), parallelism) / parallelism;
    return each / hottestShare(plan, vertex, parallelism, share);
  }

  /** What carries a quarter of it all, where a contest says nothing else. */
  const atStart = Object.fromEntries(
    plan.vertices.map((v) => {
      const needed = ((share.get(v.id) ?? 0) * fullRate) / 4;
      const fits = Array.from({ length: maxParallelism }, (_, i) => i + 1).find(
        (p) => capacityOf(v.id, p) >= needed,
      );
      return [v.id, fits ?? maxParallelism];
    }),
  );

  return {
    name,
    title,
    fullRate,
    maxParallelism,
    share: Object.fromEntries(share),
    ...(ownLoad === undefined ? {} : { ownLoad }),
    world: (load, options) =>
      worldOf(shape, load, { ...options, parallelism: { ...atStart, ...options.parallelism } }),
    capacityOf,
  };
}

/** Part of a vertex's records that its hottest subtask reads: by partitions or by key groups. */
function hottestShare(
  job: JobPlan,
  vertex: VertexId,
  parallelism: number,
  load: ReadonlyMap<VertexId, number>,
): number {
  const plan = job.vertices.find((v) => v.id === vertex);
  if (plan?.source !== undefined)
    return Math.ceil(plan.source.partitions / parallelism) / plan.source.partitions;
  const reads = new Float64Array(parallelism);
  let total = 0;
  for (const edge of job.edges.filter((e) => e.to === vertex)) {
    const rate = (load.get(edge.from) ?? 0) * edge.selectivity;
    const shares = sharesOf(edge, parallelism, plan?.maxParallelism ?? KEY_GROUPS);
    for (let t = 0; t < parallelism; t++)
      reads[t] = (reads[t] ?? 0) + rate * (shares?.[t] ?? 1 / parallelism);
    total += rate;
  }
  return total > 0 ? Math.max(...reads) / total : 1 / parallelism;
}

function worldOf(shape: WorldShape, load: LoadCurve, options: WorldOptions): World {
  const slots = options.slots ?? shape.maxParallelism;
  const perMachine = Math.min(SLOTS_PER_TASK_MANAGER, slots);
  const slotsPerTaskManager = slots % perMachine === 0 ? perMachine : 1;
  return {
    epoch: BENCH_EPOCH,
    seed: options.seed,
    tickMs: options.tickMs ?? TICK_MS,
    cluster: {
      flinkVersion: "2.3.0",
      scheduler: "adaptive",
      taskManagers: slots / slotsPerTaskManager,
      slotsPerTaskManager,
      // A slot has a core for each of its tasks: what cores cost is in the published curves.
      coresPerTaskManager: slotsPerTaskManager * shape.vertices.length,
      segmentBytes: shape.segmentBytes ?? 32_768,
      fetcherIntervalMs: options.fetcherMs ?? 2_000,
      refreshIntervalMs: 3_000,
      rescaleCooldownMs: 30_000,
      rescaleMaxDelayMs: 15_000,
      heartbeatTimeoutMs: 50_000,
    },
    jobs: [jobOf(shape, load, options)],
    trouble: options.trouble ?? [],
  };
}

function jobOf(shape: WorldShape, load: LoadCurve, options: WorldOptions): JobPlan {
  const { pauseMs } = options;
  return {
    id: hexId("job", shape.name),
    name: shape.name,
    vertices: shape.vertices.map((v) => vertexOf(shape, v, load, options)),
    edges: shape.edges.map(
      (edge): EdgePlan => ({
        from: vertexIdIn(shape.name, edge.from),
        to: vertexIdIn(shape.name, edge.to),
        ship: edge.ship,
        selectivity: edge.selectivity ?? 1,
        recordBytes: edge.recordBytes,
        hotShare: edge.ship === "HASH" ? (options.hotShare ?? 0) : 0,
      }),
    ),
    checkpoints: CHECKPOINTS,
    // A pause that is given is the whole of it.
    restart:
      pauseMs === undefined
        ? RESTART
        : { ...RESTART, baseMs: pauseMs, startMs: 0, bytesPerSecond: Number.MAX_VALUE },
  };
}

function vertexOf(world: WorldShape, shape: VertexShape, load: LoadCurve, options: WorldOptions): VertexPlan {
  const id = vertexIdIn(world.name, shape.name);
  return {
    id,
    name: shape.source === undefined ? shape.name : `Source: ${shape.name}`,
    parallelism: options.parallelism?.[id] ?? 1,
    maxParallelism: shape.keyGroups ?? KEY_GROUPS,
    slotSharingGroup: "default",
    cpuMs: 1,
    waitMs: 0,
    capacity: pointsOf(shape),
    noise: options.noise ?? NOISE,
    subtaskNoise: 0,
    attemptNoise: shape.attemptNoise,
    collapse:
      shape.collapseChance === undefined ? undefined : { chance: shape.collapseChance, to: COLLAPSED },
    busyDemand: shape.busyDemand?.(load),
    cap: options.caps?.[id],
    window: shape.windowMs === undefined ? undefined : { sizeMs: shape.windowMs },
    stateBytes: shape.stateBytes ?? 0,
    source: shape.source === undefined ? undefined : sourceOf(shape.source, load),
  };
}

function sourceOf(
  { share, partitions, constantRate }: NonNullable<VertexShape["source"]>,
  load: LoadCurve,
): SourcePlan {
  const weights = Array.from({ length: partitions }, () => 1 / partitions);
  const own: LoadCurve =
    constantRate === undefined
      ? { rateAt: (ms) => share * load.rateAt(ms), arrivedBy: (ms) => share * load.arrivedBy(ms) }
      : { rateAt: () => constantRate, arrivedBy: (ms) => (Math.max(0, ms) * constantRate) / 1_000 };
  return { partitions, weights, load: own, reportsPending: true };
}
