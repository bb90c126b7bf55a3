import { thresholdsOf } from "../../../autoscaler/flink/capacity.ts";
import { outputRatio, verticesById } from "../../../autoscaler/flink/edges.ts";
import {
  type Evaluation,
  evaluate,
  type Overridden,
  worksOffBacklog,
} from "../../../autoscaler/flink/evaluate.ts";
import {
  busyAverage,
  inputRateForBusy,
  rateByBusyTime,
  trueProcessingRate,
} from "../../../autoscaler/flink/processing-rate.ts";
import type { FlinkGlobalSample, FlinkSample, FlinkVertexSample } from "../../../autoscaler/flink/samples.ts";
import { averageOf, globalOf, rateOf } from "../../../autoscaler/flink/series.ts";
import type { FlinkTopology } from "../../../autoscaler/flink/topology.ts";
import { asNumber, type Inputs, isRecord, type Json, Unforeseen } from "./case.ts";
import { mergeEvaluated } from "./merge.ts";
import { optionsOf } from "./options-of.ts";
import { parseTopology, topologyFrom } from "./topology-of.ts";

const VERTEX = "vertex";

/** Names of the metrics in the cases, and ours. */
const METRICS: Readonly<Record<string, keyof FlinkVertexSample>> = {
  LAG: "lag",
  LOAD: "load",
  NUM_RECORDS_IN: "recordsIn",
  NUM_RECORDS_OUT: "recordsOut",
  NUM_RECORDS_IN_PER_SECOND: "inPerSecond",
  OBSERVED_TPR: "observedRate",
  ACCUMULATED_BUSY_TIME: "busyMs",
  value: "recordsIn",
};

const GLOBALS: Readonly<Record<string, keyof FlinkGlobalSample>> = {
  HEAP_MAX_USAGE_RATIO: "heapRatio",
  GC_PRESSURE: "gcPressure",
  HEAP_MEMORY_USED: "heapUsed",
  MANAGED_MEMORY_USED: "managedUsed",
  METASPACE_MEMORY_USED: "metaspaceUsed",
  NUM_TASK_SLOTS_USED: "slotsUsed",
};

/** ScalingMetricEvaluatorTest: which part is meant follows from the fields that a case has. */
export function evaluator(inputs: Inputs): Json {
  if (inputs.has("edges")) return edgeRatio(inputs);
  if (inputs.has("incoming")) return merging(inputs);
  if (inputs.has("processingBacklog")) return boundaries(inputs);
  if (inputs.has("busyTimeMsPerSecAvg")) return processingRate(inputs);
  if (inputs.has("samplesMs")) return inputRate(inputs);
  if (inputs.has("topology")) return wholeWindow(inputs);
  if (inputs.has("thresholdSec")) return backlog(inputs);
  if (inputs.has("aggregator")) return busyTime(inputs);
  const samples = inputs.records("samples");
  return samples.some((s) => Object.hasOwn(s, "value")) ? rate(samples) : globals(samples);
}

/** A vertex's sample out of named metrics; null and NaN are absent. */
function vertexSample(values: Json): FlinkVertexSample {
  const sample: Record<string, number | "infinite"> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name === "tMs" || value === null || value === "NaN") continue;
    const metric = METRICS[name];
    if (metric === undefined)
      throw new Unforeseen(`input samples: got metric ${name}; expected one that is kept`);
    sample[metric] = value === "Infinity" ? "infinite" : asNumber(value, name);
  }
  return sample;
}

const timeOf = (sample: Json): number => asNumber(sample["tMs"], "tMs");

const single = (samples: readonly Json[]): readonly FlinkSample[] =>
  samples.map((s) => ({ at: timeOf(s), vertices: { [VERTEX]: vertexSample(s) }, global: {} }));

function wholeWindow(inputs: Inputs): Json {
  const topology = parseTopology(inputs.text("topology"));
  const samples = inputs.records("samples").map((s): FlinkSample => {
    const vertices = Object.entries(s).filter(([name]) => name !== "tMs");
    return {
      at: timeOf(s),
      vertices: Object.fromEntries(vertices.map(([id, v]) => [id, isRecord(v) ? vertexSample(v) : {}])),
      global: {},
    };
  });
  const options = optionsOf(inputs);
  const overridden = inputs.has("customEvaluator") ? overriddenBy(inputs.record("customEvaluator")) : {};
  const evaluation = evaluate(samples, topology, options, options.restartMs, overridden);
  return Object.fromEntries(topology.map((v) => [v.id, metricsOf(evaluation, v.id, samples)]));
}

function overriddenBy(custom: Json): Overridden {
  const rate = custom["TARGET_DATA_RATE"];
  return {
    [String(custom["vertex"])]: rate === undefined ? {} : { targetRate: asNumber(rate, "customEvaluator") },
  };
}

/** The evaluated metrics of a vertex under the names of the cases. */
export function metricsOf(evaluation: Evaluation, id: string, samples: readonly FlinkSample[]): Json {
  const e = evaluation.vertices[id];
  if (e === undefined) return {};
  return {
    TARGET_DATA_RATE_avg: e.targetRate,
    CATCH_UP_DATA_RATE_current: e.catchUpRate,
    LOAD_avg: averageOf(samples, id, "load"),
    LAG_current: e.lag,
    LAG_present: !Number.isNaN(e.lag),
    TRUE_PROCESSING_RATE_avg: e.trueProcessingRate,
    SCALE_UP_RATE_THRESHOLD_current: e.scaleUpThreshold,
    SCALE_DOWN_RATE_THRESHOLD_current: e.scaleDownThreshold,
    PARALLELISM_current: e.parallelism,
    MAX_PARALLELISM_current: e.maxParallelism,
  };
}

