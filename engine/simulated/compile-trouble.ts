import type { VertexId } from "../../model/index.ts";
import { vertexIdOf } from "./ids.ts";
import type { TroubleSpec } from "./trouble-schema.ts";
import type { Trouble } from "./world.ts";
import type { JobSpec } from "./world-schema.ts";

/** Names of vertices become their ids, where the jobs are given; the name of a job stays. */
export function compileTrouble(trouble: TroubleSpec, jobs: readonly JobSpec[]): Trouble {
  const { at: atMs, ...t } = trouble;
  const vertexOf = (job: string, key: string): VertexId => {
    const spec = jobs.find((j) => j.name === job);
    return spec === undefined ? key : vertexIdOf(spec, key);
  };
  switch (t.kind) {
    case "task-manager-lost":
      return { atMs, kind: t.kind, taskManager: t.taskManager, backAfterMs: t.backAfter };
    case "job-manager-lost":
      return { atMs, kind: t.kind, backAfterMs: t.backAfter };
    case "job-exception":
      return { ...t, atMs, vertex: vertexOf(t.job, t.vertex) };
    case "poison-record":
      return { ...t, atMs, vertex: vertexOf(t.job, t.vertex), source: vertexOf(t.job, t.source) };
    case "restart-loop": {
      const { every: everyMs, for: forMs, ...rest } = t;
      return { ...rest, atMs, everyMs, forMs, vertex: vertexOf(t.job, t.vertex) };
    }
    case "checkpoints-fail":
      return { atMs, kind: t.kind, job: t.job, forMs: t.for };
    case "snapshot-damaged":
      return { ...t, atMs };
    case "storage-down":
      return { atMs, kind: t.kind, forMs: t.for };
    case "sink-slow":
      return { atMs, kind: t.kind, job: t.job, vertex: vertexOf(t.job, t.vertex), cap: t.cap, forMs: t.for };
    case "memory-pressure": {
      const { taskManager, gcShare, heapShare, for: forMs } = t;
      return { atMs, kind: t.kind, taskManager, gcShare, heapShare, forMs };
    }
    case "metrics-missing": {
      const vertex = t.vertex === undefined ? undefined : vertexOf(t.job, t.vertex);
      return { atMs, kind: t.kind, job: t.job, vertex, forMs: t.for };
    }
    case "rest-slow":
      return { atMs, kind: t.kind, delayMs: t.delay, forMs: t.for };
    case "rest-fails":
      return { atMs, kind: t.kind, status: t.status, forMs: t.for };
  }
}
