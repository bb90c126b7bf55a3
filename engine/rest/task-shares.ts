import { type Graph, numberOf, type VertexId, type VertexReadout } from "../../model/index.ts";
import { taskClockOf } from "./job-readings.ts";

/** Shares are taken over at least this much task time per subtask. */
const LEAST_TASK_MS = 1_000;

/** Shares of task time between two looks, mean over subtasks, 0..1. */
export interface Shares {
  readonly busy: number;
  /** Back-pressured. */
  readonly held: number;
}

/** Turns the counters of one attempt into shares. A clock that went back starts over; one that stands changes nothing. */
export function createShareMeter() {
  const counted = new Map<VertexId, VertexReadout>();
  const shares = new Map<VertexId, Shares>();

  function count(id: VertexId, parallelism: number, is: VertexReadout): void {
    const was = counted.get(id);
    const passedMs = was === undefined ? 0 : clockOf(is) - clockOf(was);
    if (was !== undefined && passedMs >= 0 && passedMs < LEAST_TASK_MS * parallelism) return;
    counted.set(id, is);
    const found = was === undefined ? undefined : sharesBetween(was, is, passedMs);
    if (found === undefined) shares.delete(id);
    else shares.set(id, found);
  }

  return function measure(
    graph: Graph,
    vertices: Readonly<Record<VertexId, VertexReadout>>,
  ): ReadonlyMap<VertexId, Shares> {
    for (const { id, parallelism } of graph.vertices) {
      const is = vertices[id];
      if (is !== undefined) count(id, parallelism, is);
    }
    return shares;
  };
}

const clockOf = (v: VertexReadout): number => numberOf(taskClockOf(v)) ?? Number.NaN;

/** `undefined` where a counter is missing or went back. */
function sharesBetween(was: VertexReadout, is: VertexReadout, passedMs: number): Shares | undefined {
  const difference = (counter: "busyMs" | "backPressuredMs"): number =>
    (numberOf(is[counter]) ?? Number.NaN) - (numberOf(was[counter]) ?? Number.NaN);
  const [busy, held] = [difference("busyMs") / passedMs, difference("backPressuredMs") / passedMs];
  return passedMs > 0 && busy >= 0 && held >= 0 ? { busy, held } : undefined;
}