function boundaries(inputs: Inputs): Json {
  const options = optionsOf(inputs);
  const demand = {
    targetRate: inputs.number("targetDataRate"),
    catchUpRate: inputs.number("catchUpDataRate", 0),
  };
  const { scaleUp, scaleDown } = thresholdsOf(
    demand,
    options,
    options.restartMs,
    inputs.flag("processingBacklog"),
  );
  return { scaleUpThreshold: scaleUp, scaleDownThreshold: scaleDown };
}

function backlog(inputs: Inputs): Json {
  const options = optionsOf(inputs);
  const samples = single(inputs.records("samples"));
  const topology = topologyFrom([VERTEX], []);
  return { processingBacklog: worksOffBacklog(samples, topology, options.backlogThresholdMs) };
}

function processingRate(inputs: Inputs): Json {
  const { observeMin, observeSwitch } = optionsOf(inputs);
  const byBusy = rateByBusyTime(inputs.number("inputRate"), inputs.number("busyTimeMsPerSecAvg"));
  const samples = inputs
    .numbers("observedTprHistory")
    .map((value, at) => ({ tMs: at, OBSERVED_TPR: Number.isFinite(value) ? value : String(value) }));
  const observed = averageOf(single(samples), VERTEX, "observedRate", observeMin);
  return { trueProcessingRate: trueProcessingRate(byBusy, observed, observeSwitch) };
}

function busyTime(inputs: Inputs): Json {
  const { busyAggregator } = optionsOf(inputs);
  const samples = single(inputs.records("samples"));
  return { busyTimeMsPerSecAvg: busyAverage(samples, VERTEX, inputs.number("parallelism"), busyAggregator) };
}

function edgeRatio(inputs: Inputs): Json {
  const order = inputs
    .text("valueOrder", "[NUM_RECORDS_IN, NUM_RECORDS_OUT]")
    .replaceAll(/[[\]\s]/g, "")
    .split(",");
  const edges = inputs.texts("edges").map((edge): readonly [string, string, string] => {
    const [from = "", to = ""] = edge.split("->");
    return [from, to, "REBALANCE"];
  });
  const topology: FlinkTopology = topologyFrom(
    [...new Set(edges.flatMap((edge) => edge.slice(0, 2)))],
    edges,
  );
  const samples = inputs.records("samples").map((s): FlinkSample => {
    const vertices = Object.entries(s).filter(([name]) => name !== "tMs");
    const valuesOf = (list: unknown): Json =>
      Object.fromEntries(order.map((name, i) => [name, Array.isArray(list) ? list[i] : null]));
    return {
      at: timeOf(s),
      vertices: Object.fromEntries(vertices.map(([id, list]) => [id, vertexSample(valuesOf(list))])),
      global: {},
    };
  });
  const [from = "", to = ""] = inputs.text("edge").split("->");
  return { outputRatio: outputRatio(verticesById(topology), samples, from, to) };
}

const rate = (samples: readonly Json[]): Json => ({
  ratePerSec: rateOf(single(samples), VERTEX, "recordsIn"),
});

function inputRate(inputs: Inputs): Json {
  const { busyAggregator } = optionsOf(inputs);
  const counted = inputs.list("numRecordsIn");
  const gauges = inputs.list("numRecordsInPerSecond");
  const samples = inputs.numbers("samplesMs").map((tMs, i) => ({
    tMs,
    NUM_RECORDS_IN: counted[i] ?? null,
    NUM_RECORDS_IN_PER_SECOND: gauges[i] ?? null,
  }));
  const source = inputs.flag("source") || inputs.flag("isSource");
  return { tprInputRate: inputRateForBusy(single(samples), VERTEX, source, busyAggregator) };
}

/** GC pressure and slots are judged as they are now; their mean is not made. */
function globals(samples: readonly Json[]): Json {
  const window = samples.map((s, at): FlinkSample => {
    const global: Record<string, number> = {};
    for (const [name, value] of Object.entries(s)) {
      const metric = GLOBALS[name];
      if (metric === undefined)
        throw new Unforeseen(`input samples: got metric ${name}; expected one of the cluster's`);
      global[metric] = asNumber(value, name);
    }
    return { at, vertices: {}, global };
  });
  return Object.fromEntries(
    Object.entries(GLOBALS).map(([name, metric]) => {
      const { current, average } = globalOf(window, metric);
      const currentOnly = metric === "gcPressure" || metric === "slotsUsed";
      return [name, [current, currentOnly ? Number.NaN : average]];
    }),
  );
}

function merging(inputs: Inputs): Json {
  const actual = inputs.get("actual");
  if (Array.isArray(actual)) {
    inputs.get("order");
    const pair = mergeEvaluated({ m: actual }, { m: inputs.list("incoming") });
    return { merged: pair["m"] };
  }
  const [afterNull, afterEmpty, afterMap] = inputs
    .list("incoming")
    .map((incoming) => mergeEvaluated(inputs.record("actual"), isRecord(incoming) ? incoming : {}));
  return { afterNull, afterEmpty, afterMap };
}
