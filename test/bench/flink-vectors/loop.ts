import { targetCapacity } from "../../../autoscaler/flink/capacity.ts";
import type { FlinkOptions } from "../../../autoscaler/flink/flink-options.ts";
import { PREFIX } from "../../../autoscaler/flink/options.ts";
import { flinkPolicy } from "../../../autoscaler/flink/policy.ts";
import { parseFlinkOptions } from "../../../autoscaler/flink/read-options.ts";
import { closeRestart, type RestartRecord } from "../../../autoscaler/flink/restart-times.ts";
import type { FlinkReadout } from "../../../autoscaler/flink/sample-of.ts";
import { type FlinkState, NEW_FLINK_STATE } from "../../../autoscaler/flink/state.ts";
import type { FlinkTopology } from "../../../autoscaler/flink/topology.ts";
import { sentenceOf } from "../../../model/index.ts";
import { type Inputs, type Json, Unforeseen } from "./case.ts";
import { optionsOf } from "./options-of.ts";
import { readoutOf } from "./readout-of.ts";
import { parseTopology, topologyFrom } from "./topology-of.ts";

const LOOP: Partial<FlinkOptions> = { stabilizationMs: 0, scaleDownIntervalMs: 0, loopMs: 0 };
const PAIR = "source -> sink REBALANCE";

/** BacklogBasedScalingTest and RecommendedParallelismTest: passes of the whole loop. */
export function loop(inputs: Inputs): Json {
  if (inputs.has("config")) return configError(inputs);
  if (inputs.has("sequence")) return sequence(inputs.texts("sequence"));
  if (inputs.has("samples")) return oneLook(inputs);
  return series(inputs);
}

/** Counters and gauges in a row, one look each, on a job of source and sink. */
function series(inputs: Inputs): Json {
  const parallelism = inputs.has("parallelism") ? inputs.count("parallelism") : undefined;
  const text = inputs.text("topology", PAIR).replace(/,\s*maxParallelism.*$/, "");
  const topology = parseTopology(text, () => (parallelism === undefined ? {} : { parallelism }));
  const policy = flinkPolicy(optionsOf(inputs, LOOP));
  const everyMs = inputs.number("sampleIntervalSec", 1) * 1_000;
  const recordsIn = inputs.numbers("numRecordsIn");
  const ofSink = inputs.has("sinkNumRecordsIn") ? inputs.numbers("sinkNumRecordsIn") : recordsIn;
  const pending = inputs.numbers("pendingRecords");
  const inPerSecond = inputs.numberOrNull("recordsInPerSecond");
  const busy = inputs.number("busyTimeMsPerSec");
  const sinkBusy = inputs.number("sinkBusyTimeMsPerSec", busy);
  let state = NEW_FLINK_STATE;
  let got: Json = {};
  for (const [i, read] of recordsIn.entries()) {
    const at = i * everyMs;
    const readout = readoutOf(at, topology, (id) =>
      id === "sink"
        ? { recordsIn: ofSink[i] ?? null, busy: sinkBusy }
        : { recordsIn: read, busy, pending: pending[i] ?? null, inPerSecond },
    );
    const stepped = policy.step(state, readout, at);
    state = stepped.state;
    const { decision, evaluation } = stepped;
    const [source, sink] = topology;
    const e = source === undefined ? undefined : evaluation?.vertices[source.id];
    const to = (vertex: FlinkTopology[number] | undefined): number | undefined =>
      vertex === undefined ? undefined : (decision.target?.[vertex.id] ?? vertex.parallelism);
    got = {
      sourceParallelism: to(source),
      sinkParallelism: to(sink),
      scaled: decision.target !== null,
      parallelism: source?.parallelism,
      recommendedParallelism: decision.recommended,
      overrides: state.overrides,
      inputRate: ratePer(recordsIn, everyMs),
      lagRate: ratePer(pending, everyMs),
      targetDataRate: e?.targetRate,
      catchUpRate: e?.catchUpRate,
      trueProcessingRate: e?.trueProcessingRate,
      processingBacklog: evaluation?.processingBacklog,
      scaleUpThreshold: e?.scaleUpThreshold,
      scaleDownThreshold: e?.scaleDownThreshold,
      rawRecommendation: decision.recommended?.[source?.id ?? ""],
    };
  }
  return withCapacity(got, policy.options);
}

/** The capacity that the recommendation was made for, by the thresholds' own formula. */
function withCapacity(got: Json, options: FlinkOptions): Json {
  const [target, catchUp] = [got["targetDataRate"], got["catchUpRate"]];
  if (typeof target !== "number" || typeof catchUp !== "number") return got;
  return {
    ...got,
    targetCapacity: targetCapacity({ targetRate: target, catchUpRate: catchUp }, options, options.restartMs),
  };
}

