import type { VertexInputs } from "../model/index.ts";
import { hotKeyShare, hotShareAt } from "./capacity.ts";

/** Subtasks that relieve the hottest one by less than this, all together, are not worth their slots. */
const NEARLY = 1.1;

/**
 * The most subtasks that are of use to a vertex with a hot key: the fewest, not below the present ones, with which the
 * hottest subtask reads at most 10 % more than with `max`. Without a hot key that is `max`. Example: 60 % of the records
 * have one key, max 128: 7 subtasks, whose hottest reads 66 %; 128 would bring it to 60 %. O(1 ÷ share of the key).
 */
export function usefulMost(vertex: VertexInputs, max: number): number {
  if (hotKeyShare(vertex) === 0) return max;
  const enough = NEARLY * hotShareAt(vertex, max);
  for (let p = Math.max(1, vertex.parallelism); p < max; p++) {
    if (hotShareAt(vertex, p) <= enough) return p;
  }
  return max;
}
