import type { Instant, Milliseconds, VertexId } from "../../../model/index.ts";
import type { ClusterView, JobView, VertexView } from "../view.ts";
import type { Trouble } from "../world.ts";

/** What the world's trouble does to the protocols now; trouble of the physics is not here. */
export interface Troubles {
  /** The vertex registers no metrics. */
  metricsMissing(job: JobView, vertex: VertexView): boolean;
  /** How long every reply takes, in virtual time; 0 without trouble. */
  restDelayMs(): Milliseconds;
  /** The status that every request gets; undefined without trouble. */
  restStatus(): number | undefined;
}

/** `trouble` counts from the cluster's epoch. Where two of a kind overlap, the later one of the list rules. */
export function createTroubles(cluster: ClusterView, trouble: readonly Trouble[]): Troubles {
  const since = (at: Instant): Milliseconds => at - cluster.epoch;
  const active = <T extends { atMs: Milliseconds; forMs: Milliseconds }>(
    list: readonly T[],
  ): readonly T[] => {
    const ms = since(cluster.now());
    return list.filter((t) => t.atMs <= ms && ms < t.atMs + t.forMs);
  };
  const missing = trouble.filter((t) => t.kind === "metrics-missing");
  const slow = trouble.filter((t) => t.kind === "rest-slow");
  const failing = trouble.filter((t) => t.kind === "rest-fails");
  return {
    metricsMissing: (job, vertex) =>
      missing.length > 0 &&
      active(missing).some((t) => t.job === job.plan.name && isMeant(t.vertex, vertex.id, vertex.plan.name)),
    restDelayMs: () => active(slow).at(-1)?.delayMs ?? 0,
    restStatus: () => active(failing).at(-1)?.status,
  };
}

const isMeant = (meant: string | undefined, id: VertexId, name: string): boolean =>
  meant === undefined || meant === id || meant === name;
