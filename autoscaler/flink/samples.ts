import type { Instant, Milliseconds, VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";

/**
 * What is kept of one vertex at one moment, rounded to 3 decimals. Absent is NaN in the Java autoscaler. Counters run
 * from the start of the attempt.
 */
export interface FlinkVertexSample {
  /** Busy share 0..1 of the subtasks by the configured aggregate. */
  readonly load?: number | undefined;
  /** Records waiting (sources); a source that does not tell has 0. */
  readonly lag?: number | undefined;
  readonly recordsIn?: number | undefined;
  readonly recordsOut?: number | undefined;
  /** Records per second that a source could read, seen while it had lag; `infinite`: nothing arrived. */
  readonly observedRate?: number | "infinite" | undefined;
  /** Accumulated busy milliseconds of all subtasks. */
  readonly busyMs?: number | undefined;
  /** Gauge `numRecordsInPerSecond`, summed. */
  readonly inPerSecond?: number | undefined;
}

/** What is kept of the whole cluster: ratios 0..1, bytes, slots. */
export interface FlinkGlobalSample {
  readonly gcPressure?: number | undefined;
  readonly heapRatio?: number | undefined;
  readonly heapUsed?: number | undefined;
  readonly managedUsed?: number | undefined;
  readonly metaspaceUsed?: number | undefined;
  readonly slotsUsed?: number | undefined;
}

export interface FlinkSample {
  readonly at: Instant;
  readonly vertices: Readonly<Record<VertexId, FlinkVertexSample>>;
  readonly global: FlinkGlobalSample;
}

/** However long the window and short the loop, no more than this is kept; the oldest go first. */
const MOST_SAMPLES = 2_000;

export interface Sampled {
  readonly samples: readonly FlinkSample[];
  readonly stabilizing: boolean;
  /** The window is full: decisions may be taken. False means that it is evaluated at most. */
  readonly full: boolean;
}

/** Samples that belong to the running attempt: all of them, or none if it began after the oldest. */
export function ofAttempt(samples: readonly FlinkSample[], runningSince: Instant): readonly FlinkSample[] {
  const oldest = samples[0];
  return oldest !== undefined && runningSince > oldest.at ? [] : samples;
}

/**
 * The samples that a new one can be compared with: none if a counter went back, which happens when Flink still answered
 * with those of the attempt before. (The Java autoscaler keeps them and reckons with rates below 0.)
 */
export function comparable(samples: readonly FlinkSample[], next: FlinkSample): readonly FlinkSample[] {
  const newest = samples.at(-1);
  const wentBack = Object.entries(next.vertices).some(([id, v]) => {
    const before = newest?.vertices[id]?.recordsIn;
    return before !== undefined && v.recordsIn !== undefined && v.recordsIn < before;
  });
  return wentBack ? [] : samples;
}

/**
 * Adds a sample. While the job stabilizes samples are kept and leave only when the window is full: that is a window's
 * length after the first sample past stabilization. `samples` are those of the attempt (`ofAttempt`).
 */
export function addSample(
  samples: readonly FlinkSample[],
  sample: FlinkSample,
  runningSince: Instant,
  options: Pick<FlinkOptions, "stabilizationMs" | "windowMs">,
): Sampled {
  const stable: Instant = runningSince + options.stabilizationMs;
  const fullAt = windowFullAt(samples, stable, sample.at, options.windowMs);
  const grown = [...samples.filter((s) => s.at !== sample.at), sample].slice(-MOST_SAMPLES);
  if (sample.at < stable) return { samples: grown, stabilizing: true, full: false };
  if (sample.at < fullAt) return { samples: grown, stabilizing: false, full: false };
  const kept = grown.filter((s) => s.at >= sample.at - options.windowMs);
  return { samples: kept, stabilizing: false, full: true };
}

function windowFullAt(
  samples: readonly FlinkSample[],
  stable: Instant,
  now: Instant,
  windowMs: Milliseconds,
): Instant {
  const first = samples.find((s) => s.at >= stable);
  return (first?.at ?? now) + windowMs;
}
