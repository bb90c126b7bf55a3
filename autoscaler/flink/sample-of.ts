import type { Instant, Parallelism, VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { type Aggregate, loadOf, observedRateOf, roundMetric } from "./load.ts";
import type { FlinkGlobalSample, FlinkSample, FlinkVertexSample } from "./samples.ts";
import { averageOf } from "./series.ts";
import { type FlinkTopology, type FlinkVertex, isFlinkSource } from "./topology.ts";

/** What one look says of one vertex. Counters run from the start of the attempt, over all subtasks; null: missing. */
export interface FlinkVertexReading {
  readonly recordsIn: number | null;
  readonly recordsOut: number | null;
  readonly busyMs: number | null;
  readonly backPressuredMs: number | null;
  /** Records waiting outside Flink (sources). */
  readonly pending: number | null;
  /** `busyTimeMsPerSecond` over the subtasks; where it is missing the counter stands in. */
  readonly busyGauge: Aggregate | null;
  /** `numRecordsInPerSecond`, and `backPressuredTimeMsPerSecond` (mean); where missing the counters stand in. */
  readonly inPerSecond: number | null;
  readonly backPressuredPerSecond: number | null;
}

/** One look at one job, as the policy wants it. */
export interface FlinkReadout {
  readonly at: Instant;
  readonly runningSince: Instant;
  /** True while every task runs or has finished. */
  readonly running: boolean;
  readonly adaptive: boolean;
  readonly topology: FlinkTopology;
  readonly vertices: Readonly<Record<VertexId, FlinkVertexReading>>;
  readonly global: FlinkGlobalSample;
  /** Upper bounds that Flink holds now; null: unknown. */
  readonly requirements: Parallelism | null;
}

/** The counters of the look before, which rates are taken against. */
export interface LastLook {
  readonly at: Instant;
  readonly runningSince: Instant;
  readonly vertices: Readonly<
    Record<VertexId, Pick<FlinkVertexReading, "recordsIn" | "busyMs" | "backPressuredMs">>
  >;
}

export interface Look {
  /** Null: a metric that is required is missing, and nothing may be concluded. */
  readonly sample: FlinkSample | null;
  /** Vertices without any busy time (sources of the old interface): left alone in this pass. */
  readonly withoutBusyTime: readonly VertexId[];
  /** What is missing, for people. */
  readonly missing: readonly string[];
}

/** The sample that a look adds to `window` (the samples so far of the attempt). */
export function sampleOf(
  readout: FlinkReadout,
  last: LastLook | null,
  window: readonly FlinkSample[],
  options: FlinkOptions,
): Look {
  const vertices: Record<VertexId, FlinkVertexSample> = {};
  const withoutBusyTime: VertexId[] = [];
  const missing: string[] = [];
  for (const vertex of readout.topology) {
    const reading = readout.vertices[vertex.id];
    if (vertex.finished || reading === undefined) continue;
    const perSecond = ratesSince(readout, last, vertex, reading);
    const load = loadIn(reading, perSecond.busy, options);
    if (Number.isNaN(load) && reading.busyMs === null) withoutBusyTime.push(vertex.id);
    const source = isFlinkSource(vertex);
    if (source && reading.recordsIn === null) missing.push(`records read by source ${vertex.id}`);
    vertices[vertex.id] = {
      ...known({
        load,
        recordsIn: orNaN(reading.recordsIn),
        recordsOut: orNaN(reading.recordsOut),
        busyMs: orNaN(reading.busyMs),
        inPerSecond: orNaN(reading.inPerSecond),
      }),
      ...(source ? sourceSample(vertex, reading, perSecond, window, options) : {}),
    };
  }
  const sample = missing.length > 0 ? null : { at: readout.at, vertices, global: readout.global };
  return { sample, withoutBusyTime, missing };
}

/** Busy share by the gauge, or by the counter where the gauge has none. */
function loadIn(reading: FlinkVertexReading, byCounter: number, { busyAggregator }: FlinkOptions): number {
  const gauge = reading.busyGauge === null ? Number.NaN : loadOf(reading.busyGauge, busyAggregator);
  return Number.isNaN(gauge) ? loadOf(evenly(byCounter), busyAggregator) : gauge;
}

const orNaN = (value: number | null): number => value ?? Number.NaN;

/** Rates per second: the gauge where there is one, else the counter since the last look; NaN without either. */
interface Rates {
  readonly busy: number;
  readonly records: number;
  readonly backPressured: number;
}

function ratesSince(
  readout: FlinkReadout,
  last: LastLook | null,
  { id, parallelism }: FlinkVertex,
  reading: FlinkVertexReading,
): Rates {
  const before = last?.runningSince === readout.runningSince ? last : null;
  const seconds = before === null ? 0 : (readout.at - before.at) / 1_000;
  const earlier = before?.vertices[id];
  const per = (counter: "recordsIn" | "busyMs" | "backPressuredMs"): number =>
    seconds > 0 ? (orNaN(reading[counter]) - orNaN(earlier?.[counter] ?? null)) / seconds : Number.NaN;
  return {
    busy: per("busyMs") / parallelism,
    records: reading.inPerSecond ?? per("recordsIn"),
    backPressured: reading.backPressuredPerSecond ?? per("backPressuredMs") / parallelism,
  };
}

const evenly = (value: number): Aggregate => ({ min: value, max: value, avg: value });

/** Without the NaNs, the rest rounded. */
function known(values: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(values).filter(([, v]) => !Number.isNaN(v));
  return Object.fromEntries(entries.map(([name, v]) => [name, roundMetric(v)]));
}

/** A source that does not tell its pending records has no lag, as in the Java autoscaler. */
function sourceSample(
  vertex: FlinkVertex,
  reading: FlinkVertexReading,
  { records, backPressured }: Rates,
  window: readonly FlinkSample[],
  options: FlinkOptions,
): FlinkVertexSample {
  const lag = reading.pending ?? 0;
  const previous = averageOf(window, vertex.id, "observedRate", options.observeMin);
  const seen = { lag, recordsPerSecond: records, backPressuredMsPerSecond: backPressured };
  const observed = Number.isNaN(records)
    ? previous
    : observedRateOf(seen, options.observeThresholdMs, previous);
  if (observed === Number.POSITIVE_INFINITY) return { lag, observedRate: "infinite" };
  return Number.isNaN(observed) ? { lag } : { lag, observedRate: roundMetric(observed) };
}

/** What the next look is compared with. */
export const lastLookOf = (readout: FlinkReadout): LastLook => ({
  at: readout.at,
  runningSince: readout.runningSince,
  vertices: Object.fromEntries(
    Object.entries(readout.vertices).map(([id, { recordsIn, busyMs, backPressuredMs }]) => [
      id,
      { recordsIn, busyMs, backPressuredMs },
    ]),
  ),
});
