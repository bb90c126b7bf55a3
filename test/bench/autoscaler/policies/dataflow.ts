import { type Instant, isSource, type JobReadout } from "../../../../model/index.ts";
import type { Entrant } from "../../../../sidecar/whatif/contest.ts";
import { everyVertex, largestOf, uniformStart } from "./every-vertex.ts";
import { type CounterLook, countersOf, movedBetween } from "./rates.ts";

/** What the rule looks at. */
export interface DataflowLook {
  readonly workers: number;
  readonly maxWorkers: number;
  /** Records that wait, and records per second that arrive and are read. */
  readonly backlog: number;
  readonly arriving: number;
  readonly reading: number;
  /** 0..1. */
  readonly cpu: number;
}

/** Which way it leans, and since when. */
export interface DataflowLean {
  readonly up: Instant | null;
  readonly down: Instant | null;
}

/** The published rule for streaming jobs: see `dataflow`. */
export function dataflowWorkers(
  lean: DataflowLean,
  look: DataflowLook,
  now: Instant,
): { readonly lean: DataflowLean; readonly workers: number } {
  const backlogSeconds = look.backlog / Math.max(look.reading, 1e-9);
  const up = backlogSeconds >= BACKLOGGED_S && look.cpu > LEAST_CPU ? (lean.up ?? now) : null;
  const down = backlogSeconds < BACKLOGGED_S && look.cpu < TARGET_CPU ? (lean.down ?? now) : null;
  const stay = { lean: { up, down }, workers: look.workers };
  if (up !== null && now - up >= FOR_MS) {
    const needed = (look.arriving + look.backlog / DRAIN_S) / Math.max(look.reading, 1e-9);
    const workers = Math.min(look.maxWorkers, Math.ceil(look.workers * needed - ROUNDING));
    return workers > look.workers ? { lean: NO_LEAN, workers } : stay;
  }
  if (down !== null && now - down >= FOR_MS) {
    const workers = Math.max(1, Math.ceil((look.workers * look.cpu) / TARGET_CPU - ROUNDING));
    return workers < look.workers ? { lean: NO_LEAN, workers } : stay;
  }
  return stay;
}

/**
 * Google Cloud Dataflow, horizontal autoscaling of streaming jobs: backlogged for a couple of minutes with workers above
 * 20 % CPU: as many workers as clear the backlog in about 150 s; less than 10 s of backlog and CPU below 75 % for a
 * couple of minutes: as few as land at 75 %. Source: its documentation, "Horizontal autoscaling". Backlog time is
 * records waiting ÷ records read per second; "a couple of minutes" is two; all vertices take all workers.
 */
export const dataflow: Entrant = {
  name: "dataflow",
  withoutHistory: true,
  start: uniformStart,
  create: ({ passMs, maxParallelism }) => {
    let lean: DataflowLean = NO_LEAN;
    let before: CounterLook | undefined;
    return {
      name: "dataflow",
      passMs,
      pass(readout, cpu, now) {
        if (readout.state !== "RUNNING") return undefined;
        const looked = countersOf(readout);
        if (before !== undefined && looked.at - before.at < LOOK_MS) return undefined;
        const previous = before;
        before = looked;
        if (previous === undefined) return undefined;
        const rates = sourceRates(readout, previous, looked);
        if (rates === undefined) return undefined;
        const workers = largestOf(readout.graph);
        const look: DataflowLook = {
          ...rates,
          workers,
          maxWorkers: maxParallelism,
          cpu: cpu.jobShare,
        };
        const next = dataflowWorkers(lean, look, now);
        lean = next.lean;
        return next.workers === workers ? undefined : everyVertex(readout.graph, next.workers);
      },
    };
  },
};

/** Over all sources; undefined where one of them does not tell. */
function sourceRates(
  readout: JobReadout,
  before: CounterLook,
  now: CounterLook,
): Pick<DataflowLook, "backlog" | "arriving" | "reading"> | undefined {
  if (now.pending === undefined || before.pending === undefined) return undefined;
  let reading = 0;
  for (const { id } of readout.graph.vertices.filter((v) => isSource(readout.graph, v.id))) {
    const moved = movedBetween(before, now, id);
    if (moved === undefined) return undefined;
    reading += moved.read;
  }
  const growth = (now.pending - before.pending) / ((now.at - before.at) / 1_000);
  return { backlog: now.pending, arriving: Math.max(0, reading + growth), reading };
}

const NO_LEAN: DataflowLean = { up: null, down: null };
const BACKLOGGED_S = 10;
const DRAIN_S = 150;
const LEAST_CPU = 0.2;
const TARGET_CPU = 0.75;
const FOR_MS = 2 * 60_000;
/** Rates are taken over at least this long. */
const LOOK_MS = 30_000;
const ROUNDING = 1e-9;
