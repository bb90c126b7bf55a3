import { combine, type PressureReadout, type Reading, reading } from "../../model/index.ts";
import type { FlinkRest } from "./client.ts";
import type { Aggregates } from "./metric-replies.ts";
import { tolerated } from "./tolerated.ts";

const GC = "Status.JVM.GarbageCollector.All.TimeMsPerSecond";
const HEAP_USED = "Status.JVM.Memory.Heap.Used";
const HEAP_MAX = "Status.JVM.Memory.Heap.Max";
const CPU = "Status.JVM.CPU.Load";

/** In the order in which they are asked for. */
export const PRESSURE_METRICS: readonly string[] = [GC, HEAP_USED, HEAP_MAX, CPU];
/** What clusters before Flink 1.19 know of them. */
const WITHOUT_GC = PRESSURE_METRICS.slice(1);

/** Flink refreshes these no faster than every 10 s as it comes, and all jobs of a cluster share them. */
const LIVE_MS = 5_000;
/** A cluster that did not know the pause of its collectors (before Flink 1.19) is asked again after this long. */
const WITHOUT_GC_MS = 600_000;

type Found = ReadonlyMap<string, Aggregates>;

/** Also where processor time is left: whether more subtasks could get any. */
export interface MachinePressure extends PressureReadout {
  /** `Status.JVM.CPU.Load` of the least loaded TaskManager, 0..1. */
  readonly cpuLoadLeast: Reading;
}

/**
 * Looks at the TaskManagers of one cluster: one request, its answer kept for 5 s. Never throws a `Failure`;
 * `undefined` where nothing could be had. One name that no TaskManager knows empties Flink's whole reply, so
 * that a cluster without `GarbageCollector.All` is asked once more without it.
 */
export function createPressureLook(rest: FlinkRest, now: () => number) {
  let kept: MachinePressure | undefined;
  let until = Number.NEGATIVE_INFINITY;
  let withoutGcUntil = Number.NEGATIVE_INFINITY;
  let underWay: Promise<MachinePressure | undefined> | undefined;

  const ask = (names: readonly string[]): Promise<Found | undefined> =>
    tolerated(rest.tmMetrics(names, ["max", "min"]));

  async function look(): Promise<MachinePressure | undefined> {
    let found = now() < withoutGcUntil ? undefined : await ask(PRESSURE_METRICS);
    if (found === undefined && now() >= withoutGcUntil) return undefined;
    if (found === undefined || found.size === 0) {
      found = await ask(WITHOUT_GC);
      if (found !== undefined && found.size > 0 && now() >= withoutGcUntil)
        withoutGcUntil = now() + WITHOUT_GC_MS;
    }
    return found === undefined || found.size === 0 ? undefined : pressureReadoutOf(found);
  }

  return async function pressure(): Promise<MachinePressure | undefined> {
    if (now() < until) return kept;
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    kept = await underWay;
    until = now() + LIVE_MS;
    return kept;
  };
}

/**
 * The heap ratio of each TaskManager is not to be had in one request. Like the Java autoscaler this divides the
 * most heap in use by the largest maximum, which is exact where all TaskManagers are built alike.
 */
export function pressureReadoutOf(found: Found): MachinePressure {
  const max = (name: string): Reading => notNegative(reading(found.get(name)?.max));
  return {
    gcShare: combine([max(GC)], (ms) => Math.min(1, ms / 1_000)),
    heapShare: combine([max(HEAP_USED), max(HEAP_MAX)], (used, most) =>
      most > 0 ? Math.min(1, used / most) : Number.NaN,
    ),
    cpuLoad: combine([max(CPU)], (load) => Math.min(1, load)),
    cpuLoadLeast: combine([notNegative(reading(found.get(CPU)?.min))], (load) => Math.min(1, load)),
  };
}

/** The JVM says −1 for "not known" (heap without a maximum, processor load just after a start). */
const notNegative = (r: Reading): Reading => combine([r], (v) => (v < 0 ? Number.NaN : v));
