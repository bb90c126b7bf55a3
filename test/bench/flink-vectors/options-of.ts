import {
  type AlignmentMode,
  DEFAULT_FLINK_OPTIONS,
  type FlinkOptions,
} from "../../../autoscaler/flink/flink-options.ts";
import { parseMemory } from "../../../autoscaler/flink/quantities.ts";
import { type Inputs, Unforeseen } from "./case.ts";

const ms =
  <K extends keyof FlinkOptions>(option: K, name: string, factor: number) =>
  (inputs: Inputs): readonly [K, number | undefined] => {
    const value = inputs.numberOrNull(name);
    return [option, value === null ? undefined : value * factor];
  };
const number =
  <K extends keyof FlinkOptions>(option: K, name: string) =>
  (inputs: Inputs): readonly [K, number | undefined] => [option, inputs.numberOrNull(name) ?? undefined];
const flag =
  <K extends keyof FlinkOptions>(option: K, name: string) =>
  (inputs: Inputs): readonly [K, boolean | undefined] => {
    const value = inputs.get(name);
    return [option, typeof value === "boolean" ? value : undefined];
  };

/** Which input of a case stands for which option. */
const FIELDS: Readonly<Record<string, (inputs: Inputs) => readonly [keyof FlinkOptions, unknown]>> = {
  maxScaleDownFactor: number("scaleDownMaxFactor", "maxScaleDownFactor"),
  maxScaleUpFactor: number("scaleUpMaxFactor", "maxScaleUpFactor"),
  catchUpDurationSec: ms("catchUpMs", "catchUpDurationSec", 1_000),
  restartTimeSec: ms("restartMs", "restartTimeSec", 1_000),
  utilizationTarget: number("target", "utilizationTarget"),
  utilizationBoundary: number("boundary", "utilizationBoundary"),
  boundary: number("boundary", "boundary"),
  utilizationMax: number("utilizationMax", "utilizationMax"),
  utilizationMin: number("utilizationMin", "utilizationMin"),
  vertexMin: number("minParallelism", "vertexMin"),
  vertexMax: number("maxParallelism", "vertexMax"),
  scaleDownIntervalSec: ms("scaleDownIntervalMs", "scaleDownIntervalSec", 1_000),
  observedScalabilityEnabled: flag("scalability", "observedScalabilityEnabled"),
  coefficientMin: number("scalabilityLeast", "coefficientMin"),
  effectivenessThreshold: number("effectiveness", "effectivenessThreshold"),
  detectionEnabled: flag("blockIneffective", "detectionEnabled"),
  eventIntervalSec: ms("eventIntervalMs", "eventIntervalSec", 1_000),
  trackingEnabled: flag("trackRestarts", "trackingEnabled"),
  limitSec: ms("restartLimitMs", "limitSec", 1_000),
  gcPressureThreshold: number("gcThreshold", "gcPressureThreshold"),
  heapUsageThreshold: number("heapThreshold", "heapUsageThreshold"),
  cpuQuota: number("quotaCpu", "cpuQuota"),
  metricWindowSec: ms("windowMs", "metricWindowSec", 1_000),
  metricWindowMs: ms("windowMs", "metricWindowMs", 1),
  stabilizationSec: ms("stabilizationMs", "stabilizationSec", 1_000),
  stabilizationMs: ms("stabilizationMs", "stabilizationMs", 1),
  backlogLagThresholdSec: ms("backlogThresholdMs", "backlogLagThresholdSec", 1_000),
  thresholdSec: ms("backlogThresholdMs", "thresholdSec", 1_000),
  lagThresholdSec: ms("observeThresholdMs", "lagThresholdSec", 1_000),
  switchThreshold: number("observeSwitch", "switchThreshold"),
  scalingEnabled: flag("scalingEnabled", "scalingEnabled"),
  memoryTuningEnabled: flag("memoryTuning", "memoryTuningEnabled"),
  overhead: number("memoryOverhead", "overhead"),
  maximizeManaged: flag("maximizeManaged", "maximizeManaged"),
  scaleDownCompensation: flag("memoryCompensation", "scaleDownCompensation"),
  compensationEnabled: flag("memoryCompensation", "compensationEnabled"),
};

/**
 * The options that a case gives, over those of its suite, over the defaults. A null is "not set" and leaves what lies
 * beneath.
 */
export function optionsOf(inputs: Inputs, ofSuite: Partial<FlinkOptions> = {}): FlinkOptions {
  const given: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(FIELDS)) {
    if (!inputs.has(name)) continue;
    const [option, value] = read(inputs);
    if (value !== undefined) given[option] = value;
  }
  if (inputs.has("minObservations")) {
    const least = inputs.number("minObservations");
    given["observeMin"] = least;
    given["scalabilityMin"] = least;
  }
  if (inputs.has("memoryQuota")) given["quotaMemory"] = bytesIn(inputs, "memoryQuota");
  if (inputs.has("aggregator")) given["busyAggregator"] = inputs.text("aggregator");
  const mode = inputs.has("alignment") ? inputs.text("alignment") : undefined;
  if (mode !== undefined) given["alignment"] = modeOf(mode);
  return { ...DEFAULT_FLINK_OPTIONS, enabled: true, ...ofSuite, ...given };
}

/** `legacy EVENLY_SPREAD` and its like. */
export function modeOf(text: string): AlignmentMode {
  const mode = text.replace(/^legacy\s+/, "legacy-");
  switch (mode) {
    case "BALANCED":
    case "EVENLY_SPREAD":
    case "OFF":
    case "legacy-EVENLY_SPREAD":
    case "legacy-MAXIMIZE_UTILISATION":
      return mode;
    default:
      throw new Unforeseen(`input mode: got "${text}"; expected an alignment mode`);
  }
}

/** A memory size as number or text, also with the unit MiB; null: not set. */
export function bytesIn(inputs: Inputs, name: string): number | null {
  const value = inputs.get(name);
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return value;
  const bytes = parseMemory(String(value).replace(/([kmgt])ib$/i, "$1b"));
  if (bytes === undefined)
    throw new Unforeseen(`input ${name}: got "${String(value)}"; expected a memory size`);
  return bytes;
}
