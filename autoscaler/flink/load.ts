import type { BusyAggregator } from "./flink-options.ts";
import type { FlinkGlobalSample } from "./samples.ts";

/** A metric over the subtasks of a vertex. */
export interface Aggregate {
  readonly min: number;
  readonly max: number;
  readonly avg: number;
}

/** Busy share 0..1 out of `busyTimeMsPerSecond`; below 0 counts as 0. NaN: a source of the old interface, which has none. */
export function loadOf(busyMsPerSecond: Aggregate, aggregator: BusyAggregator): number {
  const field = { MAX: "max", MIN: "min", AVG: "avg" } as const;
  const busy = busyMsPerSecond[field[aggregator]];
  return Number.isNaN(busy) ? Number.NaN : Math.max(0, busy) / 1_000;
}

/** Rate (records/s) that a source would read were it never held back. NaN: it was held back all the time. */
export function rateWithoutBackPressure(recordsPerSecond: number, backPressuredMsPerSecond: number): number {
  if (backPressuredMsPerSecond >= 1_000) return Number.NaN;
  return recordsPerSecond / (1 - backPressuredMsPerSecond / 1_000);
}

/**
 * What a source could read, seen while enough waits (`lagThresholdMs` worth of its rate); otherwise what was seen
 * before. Nothing read: infinite. Corrects a busy time that is too low.
 */
export function observedRateOf(
  source: {
    readonly lag: number;
    readonly recordsPerSecond: number;
    readonly backPressuredMsPerSecond: number;
  },
  lagThresholdMs: number,
  previous: number,
): number {
  const { lag, recordsPerSecond, backPressuredMsPerSecond } = source;
  if (recordsPerSecond === 0) return Number.POSITIVE_INFINITY;
  if (lag >= Math.floor(lagThresholdMs / 1_000) * recordsPerSecond) {
    return rateWithoutBackPressure(recordsPerSecond, backPressuredMsPerSecond);
  }
  return previous;
}

/** Samples are kept with 3 decimals, but what is not 0 never becomes 0. */
export function roundMetric(value: number): number {
  const rounded = Math.round(value * 1_000) / 1_000;
  return rounded === 0 || !Number.isFinite(value) ? value : rounded;
}

/** What the machines say: bytes and ms/s of the TaskManager that has most, slots of the cluster. Absent: not read. */
export interface MachineReadings {
  readonly heapUsed?: number | undefined;
  readonly heapMax?: number | undefined;
  readonly managedUsed?: number | undefined;
  readonly metaspaceUsed?: number | undefined;
  readonly gcMsPerSecond?: number | undefined;
  readonly slotsTotal?: number | undefined;
  readonly slotsFree?: number | undefined;
}

/** The machines' part of a sample: shares 0..1, bytes, slots in use. */
export function globalSampleOf(m: MachineReadings): FlinkGlobalSample {
  const both = (a: number | undefined, b: number | undefined, f: (x: number, y: number) => number) =>
    a === undefined || b === undefined ? undefined : f(a, b);
  return {
    gcPressure: m.gcMsPerSecond === undefined ? undefined : m.gcMsPerSecond / 1_000,
    heapRatio: both(m.heapUsed, m.heapMax, (used, max) => used / max),
    heapUsed: m.heapUsed,
    managedUsed: m.managedUsed,
    metaspaceUsed: m.metaspaceUsed,
    slotsUsed: both(m.slotsTotal, m.slotsFree, (total, free) => total - free),
  };
}