function ratePer(values: readonly number[], everyMs: number): number {
  const [first, last] = [values[0], values.at(-1)];
  return ((last ?? 0) - (first ?? 0)) / Math.max(1, ((values.length - 1) * everyMs) / 1_000);
}

/** So few looks, the last at `tSec`: is anything evaluated or told? */
function oneLook(inputs: Inputs): Json {
  const policy = flinkPolicy(optionsOf(inputs, { loopMs: 0 }));
  const count = inputs.looks("samples");
  const end = inputs.number("tSec", 0) * 1_000;
  const topology = parseTopology(PAIR);
  let state = NEW_FLINK_STATE;
  let evaluated = false;
  let events = 0;
  for (let i = 0; i < count; i++) {
    const at = end - (count - 1 - i) * 1_000;
    const stepped = policy.step(
      state,
      readoutOf(at, topology, () => ({ recordsIn: 100 * i, busy: 100, pending: 0 })),
      at,
    );
    state = stepped.state;
    evaluated ||= stepped.evaluation !== null;
    events += stepped.decision.messages.length;
  }
  return { evaluated, events };
}

/** A value that cannot be read is told as an error; nothing else happens. */
function configError(inputs: Inputs): Json {
  const config = Object.entries(inputs.record("config")).map(([key, value]) => {
    const whole = key.startsWith(PREFIX) || key.startsWith("kubernetes.") ? key : PREFIX + key;
    return [whole, String(value)] as const;
  });
  try {
    parseFlinkOptions(Object.fromEntries(config));
    return { events: 0 };
  } catch (error) {
    const message = sentenceOf(error);
    return {
      events: 1,
      reason: "AutoscalerError",
      messagePrefix: message.slice(0, "Could not parse".length),
    };
  }
}

/** The two stories that are told in words: a restart that is tracked, and a job that is not RUNNING for a while. */
function sequence(steps: readonly string[]): Json {
  if (steps.some((s) => /scale up/.test(s))) return trackedRestart(steps);
  if (steps.some((s) => /CREATED/.test(s))) return interrupted(steps);
  throw new Unforeseen(`input sequence: got "${steps.join("; ")}"; expected one of the known stories`);
}

function trackedRestart(steps: readonly string[]): Json {
  let records: readonly RestartRecord[] = [];
  let scaledAt = 0;
  const durations = steps.map((step) => {
    const scaled = /t=(\d+) s scale up (\d+)->(\d+)/.exec(step);
    if (scaled !== null) {
      scaledAt = Number(scaled[1]) * 1_000;
      records = [{ at: scaledAt, target: { source: Number(scaled[3]) }, tookMs: null }];
    }
    const running = /RUNNING with parallelism (\d+), running timestamp (\d+) ms/.exec(step);
    if (running === null) return records.at(-1)?.tookMs ?? null;
    const runningSince = Number(running[2]);
    records = closeRestart(records, { source: Number(running[1]) }, runningSince);
    const took = records.at(-1)?.tookMs ?? null;
    return took === runningSince - scaledAt ? "runningTs - scalingTs" : took;
  });
  return { trackingDuration: durations };
}

/** A job with a full window and overrides leaves RUNNING at a moment, comes back, and is looked at again. */
function interrupted(steps: readonly string[]): Json {
  const topology = topologyFrom(["source", "sink"], [["source", "sink", "REBALANCE"]]);
  const overrides = { source: 4, sink: 4 };
  const policy = flinkPolicy({ enabled: true, stabilizationMs: 0, windowMs: 3_000, loopMs: 0 });
  const look = (at: number, more: Partial<FlinkReadout>): FlinkReadout =>
    readoutOf(
      at,
      topology,
      (id) => ({ recordsIn: at / 2, busy: 850, ...(id === "source" ? { pending: 2_000 } : {}) }),
      more,
    );
  let state: FlinkState = { ...NEW_FLINK_STATE };
  for (let at = 0; at <= 3_000; at += 1_000) state = policy.step(state, look(at, {}), at).state;
  state = { ...state, overrides };
  let runningSince = 0;
  const stored: number[] = [];
  const evaluated: (string | null)[] = [];
  let recommended: unknown = null;
  for (const step of steps) {
    const seconds = /\+(\d+) s/.exec(step)?.[1];
    if (seconds === undefined)
      throw new Unforeseen(`input sequence: got "${step}"; expected a time such as +10 s`);
    const at = 3_000 + Number(seconds) * 1_000;
    if (step.startsWith("RUNNING")) runningSince = at;
    const stepped = policy.step(state, look(at, { runningSince, running: !step.startsWith("CREATED") }), at);
    state = stepped.state;
    stored.push(state.samples.length);
    evaluated.push(stepped.evaluation === null ? null : "present");
    recommended = stepped.decision.recommended;
  }
  return {
    storedSamples: stored,
    lastEvaluated: evaluated,
    recommendedParallelism: recommended,
    overridesStill: state.overrides,
  };
}
