import { checkFlinkOptions } from "../../../autoscaler/flink/check-options.ts";
import { isExcluded, type Period, parsePeriod } from "../../../autoscaler/flink/excluded-periods.ts";
import { DEFAULT_FLINK_OPTIONS, type FlinkOptions } from "../../../autoscaler/flink/flink-options.ts";
import { PREFIX } from "../../../autoscaler/flink/options.ts";
import { mergeOverrides, requirementsToPut } from "../../../autoscaler/flink/overrides.ts";
import { flinkPolicy, leaveAlone } from "../../../autoscaler/flink/policy.ts";
import { parseFlinkOptions } from "../../../autoscaler/flink/read-options.ts";
import { parseScalingReport, scalingReport } from "../../../autoscaler/flink/report.ts";
import {
  closeRestart,
  type RestartRecord,
  restartTimeOf,
  trimRestarts,
} from "../../../autoscaler/flink/restart-times.ts";
import { NEW_FLINK_STATE } from "../../../autoscaler/flink/state.ts";
import { effectiveStatus, topologyOf } from "../../../autoscaler/flink/topology.ts";
import type { Graph } from "../../../model/index.ts";
import { asNumber, type Inputs, isRecord, type Json, Unforeseen } from "./case.ts";
import { optionsOf } from "./options-of.ts";
import { readoutOf } from "./readout-of.ts";
import { parseTopology, topologyFrom } from "./topology-of.ts";

const numbersOf = (values: Json): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, v]) => [name, asNumber(v, name)]));

/** ScalingTrackingTest: which outage is reckoned with, when it is recorded, what is forgotten. */
export function tracking(inputs: Inputs): Json {
  if (inputs.has("recordAgesSec")) {
    const ages = [...inputs.numbers("recordAgesSec")].sort((a, b) => b - a);
    const records = ages.map((age): RestartRecord => ({ at: -age * 1_000, target: {}, tookMs: null }));
    const keep = { historyMs: inputs.number("keepSec") * 1_000, historyCount: inputs.number("maxCount") };
    return { remaining: trimRestarts(records, keep, 0).length };
  }
  if (inputs.has("target")) {
    const byIndex = (values: readonly number[]) => Object.fromEntries(values.map((v, i) => [`v${i}`, v]));
    const at = inputs.number("scalingTsSec") * 1_000;
    const open: RestartRecord = { at, target: byIndex(inputs.numbers("target")), tookMs: null };
    const closed = closeRestart(
      [open],
      byIndex(inputs.numbers("actual")),
      inputs.number("runningTsSec") * 1_000,
    );
    const took = closed[0]?.tookMs ?? null;
    return { recorded: took !== null, durationSec: took === null ? null : took / 1_000 };
  }
  const options = optionsOf(inputs);
  const records = inputs
    .numbers("recordedSec")
    .map((s, at): RestartRecord => ({ at, target: {}, tookMs: s * 1_000 }));
  return { restartTimeSec: restartTimeOf(records, options) / 1_000 };
}

/** CalendarUtilsTest: whether periods can be read, and whether a moment lies in one. */
export function calendar(inputs: Inputs): Json {
  const parsed = inputs.texts("excludedPeriods").map(parsePeriod);
  const periods = parsed.filter((p): p is Period => typeof p !== "string");
  const valid = periods.length === parsed.length;
  if (!inputs.has("localTime")) return { valid };
  const local = inputs.text("localTime").replace(/\s*\(.*\)$/, "");
  const at = Date.parse(`${local}Z`) + inputs.number("offsetSec", 0) * 1_000;
  return { valid, excluded: isExcluded(periods, at, "UTC") };
}

/** JobStatusUtilsTest. */
export function jobStatus(inputs: Inputs): Json {
  return { effectiveStatus: effectiveStatus(inputs.text("state"), numbersOf(inputs.record("tasks"))) };
}

/** AutoScalerUtilsTest: vertices are added to the list of excluded ones, never taken out. */
export function exclusion(inputs: Inputs): Json {
  let options: FlinkOptions = DEFAULT_FLINK_OPTIONS;
  const changed: boolean[] = [];
  const lists: string[] = [];
  for (const call of inputs.texts("calls")) {
    const ids = /^exclude (.+)$/.exec(call)?.[1]?.split(",");
    if (ids === undefined) throw new Unforeseen(`input calls: got "${call}"; expected exclude ID,ID`);
    const next = leaveAlone(options, ids);
    changed.push(next !== options);
    lists.push(next.excludedVertices.join(","));
    options = next;
  }
  return { changed, excluded: lists };
}

