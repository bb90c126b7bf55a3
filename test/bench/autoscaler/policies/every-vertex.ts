import type { Graph, Parallelism } from "../../../../model/index.ts";
import type { BenchWorld, ContestSetup } from "../../../../sidecar/whatif/contest.ts";
import { smallestFor } from "../../../../sidecar/whatif/static-size.ts";

/** What policies that know slots only, and no vertices, make of a job: every vertex as large as the slots allow. */
export function everyVertex(graph: Graph, slots: number): Parallelism {
  return Object.fromEntries(graph.vertices.map((v) => [v.id, Math.min(slots, v.maxParallelism)]));
}

/** Slots of a job of that kind: its largest parallelism. */
export const largestOf = (graph: Graph): number => Math.max(1, ...graph.vertices.map((v) => v.parallelism));

/** The same parallelism for every vertex of a world: the least with which it carries `rate` at this share of its capacity. */
export function uniformFor(bench: BenchWorld, rate: number, utilization: number): Parallelism {
  const most = Math.max(...Object.values(smallestFor(bench, rate, utilization)));
  return Object.fromEntries(Object.keys(bench.share).map((id) => [id, most]));
}

/** Where policies of one size for all begin: what carries the first minutes at 70 %, as the other policies do. */
export function uniformStart({ bench, load }: Pick<ContestSetup, "bench" | "load">): Parallelism {
  return uniformFor(bench, (load.arrivedBy(START_MS) / START_MS) * 1_000, START_UTILIZATION);
}

const START_MS = 10 * 60_000;
const START_UTILIZATION = 0.7;
