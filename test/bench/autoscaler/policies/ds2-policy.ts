import {
  inputsOf,
  type JobReadout,
  type Parallelism,
  topologicalOrder,
  type VertexId,
} from "../../../../model/index.ts";
import type { Entrant } from "../../../../sidecar/whatif/contest.ts";
import { type Ds2Operator, ds2Parallelism } from "./ds2.ts";
import { type CounterLook, countersOf, type Moved, movedBetween } from "./rates.ts";

/** The knobs of the published code, with its defaults. */
const POLICY_INTERVAL_MS = 10_000;
const WARM_UP_INTERVALS = 2;
/** Stands for the queue before a source in the graph that DS2 sees. */
const OUTSIDE = "outside:";

/**
 * DS2 with its published settings: a decision every 10 s, two intervals of warm-up after a rescale, activation after one,
 * no over-provisioning. Useful time is Flink's busy time, by counters. Its sources are generators of a known rate; here a
 * source is an operator behind a queue, whose rate is what arrives: records read plus growth of those that wait.
 */
export const ds2: Entrant = {
  name: "ds2",
  withoutHistory: true,
  create: ({ passMs, minParallelism, maxParallelism }) => {
    let before: CounterLook | undefined;
    let intervals = 0;
    return {
      name: "ds2",
      passMs,
      pass(readout) {
        if (readout.state !== "RUNNING") return undefined;
        const looked = countersOf(readout);
        if (before !== undefined && before.runningSince !== looked.runningSince) {
          before = undefined;
          intervals = 0;
        }
        if (before !== undefined && looked.at - before.at < POLICY_INTERVAL_MS) return undefined;
        const previous = before;
        before = looked;
        if (previous === undefined) return undefined;
        intervals += 1;
        if (intervals <= WARM_UP_INTERVALS) return undefined;
        const wish = wishOf(readout, previous, looked);
        if (wish === undefined) return undefined;
        const bounded = Object.entries(wish).map(([id, p]) => {
          const most = readout.graph.vertices.find((v) => v.id === id)?.maxParallelism ?? maxParallelism;
          return [id, Math.min(maxParallelism, most, Math.max(minParallelism, p))] as const;
        });
        return Object.fromEntries(bounded);
      },
    };
  },
};

/** Undefined while any rate is missing: DS2 has no answer then. */
function wishOf(readout: JobReadout, before: CounterLook, now: CounterLook): Parallelism | undefined {
  const { graph } = readout;
  const operators: Ds2Operator[] = [];
  const arriving: Record<VertexId, number> = {};
  for (const vertex of topologicalOrder(graph)) {
    const moved = movedBetween(before, now, vertex.id);
    // A vertex that did nothing has shown no rate.
    if (moved === undefined || moved.busy <= 0) return undefined;
    const inputs = inputsOf(graph, vertex.id).map((e) => e.from);
    const outside = `${OUTSIDE}${vertex.id}`;
    if (inputs.length === 0) arriving[outside] = sourceRate(readout, before, now, moved);
    operators.push({
      id: vertex.id,
      inputs: inputs.length === 0 ? [outside] : inputs,
      processing: moved.read / moved.busy,
      output: moved.written / moved.busy,
    });
  }
  return ds2Parallelism(operators, arriving);
}

/** The growth of what waits is split over the sources as their reading is. */
function sourceRate(readout: JobReadout, before: CounterLook, now: CounterLook, moved: Moved): number {
  if (before.pending === undefined || now.pending === undefined) return moved.read;
  const all = Object.keys(readout.sources).reduce(
    (sum, id) => sum + (movedBetween(before, now, id)?.read ?? 0),
    0,
  );
  const growth = (now.pending - before.pending) / moved.seconds;
  return Math.max(0, moved.read + (all > 0 ? (growth * moved.read) / all : 0));
}