/** JobTopologyTest: a graph in the autoscaler's form. */
export function topology(inputs: Inputs): Json {
  const plan = parseTopology(inputs.text("plan"), () => ({ maxParallelism: 128 }));
  const graph: Graph = {
    vertices: plan.map(({ id, parallelism, maxParallelism }) => ({
      id,
      name: id,
      parallelism,
      maxParallelism,
      slotSharingGroup: "",
    })),
    edges: plan.flatMap((v) => Object.entries(v.inputs).map(([from, ship]) => ({ from, to: v.id, ship }))),
  };
  const vertices = topologyOf(graph, {});
  return {
    outputs: Object.fromEntries(vertices.map((v) => [v.id, v.outputs])),
    parallelism: Object.fromEntries(vertices.map((v) => [v.id, v.parallelism])),
    maxParallelismAll: vertices.every((v) => v.maxParallelism === 128) ? 128 : undefined,
  };
}

/** AutoScalerEventHandlerTest: the report says what it was made of. */
export function report(inputs: Inputs): Json {
  const summaries = inputs.records("summaries").map((s) => [
    String(s["id"]),
    {
      from: asNumber(s["current"], "summaries.current"),
      to: asNumber(s["new"], "summaries.new"),
      outside: true,
      trueProcessingRate: asNumber(s["tprAvg"], "summaries.tprAvg"),
      expectedRate: asNumber(s["expectedCurrent"], "summaries.expectedCurrent"),
      targetRate: asNumber(s["targetAvg"], "summaries.targetAvg"),
    },
  ]);
  const parsed = parseScalingReport(scalingReport(Object.fromEntries(summaries)));
  return { parsed: parsed.map(({ from, to, ...line }) => ({ ...line, current: from, new: to })) };
}

/** AutoscalerValidatorTest: which values of an option are in range, and whether its feature's switch matters. */
export function validator(inputs: Inputs): Json {
  const option = inputs.text("option");
  const flag =
    inputs.has("featureFlag") && inputs.get("featureFlag") !== null ? inputs.text("featureFlag") : null;
  const base: FlinkOptions = { ...DEFAULT_FLINK_OPTIONS, enabled: true };
  const problemsOf = (value: number, feature: boolean): number => {
    const keys: Record<string, string> = { [PREFIX + option]: String(value), [`${PREFIX}enabled`]: "true" };
    if (flag !== null) keys[PREFIX + flag] = String(feature);
    return checkFlinkOptions({ ...base, ...parseFlinkOptions(keys).options }).filter(
      (p) => p.option === option,
    ).length;
  };
  const values = inputs.numbers("values");
  const valid = values.map((value) => problemsOf(value, true) === 0);
  const ignoredWhenFeatureOff = flag !== null && values.every((value) => problemsOf(value, false) === 0);
  return { valid, ignoredWhenFeatureOff };
}

/** JobAutoScalerImplTest: overrides of the user and of the autoscaler, and what switching off does. */
export function implementation(inputs: Inputs): Json {
  if (inputs.has("enabled")) {
    inputs.get("stateBefore");
    const job = topologyFrom(["v1"], []);
    const before = {
      ...NEW_FLINK_STATE,
      overrides: { v1: 2 },
      restarts: [{ at: 0, target: { v1: 2 }, tookMs: null }],
    };
    const policy = flinkPolicy({ enabled: inputs.flag("enabled") });
    const after = policy.step(
      before,
      readoutOf(0, job, () => ({ recordsIn: 0, busy: 0 })),
      0,
    ).state;
    const empty =
      Object.keys(after.overrides).length === 0 && after.restarts.length === 0 && after.samples.length === 0;
    return { stateAfter: empty ? "empty" : "kept" };
  }
  const map = (name: string): Record<string, number> =>
    isRecord(inputs.get(name)) ? numbersOf(inputs.record(name)) : {};
  return {
    applied: mergeOverrides(map("autoscalerOverrides"), map("userOverrides"), inputs.texts("excluded")),
  };
}

/** RescaleApiScalingRealizerTest: what is put, if anything. */
export function realizer(inputs: Inputs): Json {
  const lower = inputs.has("currentLowerBounds") ? numbersOf(inputs.record("currentLowerBounds")) : undefined;
  const put = requirementsToPut(
    numbersOf(inputs.record("overrides")),
    { upper: numbersOf(inputs.record("currentUpperBounds")), ...(lower === undefined ? {} : { lower }) },
    {
      adaptive: inputs.text("scheduler").toLowerCase() === "adaptive",
      running: inputs.text("jobStatus") === "RUNNING",
    },
  );
  return { put };
}
