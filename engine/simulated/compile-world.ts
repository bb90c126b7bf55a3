import { createHash } from "node:crypto";
import type { Instant, VertexId } from "../../model/index.ts";
import type { CheckpointPlan, ClusterPlan, EdgePlan, JobPlan, Trouble, VertexPlan, World } from "./world.ts";
import { loadOf } from "./world-load.ts";
import { inOrder } from "./world-order.ts";
import type { ClusterSpec, JobSpec, TroubleSpec, VertexSpec, WorldSpec } from "./world-schema.ts";

/** The world of a spec that has been checked, in run-time units. */
export function compileWorld(spec: WorldSpec, seed: number, epoch: Instant): World {
  return {
    epoch,
    seed,
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
    },
  };
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
    noise: v.noise,
    subtaskNoise: v.subtaskNoise,
    cap: v.cap,
    window: v.window === undefined ? undefined : { sizeMs: v.window },
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

const SHIPS = { rebalance: "REBALANCE", hash: "HASH", forward: "FORWARD" } as const;

/** Names of vertices become their ids; the name of a job stays. */
function compileTrouble(trouble: TroubleSpec, jobs: readonly JobSpec[]): Trouble {
  const { at: atMs, ...t } = trouble;
  switch (t.kind) {
    case "task-manager-lost":
      return { atMs, kind: t.kind, taskManager: t.taskManager, backAfterMs: t.backAfter };
    case "job-exception":
      return { ...t, atMs, vertex: vertexIn(jobs, t.job, t.vertex) };
    case "checkpoints-fail":
      return { atMs, kind: t.kind, job: t.job, forMs: t.for };
    case "sink-slow":
      return {
        atMs,
        kind: t.kind,
        job: t.job,
        vertex: vertexIn(jobs, t.job, t.vertex),
        cap: t.cap,
        forMs: t.for,
      };
    case "metrics-missing": {
      const vertex = t.vertex === undefined ? undefined : vertexIn(jobs, t.job, t.vertex);
      return { atMs, kind: t.kind, job: t.job, vertex, forMs: t.for };
    }
    case "rest-slow":
      return { atMs, kind: t.kind, delayMs: t.delay, forMs: t.for };
    case "rest-fails":
      return { atMs, kind: t.kind, status: t.status, forMs: t.for };
  }
}

function vertexIn(jobs: readonly JobSpec[], job: string, key: string): VertexId {
  const spec = jobs.find((j) => j.name === job);
  return spec === undefined ? key : vertexIdOf(spec, key);
}

const vertexIdOf = (job: JobSpec, key: string): VertexId =>
  job.vertices[key]?.id ?? hexId("vertex", job.name, key);

/** 32 hex digits that are always the same for the same words. */
function hexId(...words: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 32);
}
