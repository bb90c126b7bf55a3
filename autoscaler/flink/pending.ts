import type { Instant, Parallelism, VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { closeRestart, trimRestarts } from "./restart-times.ts";
import type { FlinkReadout } from "./sample-of.ts";
import type { JobVerdict } from "./scale-job.ts";
import { remember, type ScalingEntry, storedRate } from "./scaling-history.ts";
import type { FlinkState, Pending } from "./state.ts";

/** What is remembered of a decision if it is carried out. */
export function pendingOf(verdict: JobVerdict, target: Parallelism, now: Instant): Pending {
  const entries: Record<VertexId, ScalingEntry> = {};
  for (const [id, s] of Object.entries(verdict.summaries)) {
    const { from, to } = s;
    const rates = {
      trueProcessingRate: storedRate(s.trueProcessingRate),
      expectedRate: storedRate(s.expectedRate),
    };
    entries[id] = { at: now, from, to, ...rates };
  }
  return { at: now, target, entries };
}

/** A rescale is remembered: history, a restart to be measured, what is asked for from now on; nothing waits any more. */
export function commit(state: FlinkState, pending: Pending, options: FlinkOptions): FlinkState {
  const { at, target, entries } = pending;
  const changed = Object.fromEntries(Object.entries(entries).map(([id, e]) => [id, e.to]));
  const restarts = [...state.restarts, { at, target: changed, tookMs: null }];
  return {
    ...state,
    pending: null,
    delayed: {},
    history: remember(state.history, entries, options, at),
    restarts: trimRestarts(restarts, options, at),
    overrides: target,
  };
}

/** Takes down what came true since the last look: the restart's length, and a decision that others carried out. */
export function settlePending(state: FlinkState, readout: FlinkReadout, options: FlinkOptions): FlinkState {
  const actual = actualOf(readout);
  const { pending } = state;
  const came =
    pending !== null &&
    readout.runningSince > pending.at &&
    Object.entries(pending.target).every(([id, p]) => actual[id] === p);
  const known = came ? commit(state, pending, options) : state;
  return { ...known, restarts: closeRestart(known.restarts, actual, readout.runningSince) };
}

const actualOf = (readout: FlinkReadout): Parallelism =>
  Object.fromEntries(readout.topology.map((v) => [v.id, v.parallelism]));
