import type { Milliseconds, VertexId } from "../../model/index.ts";
import { thresholdsOf } from "./capacity.ts";
import { outputRatio, type VerticesById, verticesById } from "./edges.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { busyAverage, inputRateForBusy, rateByBusyTime, trueProcessingRate } from "./processing-rate.ts";
import type { FlinkSample } from "./samples.ts";
import { averageOf, globalOf, latestOf, rateOf } from "./series.ts";
import { type FlinkTopology, type FlinkVertex, isFlinkSource } from "./topology.ts";

/** What the window says of one vertex, records/s. NaN: unknown; infinite: no limit was seen. */
export interface Evaluated {
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly partitions: number;
  /** Mean busy share, 0..1. */
  readonly load: number;
  /** Records that wait now; NaN at vertices that are not sources. */
  readonly lag: number;
  readonly trueProcessingRate: number;
  readonly targetRate: number;
  readonly catchUpRate: number;
  readonly scaleUpThreshold: number;
  readonly scaleDownThreshold: number;
}

export interface Evaluation {
  readonly vertices: Readonly<Record<VertexId, Evaluated>>;
  readonly gcPressure: number;
  readonly heapUsage: number;
  readonly heapUsed: number;
  readonly managedUsed: number;
  readonly metaspaceUsed: number;
  readonly slotsUsed: number;
  readonly processingBacklog: boolean;
}

/** Numbers that somebody puts in the place of measured ones; they flow on to the consumers of the vertex. */
export type Overridden = Readonly<Record<VertexId, Partial<Evaluated>>>;

/** Evaluates a window of samples of one attempt. `restartMs`: outage of a rescale that is reckoned with. */
export function evaluate(
  samples: readonly FlinkSample[],
  topology: FlinkTopology,
  options: FlinkOptions,
  restartMs: Milliseconds,
  overridden: Overridden = {},
): Evaluation {
  const processingBacklog = worksOffBacklog(samples, topology, options.backlogThresholdMs);
  const vertices: Record<VertexId, Evaluated> = {};
  const byId = verticesById(topology);
  for (const vertex of topology) {
    const measured = measure(samples, byId, vertex, options, vertices);
    const over = overridden[vertex.id] ?? {};
    const demand = overlay(measured, over);
    const thresholds = thresholdsOf(demand, options, restartMs, processingBacklog);
    const bounded = {
      ...demand,
      scaleUpThreshold: thresholds.scaleUp,
      scaleDownThreshold: thresholds.scaleDown,
    };
    vertices[vertex.id] = overlay(bounded, over);
  }
  return {
    vertices,
    gcPressure: globalOf(samples, "gcPressure").current,
    heapUsage: globalOf(samples, "heapRatio").average,
    heapUsed: globalOf(samples, "heapUsed").average,
    managedUsed: globalOf(samples, "managedUsed").average,
    metaspaceUsed: globalOf(samples, "metaspaceUsed").average,
    slotsUsed: globalOf(samples, "slotsUsed").current,
    processingBacklog,
  };
}

/** Each given number over the measured one, unless it is NaN. */
export function overlay<T extends object>(measured: T, given: Partial<T>): T {
  const known = Object.entries(given).filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return { ...measured, ...Object.fromEntries(known) };
}

function measure(
  samples: readonly FlinkSample[],
  byId: VerticesById,
  vertex: FlinkVertex,
  options: FlinkOptions,
  upstream: Readonly<Record<VertexId, Evaluated>>,
): Evaluated {
  const { id, parallelism } = vertex;
  const source = isFlinkSource(vertex);
  const aggregator = options.busyAggregator;
  const byBusy = rateByBusyTime(
    inputRateForBusy(samples, id, source, aggregator),
    busyAverage(samples, id, parallelism, aggregator),
  );
  // Only sources are observed.
  const observed = source ? averageOf(samples, id, "observedRate", options.observeMin) : Number.NaN;
  const lag = source ? lagOf(samples, id) : Number.NaN;
  const catchUpSeconds = Math.floor(options.catchUpMs / 1_000);
  const ratios = Object.keys(vertex.inputs).map(
    (from) => [from, outputRatio(byId, samples, from, id)] as const,
  );
  const carried = (of: (e: Evaluated) => number): number =>
    ratios.reduce((sum, [from, ratio]) => {
      const above = upstream[from];
      return sum + (above === undefined ? Number.NaN : of(above) * ratio);
    }, 0);
  return {
    parallelism,
    maxParallelism: vertex.maxParallelism,
    partitions: vertex.partitions,
    load: averageOf(samples, id, "load"),
    lag,
    trueProcessingRate: trueProcessingRate(byBusy, observed, options.observeSwitch),
    targetRate: source ? sourceTarget(samples, id) : carried((e) => e.targetRate),
    catchUpRate: source ? (catchUpSeconds > 0 ? lag / catchUpSeconds : 0) : carried((e) => e.catchUpRate),
    scaleUpThreshold: Number.NaN,
    scaleDownThreshold: Number.NaN,
  };
}

/** A source that does not tell its lag has none: the Java autoscaler's way, which is why missing is 0 here. */
function lagOf(samples: readonly FlinkSample[], id: VertexId): number {
  const lag = latestOf(samples, id, "lag");
  return Number.isNaN(lag) ? 0 : lag;
}

/** Consumption plus growth of the lag, never below 0. */
function sourceTarget(samples: readonly FlinkSample[], id: VertexId): number {
  const growth = rateOf(samples, id, "lag");
  const consumed = rateOf(samples, id, "recordsIn");
  return Math.max(0, consumed + (Number.isNaN(growth) ? 0 : growth));
}

/** Whether any source's lag is worth more than the threshold at the rate that it reads. */
export function worksOffBacklog(
  samples: readonly FlinkSample[],
  topology: FlinkTopology,
  thresholdMs: Milliseconds,
): boolean {
  return topology.filter(isFlinkSource).some((vertex) => {
    const read = rateOf(samples, vertex.id, "recordsIn");
    return lagOf(samples, vertex.id) / read > Math.floor(thresholdMs / 1_000);
  });
}
