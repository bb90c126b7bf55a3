import { type Instant, locationText, parseDuration, parseLocation } from "../../model/index.ts";
import { compileTrouble } from "./compile-trouble.ts";
import { hexId, vertexIdOf } from "./ids.ts";
import type { VertexSpec } from "./vertex-schema.ts";
import type {
  CheckpointPlan,
  ClusterPlan,
  EdgePlan,
  JobPlan,
  RestartStrategy,
  VertexPlan,
  World,
} from "./world.ts";
import { loadOf } from "./world-load.ts";
import { inOrder } from "./world-order.ts";
import type { ClusterSpec, JobSpec, WorldSpec } from "./world-schema.ts";

/** The world of a spec that has been checked, in run-time units. */
export function compileWorld(spec: WorldSpec, seed: number, epoch: Instant): World {
  return {
    epoch,
    seed,
    tickMs: parseDuration(spec.tick),
    cluster: compileCluster(spec.cluster),
    jobs: spec.jobs.map((job) => compileJob(job, seed)),
    trouble: spec.trouble.map((one) => compileTrouble(one, spec.jobs)).sort((a, b) => a.atMs - b.atMs),
  };
}

function compileCluster(c: ClusterSpec): ClusterPlan {
  return {
    flinkVersion: c.flinkVersion,
    scheduler: c.scheduler,
    taskManagers: c.taskManagers,
    slotsPerTaskManager: c.slotsPerTaskManager,
    coresPerTaskManager: c.coresPerTaskManager,
    segmentBytes: c.segmentSize,
    fetcherIntervalMs: c.metricsFetcherInterval,
    refreshIntervalMs: c.webRefreshInterval,
    rescaleCooldownMs: c.rescaleCooldown,
    rescaleMaxDelayMs: c.rescaleMaxDelay,
    heartbeatTimeoutMs: c.heartbeatTimeout,
    highAvailability: c.highAvailability,
    storage: storageOf(c),
  };
}

/** Directories as Flink shows them. */
function storageOf({ checkpointDirectory, savepointDirectory }: ClusterSpec): ClusterPlan["storage"] {
  if (checkpointDirectory === undefined) return undefined;
  const normal = (text: string): string => locationText(parseLocation(text));
  return {
    checkpoints: normal(checkpointDirectory),
    savepoints: savepointDirectory === undefined ? undefined : normal(savepointDirectory),
  };
}

function compileJob(job: JobSpec, seed: number): JobPlan {
  const order = inOrder(job).order.flatMap((key) => {
    const vertex = job.vertices[key];
    return vertex === undefined ? [] : [{ key, vertex }];
  });
  return {
    id: hexId("job", job.name, String(seed)),
    name: job.name,
    vertices: order.map(({ key, vertex }) => compileVertex(job, key, vertex)),
    edges: order.flatMap(({ key, vertex }) => compileEdges(job, key, vertex)),
    checkpoints: compileCheckpoints(job),
    restart: {
      baseMs: job.restart.pause,
      startMs: job.restart.start,
      bytesPerSecond: job.restart.restorePerSecond,
      warmUpMs: job.restart.warmUp,
      warmUpFactor: job.restart.warmUpFactor,
      strategy: strategyOf(job.restart),
    },
    entryClass: job.entryClass,
  };
}

function strategyOf({ strategy: kind, attempts, delay }: JobSpec["restart"]): RestartStrategy | undefined {
  if (kind === undefined) return undefined;
  if (kind === "fixed-delay") return { kind, attempts: attempts ?? 1, delayMs: delay };
  return kind === "none" ? { kind } : { kind, attempts };
}

function compileCheckpoints({ checkpoints }: JobSpec): CheckpointPlan | undefined {
  if (checkpoints === undefined) return undefined;
  return {
    intervalMs: checkpoints.interval,
    timeoutMs: checkpoints.timeout,
    minPauseMs: checkpoints.minPause,
    unaligned: checkpoints.unaligned,
    syncMs: checkpoints.sync,
    bytesPerSecond: checkpoints.uploadPerSecond,
    kept: {
      retained: checkpoints.retained,
      retention: checkpoints.retention,
      incremental: checkpoints.incremental,
    },
  };
}

function compileVertex(job: JobSpec, key: string, v: VertexSpec): VertexPlan {
  return {
    id: vertexIdOf(job, key),
    name: v.name ?? (v.source === undefined ? key : `Source: ${key}`),
    parallelism: v.parallelism,
    maxParallelism: v.maxParallelism,
    slotSharingGroup: v.slotSharingGroup,
    cpuMs: v.cpuMs,
    waitMs: v.waitMs,
    capacity: v.capacity,
    noise: v.noise,
    subtaskNoise: v.subtaskNoise,
    attemptNoise: v.attemptNoise,
    collapse: v.collapse,
    busyDemand: v.busyDemand && {
      subtasks: loadOf(v.busyDemand.subtasks),
      recordsPerSecond: v.busyDemand.records,
    },
    cap: v.cap,
    window: v.window === undefined ? undefined : { sizeMs: v.window, keys: v.windowKeys },
    stateBytes: v.state,
    source: v.source === undefined ? undefined : compileSource(v.source),
  };
}

function compileSource({ partitions, weights, load, reportsPending }: NonNullable<VertexSpec["source"]>) {
  const shares = weights ?? Array.from({ length: partitions }, () => 1);
  const sum = shares.reduce((total, share) => total + share, 0);
  return { partitions, weights: shares.map((share) => share / sum), load: loadOf(load), reportsPending };
}

function compileEdges(job: JobSpec, to: string, vertex: VertexSpec): readonly EdgePlan[] {
  return Object.entries(vertex.from ?? {}).map(([from, edge]) => ({
    from: vertexIdOf(job, from),
    to: vertexIdOf(job, to),
    ship: SHIPS[edge.ship],
    selectivity: edge.selectivity,
    recordBytes: edge.recordBytes,
    hotShare: edge.hotShare,
  }));
}

const SHIPS = {
  rebalance: "REBALANCE",
  hash: "HASH",
  forward: "FORWARD",
  broadcast: "BROADCAST",
} as const;
