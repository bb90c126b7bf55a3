import type { World } from "../../engine/simulated/index.ts";
import type { Parallelism, VertexId } from "../../model/index.ts";
import type { BenchWorld } from "./contest.ts";

/**
 * Records per second at all sources together that a job carries with a parallelism: the narrowest vertex sets it.
 * From the world's true mean capacities, its external caps and hot keys; noise is left out. What the referee knows
 * and no policy does.
 */
export function jobCapacity(
  bench: Pick<BenchWorld, "capacityOf" | "share">,
  world: Pick<World, "jobs">,
): (parallelism: Parallelism) => number {
  const job = world.jobs[0];
  if (job === undefined) throw new TypeError("a contest has a job");
  const vertices = job.vertices.map(({ id, cap }) => {
    const inputs = job.edges.filter((e) => e.to === id && e.ship === "HASH");
    return { id, cap: cap ?? Number.POSITIVE_INFINITY, hot: Math.max(0, ...inputs.map((e) => e.hotShare)) };
  });
  const known = new Map<string, number>();
  const of = ({ id, cap, hot }: (typeof vertices)[number], p: number): number => {
    const share = bench.share[id] ?? 0;
    return share <= 0 ? Number.POSITIVE_INFINITY : Math.min(cap, skewed(bench, id, p, hot)) / share;
  };
  return (parallelism) => {
    let least = Number.POSITIVE_INFINITY;
    for (const vertex of vertices) {
      const p = parallelism[vertex.id] ?? 1;
      const key = `${vertex.id}/${p}`;
      const capacity = known.get(key) ?? of(vertex, p);
      known.set(key, capacity);
      least = Math.min(least, capacity);
    }
    return least;
  };
}

/** One key with a share `hot` of all records: its subtask gets that and its part of the rest. */
function skewed(bench: Pick<BenchWorld, "capacityOf">, id: VertexId, p: number, hot: number): number {
  const even = bench.capacityOf(id, p);
  return hot <= 0 ? even : even / (1 + hot * (p - 1));
}

/** The smallest parallelism of every vertex, within `most`, with which the job carries `rate` on its mean capacity. */
export function parallelismFor(
  bench: Pick<BenchWorld, "capacityOf" | "share">,
  world: Pick<World, "jobs">,
  rate: number,
  most: number,
): Parallelism {
  const job = world.jobs[0];
  if (job === undefined) throw new TypeError("a contest has a job");
  return Object.fromEntries(
    job.vertices.map(({ id, maxParallelism }) => {
      const bound = Math.max(1, Math.min(most, maxParallelism));
      const share = bench.share[id] ?? 0;
      let p = 1;
      while (p < bound && bench.capacityOf(id, p) < rate * share) p += 1;
      return [id, p];
    }),
  );
}
