import { align, isAligned } from "../../../autoscaler/flink/align.ts";
import { thresholdsOf } from "../../../autoscaler/flink/capacity.ts";
import type { DelayedScaleDowns } from "../../../autoscaler/flink/delayed-scale-down.ts";
import type { Evaluated } from "../../../autoscaler/flink/evaluate.ts";
import type { FlinkOptions } from "../../../autoscaler/flink/flink-options.ts";
import { type Told, tell } from "../../../autoscaler/flink/messages.ts";
import { PREFIX } from "../../../autoscaler/flink/options.ts";
import { parseFlinkOptions } from "../../../autoscaler/flink/read-options.ts";
import { scaleBy, scaleVertex, type VertexVerdict } from "../../../autoscaler/flink/scale-vertex.ts";
import { type ScalingEntry, scalabilityOf, storedRate } from "../../../autoscaler/flink/scaling-history.ts";
import { ineffectiveMessage, limitedMessage } from "../../../autoscaler/flink/verdict-messages.ts";
import { asNumber, Inputs, type Json } from "./case.ts";
import { modeOf, optionsOf } from "./options-of.ts";

const VERTEX = "vertex";
/** What the upstream tests of this suite set before every case. */
const SUITE: Partial<FlinkOptions> = { alignment: "legacy-EVENLY_SPREAD", scaleDownIntervalMs: 0 };

/** JobVertexScalerTest: a factor applied, a coefficient, one decision, or decisions in a row. */
export function vertexScaler(inputs: Inputs, name: string): Json {
  if (inputs.has("scaleFactor")) return applyFactor(inputs);
  const options = optionsOf(inputs, SUITE);
  if (inputs.has("historyOldestFirst") && !inputs.has("currentParallelism")) {
    const entries = historyOf(inputs);
    return { coefficient: scalabilityOf(entries, options.scalabilityMin, options.scalabilityLeast) };
  }
  return inputs.has("steps") ? decideSteps(inputs, options) : decideOnce(inputs, options, name);
}

function applyFactor(inputs: Inputs): Json {
  const current = inputs.count("currentParallelism");
  const { parallelism, limited } = scaleBy(
    inputs.number("scaleFactor"),
    {
      parallelism: current,
      maxParallelism: inputs.limit("maxParallelism", 720),
      partitions: inputs.count("sourcePartitions", 0),
    },
    inputs.texts("inputShipStrategies"),
    inputs.number("lowerLimit", 1),
    inputs.number("upperLimit", 2_147_483_647),
    modeOf(inputs.text("alignment", "legacy EVENLY_SPREAD")),
  );
  return { newParallelism: parallelism, scalingLimitedEvents: limited === null ? 0 : 1 };
}

function decideOnce(inputs: Inputs, options: FlinkOptions, name: string): Json {
  const evaluated = evaluatedOf(inputs, options);
  const ships = inputs.texts("inputShipStrategies");
  const verdict = scaleVertex(VERTEX, evaluated, ships, historyOf(inputs), {}, options, options.restartMs, 0);
  return {
    ...changeOf(verdict, evaluated),
    ...thresholdsIn(evaluated),
    ...messagesOf(verdict, options, name, evaluated),
  };
}

function decideSteps(inputs: Inputs, options: FlinkOptions): Json {
  const ships = inputs.texts("inputShipStrategies");
  const current = inputs.count("currentParallelism");
  let delayed: DelayedScaleDowns = {};
  if (inputs.has("preTriggered")) {
    const { tSec, parallelism, outside } = inputs.record("preTriggered");
    const at = asNumber(tSec, "preTriggered.tSec") * 1_000;
    const queue = [
      { at, parallelism: asNumber(parallelism, "preTriggered.parallelism"), outside: outside === true },
    ];
    delayed = { [VERTEX]: { since: at, queue } };
  }
  const steps = inputs.records("steps").map((step) => {
    const read = new Inputs({ ...step, currentParallelism: step["currentParallelism"] ?? current });
    const evaluated = evaluatedOf(read, options, inputs);
    const now = read.number("tSec") * 1_000;
    const verdict = scaleVertex(
      VERTEX,
      evaluated,
      ships,
      historyOf(inputs),
      delayed,
      options,
      options.restartMs,
      now,
    );
    delayed = verdict.delayed;
    return {
      ...changeOf(verdict, evaluated),
      pendingVertices: Object.keys(delayed).length,
      recommendationQueue: (delayed[VERTEX]?.queue ?? []).map((r) => r.parallelism),
    };
  });
  return { steps };
}

/** The numbers of a vertex, from the step or else from the case. */
function evaluatedOf(step: Inputs, options: FlinkOptions, base: Inputs = step): Evaluated {
  const of = (name: string, standard?: number): number =>
    step.has(name) ? step.number(name) : base.number(name, standard);
  const count = (name: string, standard?: number): number =>
    step.has(name) ? step.count(name) : base.count(name, standard);
  const demand = { targetRate: of("targetDataRate"), catchUpRate: of("catchUpDataRate", 0) };
  const thresholds = thresholdsOf(demand, options, options.restartMs, false);
  return {
    ...demand,
    parallelism: count("currentParallelism"),
    maxParallelism: step.has("maxParallelism")
      ? step.limit("maxParallelism")
      : base.limit("maxParallelism", 720),
    partitions: count("sourcePartitions", 0),
    load: Number.NaN,
    lag: Number.NaN,
    trueProcessingRate: of("trueProcessingRate"),
    scaleUpThreshold: thresholds.scaleUp,
    scaleDownThreshold: thresholds.scaleDown,
  };
}

