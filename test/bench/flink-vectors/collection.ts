import type { FlinkOptions } from "../../../autoscaler/flink/flink-options.ts";
import {
  type Aggregate,
  globalSampleOf,
  loadOf,
  observedRateOf,
  rateWithoutBackPressure,
  roundMetric,
} from "../../../autoscaler/flink/load.ts";
import { flinkPolicy } from "../../../autoscaler/flink/policy.ts";
import { sampleOf } from "../../../autoscaler/flink/sample-of.ts";
import { addSample, type FlinkSample, ofAttempt } from "../../../autoscaler/flink/samples.ts";
import { NEW_FLINK_STATE } from "../../../autoscaler/flink/state.ts";
import { partitionsIn } from "../../../autoscaler/flink/topology.ts";
import { asNumber, type Inputs, isRecord, type Json, Unforeseen } from "./case.ts";
import { optionsOf } from "./options-of.ts";
import { type Reading, readoutOf } from "./readout-of.ts";
import { topologyFrom } from "./topology-of.ts";

const SOURCE = topologyFrom(["source"], []);
const LOOP: Partial<FlinkOptions> = {
  stabilizationMs: 0,
  scaleDownIntervalMs: 0,
  scaleDownMaxFactor: 1,
  loopMs: 0,
};

/** ScalingMetricsTest: what becomes of the numbers of one look. */
export function scalingMetrics(inputs: Inputs): Json {
  if (inputs.has("backpressuredMsPerSec")) {
    const rate = rateWithoutBackPressure(
      inputs.number("recordsPerSec"),
      inputs.number("backpressuredMsPerSec"),
    );
    return { observedTpr: rate };
  }
  if (inputs.has("recordsPerSec")) return observed(inputs);
  if (MACHINES.some((name) => inputs.has(name))) return machineGlobals(inputs);
  const busy = inputs.get("busyTimeMsPerSecond");
  if (isRecord(busy)) {
    const { busyAggregator } = optionsOf(inputs);
    const load = loadOf(aggregateOf(busy), busyAggregator);
    const accumulated = inputs.numberOrNull("accumulatedBusyTime");
    return { LOAD: roundMetric(load), ACCUMULATED_BUSY_TIME: accumulated };
  }
  return legacySource(inputs);
}

const aggregateOf = (values: Json): Aggregate => ({
  min: asNumber(values["min"] ?? "NaN", "min"),
  max: asNumber(values["max"] ?? "NaN", "max"),
  avg: asNumber(values["avg"] ?? "NaN", "avg"),
});

function observed(inputs: Inputs): Json {
  // Where records wait the busy time is not looked at.
  inputs.get("busyTimeMsPerSecMax");
  const source = {
    lag: inputs.number("lag"),
    recordsPerSecond: inputs.number("recordsPerSec"),
    backPressuredMsPerSecond: inputs.number("backpressuredMsPerSecAvg"),
  };
  const { observeThresholdMs } = optionsOf(inputs);
  return {
    observedTpr: observedRateOf(source, observeThresholdMs, inputs.number("previousObservedTpr", Number.NaN)),
  };
}

const MACHINES = [
  "heapUsed",
  "heapMax",
  "managedUsed",
  "metaspaceUsed",
  "gcTimeMsPerSecond",
  "taskSlotsTotal",
];

/** Largest use over largest size; the others are the largest use. What was not read is not there. */
function machineGlobals(inputs: Inputs): Json {
  const max = (name: string): number | undefined =>
    inputs.has(name) ? asNumber(inputs.record(name)["max"], name) : undefined;
  const readings = {
    heapUsed: max("heapUsed"),
    heapMax: max("heapMax"),
    managedUsed: max("managedUsed"),
    metaspaceUsed: max("metaspaceUsed"),
    gcMsPerSecond: max("gcTimeMsPerSecond"),
    slotsTotal: inputs.numberOrNull("taskSlotsTotal") ?? undefined,
    slotsFree: inputs.numberOrNull("taskSlotsAvailable") ?? undefined,
  };
  const global = globalSampleOf(readings);
  return {
    HEAP_MEMORY_USED: global.heapUsed,
    HEAP_MAX_USAGE_RATIO: global.heapRatio,
    MANAGED_MEMORY_USED: global.managedUsed,
    METASPACE_MEMORY_USED: global.metaspaceUsed,
    GC_PRESSURE: global.gcPressure,
    NUM_TASK_SLOTS_USED: global.slotsUsed,
  };
}

/** A source of the old interface has a busy time of NaN under every aggregate, and is left alone. */
function legacySource(inputs: Inputs): Json {
  const busy = inputs.number("busyTimeMsPerSecond");
  const readout = readoutOf(0, SOURCE, () => ({ recordsIn: 0, busy, pending: 0 }));
  const excluded = new Set(inputs.texts("excludedBefore"));
  for (const busyAggregator of inputs.texts("aggregator")) {
    const options = { ...optionsOfAggregator(busyAggregator) };
    for (const id of sampleOf(readout, null, [], options).withoutBusyTime) excluded.add(id);
  }
  return { excludedAfter: [...excluded] };
}

