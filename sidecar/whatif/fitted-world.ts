import { capacityAt, hexId, type VertexPlan, type World } from "../../engine/simulated/index.ts";
import type { Milliseconds, Parallelism, VertexId } from "../../model/index.ts";
import type { BenchWorld, LoadCurve, WorldOptions } from "./contest.ts";
import type { FittedJob, FittedVertex } from "./fitted-job.ts";

/** Series of loads are in steps of five minutes, aligned to multiples of it. */
const EPOCH_STEP_MS: Milliseconds = 300_000;
/** Partitions of a source that tells none: many, so that they are even at any size. */
const MANY_PARTITIONS = 720;
/** Without an interval no restart may be simulated; a run without one does not notice this. */
const NO_RESTARTS_INTERVAL_MS: Milliseconds = 60_000;
const RECORD_BYTES = 200;

/** The world of a fitted job: the same graph, costs and pause, without noise. `most`: bound of every vertex. */
export function fittedBench(fitted: FittedJob, most: number): BenchWorld {
  const byId = new Map(fitted.vertices.map((v) => [v.id, v]));
  return {
    name: fitted.job,
    title: fitted.job,
    fullRate: fitted.rate,
    maxParallelism: most,
    share: Object.fromEntries(fitted.vertices.map((v) => [v.id, v.share])),
    world: (load, options) => worldOf(fitted, load, options, most),
    capacityOf(vertex, parallelism) {
      const own = byId.get(vertex);
      if (own === undefined) throw new RangeError(`no vertex ${vertex} in ${fitted.job}`);
      return capacityAt(own.capacity, parallelism) / parallelism / hottestShare(own, parallelism);
    },
  };
}

/** Part of the records that the hottest subtask reads, hot keys left out. */
function hottestShare({ source, partitions, maxParallelism }: FittedVertex, p: number): number {
  const pieces = source ? (partitions ?? MANY_PARTITIONS) : maxParallelism;
  return Math.ceil(pieces / p) / pieces;
}

export const presentParallelism = ({ vertices }: FittedJob): Parallelism =>
  Object.fromEntries(vertices.map((v) => [v.id, v.parallelism]));

function worldOf(fitted: FittedJob, load: LoadCurve, options: WorldOptions, most: number): World {
  const slots =
    options.slots ?? fitted.slots ?? most * new Set(fitted.vertices.map((v) => v.slotSharingGroup)).size;
  const parallelism = { ...presentParallelism(fitted), ...options.parallelism };
  return {
    epoch: Math.floor(fitted.at / EPOCH_STEP_MS) * EPOCH_STEP_MS,
    seed: options.seed,
    tickMs: options.tickMs,
    cluster: {
      // The pause that was measured holds the wait for a checkpoint already, which newer versions begin with.
      flinkVersion: "1.20.5",
      scheduler: "adaptive",
      taskManagers: 1,
      slotsPerTaskManager: Math.max(1, slots),
      coresPerTaskManager: Math.max(1, slots),
      segmentBytes: 32_768,
      fetcherIntervalMs: options.fetcherMs ?? 2_000,
      refreshIntervalMs: 3_000,
      rescaleCooldownMs: 0,
      rescaleMaxDelayMs: 0,
      heartbeatTimeoutMs: 50_000,
    },
    jobs: [
      {
        id: hexId("job", fitted.job),
        name: fitted.job,
        vertices: fitted.vertices.map((v) => vertexOf(fitted, v, load, parallelism)),
        edges: fitted.edges.map((e) => ({ ...e, recordBytes: RECORD_BYTES })),
        checkpoints: {
          intervalMs: fitted.checkpointIntervalMs ?? NO_RESTARTS_INTERVAL_MS,
          timeoutMs: 600_000,
          minPauseMs: 0,
          unaligned: false,
          syncMs: 0,
          bytesPerSecond: 1e12,
        },
        restart: {
          baseMs: options.pauseMs ?? fitted.restartPauseMs,
          startMs: 0,
          bytesPerSecond: Number.MAX_VALUE,
          warmUpMs: 0,
          warmUpFactor: 1,
        },
      },
    ],
    trouble: options.trouble ?? [],
  };
}

function vertexOf(
  fitted: FittedJob,
  v: FittedVertex,
  load: LoadCurve,
  parallelism: Readonly<Record<VertexId, number>>,
): VertexPlan {
  const partitions = v.partitions ?? MANY_PARTITIONS;
  const atSources = fitted.vertices.reduce((sum, each) => sum + (each.source ? each.share : 0), 0);
  const share = atSources > 0 ? v.share / atSources : 0;
  return {
    id: v.id,
    name: v.name,
    parallelism: parallelism[v.id] ?? v.parallelism,
    maxParallelism: v.maxParallelism,
    slotSharingGroup: v.slotSharingGroup,
    cpuMs: 0,
    waitMs: 1,
    capacity: v.capacity,
    noise: 0,
    subtaskNoise: 0,
    cap: v.cap ?? undefined,
    window: undefined,
    stateBytes: 0,
    source: v.source
      ? {
          partitions,
          weights: Array.from({ length: partitions }, () => 1 / partitions),
          load: {
            rateAt: (ms) => share * load.rateAt(ms),
            arrivedBy: (ms) => share * load.arrivedBy(ms),
          },
          reportsPending: true,
        }
      : undefined,
  };
}