/** Rescales of the past, in either of the two forms that the cases have. */
function historyOf(inputs: Inputs): readonly ScalingEntry[] {
  if (inputs.has("historyOldestFirst")) {
    return inputs.records("historyOldestFirst").map((e, at) => ({
      at,
      from: asNumber(e["parallelism"], "history.parallelism"),
      to: asNumber(e["newParallelism"] ?? e["parallelism"], "history.newParallelism"),
      trueProcessingRate: storedRate(asNumber(e["trueProcessingRate"], "history.trueProcessingRate")),
      expectedRate: null,
    }));
  }
  if (!inputs.has("history")) return [];
  return inputs.records("history").map((e, at) => ({
    at,
    from: asNumber(e["fromParallelism"], "history.fromParallelism"),
    to: asNumber(e["toParallelism"], "history.toParallelism"),
    trueProcessingRate: storedRate(asNumber(e["trueProcessingRate"], "history.trueProcessingRate")),
    expectedRate: storedRate(asNumber(e["expectedProcessingRate"], "history.expectedProcessingRate")),
  }));
}

const changeOf = (verdict: VertexVerdict, e: Evaluated): Json => ({
  newParallelism: verdict.change?.parallelism ?? e.parallelism,
  changed: verdict.change !== null,
  outsideUtilizationBound: verdict.change?.outside ?? false,
  expectedProcessingRate: verdict.change?.expectedRate,
  targetCapacity: verdict.targetCapacity,
});

const thresholdsIn = (e: Evaluated): Json => ({
  scaleUpThreshold: e.scaleUpThreshold,
  scaleDownThreshold: e.scaleDownThreshold,
});

/** What was told. A case that is named a repeat comes after an equal one, so that one was told at the same moment. */
function messagesOf(verdict: VertexVerdict, options: FlinkOptions, name: string, e: Evaluated): Json {
  const message =
    verdict.ineffective !== null
      ? ineffectiveMessage(VERTEX, verdict.ineffective, options)
      : verdict.limited !== null
        ? limitedMessage(VERTEX, verdict.limited, e, options)
        : undefined;
  if (message === undefined) return { newEvents: 0, scalingLimitedEvents: 0 };
  let told: Told = {};
  if (/repeat/i.test(name)) told = tell(told, message, 0).told;
  const { isNew, count } = tell(told, message, 0);
  return {
    newEvents: isNew ? 1 : 0,
    count,
    reason: message.reason,
    eventReason: message.reason,
    scalingLimitedEvents: verdict.limited !== null && isNew ? 1 : 0,
    expectedIncrease: verdict.ineffective?.expectedIncrease,
    actualIncrease: verdict.ineffective?.actualIncrease,
    blocking: verdict.ineffective === null ? undefined : options.blockIneffective ? "enabled" : "disabled",
    expectedParallelism: verdict.limited?.expected,
    actualParallelism: verdict.limited?.actual,
    numKeyGroupsOrPartitions: e.partitions > 0 ? e.partitions : e.maxParallelism,
    upperBoundForAlignment: Math.min(e.maxParallelism, Math.max(e.parallelism, options.maxParallelism)),
    parallelismLowerLimit: Math.min(e.parallelism, options.minParallelism),
    message: message.text,
  };
}

/** AlignmentModeTest and what follows it: which mode is in force, which vertices it concerns, and where it leads. */
export function alignmentMode(inputs: Inputs): Json {
  if (inputs.has("config")) {
    const config = Object.entries(inputs.record("config")).map(
      ([key, value]) => [PREFIX + key, String(value)] as const,
    );
    const mode = parseFlinkOptions(Object.fromEntries(config)).options.alignment;
    return { mode: mode.replace("legacy-", "legacy ") };
  }
  const partitions = inputs.count("sourcePartitions", 0);
  if (inputs.has("cases")) {
    const applicable = inputs.list("cases").map((ships) => {
      const inputsOfCase = Array.isArray(ships) ? ships.map(String) : [];
      return isAligned({ partitions, inputs: inputsOfCase });
    });
    return { applicable };
  }
  const c = {
    current: inputs.count("currentParallelism"),
    wished: inputs.count("newParallelism"),
    partitions,
    maxParallelism: inputs.limit("maxParallelism"),
    lowerLimit: inputs.number("lowerLimit", 1),
    upperLimit: inputs.number("upperLimit", 2_147_483_647),
    inputs: inputs.texts("inputShipStrategies"),
  };
  const capped = partitions > 0 ? { ...c, wished: Math.min(c.wished, partitions) } : c;
  const { parallelism, limited } = align(modeOf(inputs.text("mode", "BALANCED")), c);
  return {
    alignedParallelism: parallelism,
    scalingLimitedEvents: limited === null ? 0 : 1,
    balancedBeforeFix: align("BALANCED", c).parallelism,
    legacyBeforeFix: align("legacy-EVENLY_SPREAD", c).parallelism,
    afterFix: align("BALANCED", capped).parallelism,
  };
}