function optionsOfAggregator(text: string): FlinkOptions {
  if (text !== "AVG" && text !== "MAX" && text !== "MIN")
    throw new Unforeseen(`input aggregator: got "${text}"`);
  return { ...flinkPolicy().options, busyAggregator: text };
}

/** MetricsCollectionAndEvaluationTest: partitions, windows, observed rates, one decision. */
export function metricsCollection(inputs: Inputs, expected: unknown): Json {
  if (inputs.has("metricNames")) return { numSourcePartitions: partitionsIn(inputs.texts("metricNames")) };
  if (inputs.has("collectAtSec") || inputs.has("collectAtMs")) return windowSizes(inputs, expected);
  if (inputs.has("steps")) return observedSeries(inputs);
  return oneDecision(inputs);
}

function oneDecision(inputs: Inputs): Json {
  const parallelism = inputs.count("parallelism");
  const topology = topologyFrom(["source"], [], () => ({
    parallelism,
    maxParallelism: inputs.limit("maxParallelism", 720),
  }));
  const options = optionsOf(inputs, LOOP);
  const pending = inputs.numberOrNull("pendingRecords");
  const policy = flinkPolicy(options);
  let state = NEW_FLINK_STATE;
  let got: Json = {};
  for (const sample of inputs.records("samples")) {
    const at = asNumber(sample["tSec"], "samples.tSec") * 1_000;
    const own: Reading = {
      recordsIn: asNumber(sample["numRecordsIn"], "samples.numRecordsIn"),
      busy: asNumber(sample["busy"], "samples.busy"),
      pending:
        sample["pendingRecords"] === undefined
          ? pending
          : asNumber(sample["pendingRecords"], "pendingRecords"),
    };
    const {
      state: next,
      decision,
      evaluation,
    } = policy.step(
      state,
      readoutOf(at, topology, () => own),
      at,
    );
    state = next;
    const e = evaluation?.vertices["source"];
    got = {
      targetDataRate: e?.targetRate,
      trueProcessingRate: e?.trueProcessingRate,
      scaleUpThreshold: e?.scaleUpThreshold,
      scaleDownThreshold: e?.scaleDownThreshold,
      newParallelism: decision.target?.["source"] ?? parallelism,
    };
  }
  return got;
}

function observedSeries(inputs: Inputs): Json {
  const options = optionsOf(inputs, LOOP);
  const recordsPerSecond = inputs.number("recordsPerSec");
  let window: readonly FlinkSample[] = [];
  const seen: number[] = [];
  for (const step of inputs.records("steps")) {
    const reading: Reading = {
      recordsIn: 0,
      busy: 100,
      inPerSecond: recordsPerSecond,
      pending: asNumber(step["lag"], "steps.lag"),
      backPressured: asNumber(step["backpressured"], "steps.backpressured"),
    };
    const { sample } = sampleOf(
      readoutOf(asNumber(step["tMs"], "steps.tMs"), SOURCE, () => reading),
      null,
      window,
      options,
    );
    if (sample === null) throw new Unforeseen("a look without a sample");
    const value = sample.vertices["source"]?.observedRate;
    seen.push(value === "infinite" ? Number.POSITIVE_INFINITY : (value ?? Number.NaN));
    window = [...window, sample];
  }
  return { observedTpr: seen };
}

/** How many samples are kept, and whether the window is full, after each look. */
function windowSizes(inputs: Inputs, expected: unknown): Json {
  const options = optionsOf(inputs, {});
  const unit = inputs.has("collectAtMs") ? 1 : 1_000;
  let runningSince = inputs.has("jobRunningTs") ? inputs.number("jobRunningTs") : 0;
  let samples: readonly FlinkSample[] = [];
  let at = 0;
  const sizes: number[] = [];
  const full: boolean[] = [];
  const look = (): void => {
    const sampled = addSample(
      ofAttempt(samples, runningSince),
      { at, vertices: {}, global: {} },
      runningSince,
      options,
    );
    samples = sampled.samples;
    sizes.push(samples.length);
    full.push(sampled.full);
  };
  for (const moment of inputs.list(unit === 1 ? "collectAtMs" : "collectAtSec")) {
    at = momentOf(moment, unit);
    look();
  }
  if (inputs.has("thenJobRestart")) {
    at += momentOf(inputs.text("thenJobRestart").replace("+", ""), 1);
    runningSince = at;
    look();
  }
  // A case has null where nothing was asserted.
  const asserted = isRecord(expected) ? expected["fullyCollected"] : undefined;
  const isOpen = (i: number): boolean => Array.isArray(asserted) && asserted[i] === null;
  return { historySize: sizes, fullyCollected: full.map((f, i) => (isOpen(i) ? null : f)) };
}

/** `110`, `110 + 1 day`, `10 days`. */
function momentOf(value: unknown, unit: number): number {
  if (typeof value === "number") return value * unit;
  const match = /^(?:(\d+)\s*\+\s*)?(\d+)\s*days?$/.exec(String(value).trim());
  if (match === null)
    throw new Unforeseen(`input collectAt: got "${String(value)}"; expected seconds and days`);
  return Number(match[1] ?? 0) * unit + Number(match[2]) * 86_400_000;
}
