import type { FlinkOptions } from "../../../autoscaler/flink/flink-options.ts";
import { flinkPolicy } from "../../../autoscaler/flink/policy.ts";
import type { FlinkSample } from "../../../autoscaler/flink/samples.ts";
import { averageOf } from "../../../autoscaler/flink/series.ts";
import { type FlinkState, NEW_FLINK_STATE } from "../../../autoscaler/flink/state.ts";
import type { FlinkTopology } from "../../../autoscaler/flink/topology.ts";
import { asNumber, type Inputs, type Json } from "./case.ts";
import { optionsOf } from "./options-of.ts";
import { readoutOf } from "./readout-of.ts";
import { topologyFrom } from "./topology-of.ts";

const SUITE: Partial<FlinkOptions> = { stabilizationMs: 0, scaleDownMaxFactor: 1, loopMs: 0 };

interface Plan {
  readonly topology: FlinkTopology;
  readonly sampleMs: number;
  readonly perSample: number;
  readonly busy: Readonly<Record<string, readonly number[]>>;
  readonly first: Readonly<Record<string, number>>;
  readonly samplesPerEntry: number;
}

/** DelayedScaleDownEndToEndTest: busy times by the entry, a sample a minute, until the first rescale. */
export function endToEnd(inputs: Inputs, expected: unknown): Json {
  const plan = planOf(inputs);
  const policy = flinkPolicy(optionsOf(inputs, SUITE));
  // A case may end where the window's mean has risen to a level: nothing may be waiting any more.
  const level = (expected as Json)["delayedVerticesEmptyWhenWindowAvgAtLeast"];
  let state = NEW_FLINK_STATE;
  const entries = Math.max(...Object.values(plan.busy).map((list) => list.length));
  for (let i = 0; i <= entries * plan.samplesPerEntry; i++) {
    const at = i * plan.sampleMs;
    const readout = readoutOf(at, plan.topology, (id) => ({
      recordsIn: plan.perSample * i,
      busy: busyAt(plan, id, i),
      pending: 0,
    }));
    const stepped = policy.step(state, readout, at);
    state = stepped.state;
    const { target } = stepped.decision;
    if (target !== null) {
      return { scalingExecuted: true, atMinute: at / 60_000, source: target["source"], sink: target["sink"] };
    }
    const passed =
      level !== undefined &&
      stepped.decision.outcome !== "window-filling" &&
      sinkAverage(state) >= asNumber(level, "level");
    if (passed && i > 0) {
      const empty = Object.keys(state.delayed).length === 0;
      return {
        scalingExecuted: false,
        delayedVerticesEmptyWhenWindowAvgAtLeast: empty ? level : "still waiting",
      };
    }
  }
  return { scalingExecuted: false };
}

const sinkAverage = (state: FlinkState): number =>
  Math.round(averageOf(state.samples as readonly FlinkSample[], "sink", "load") * 1e6) / 1e3;

function planOf(inputs: Inputs): Plan {
  const sampleMs = inputs.number("sampleIntervalSec", 60) * 1_000;
  const maxParallelism = inputs.limit("maxParallelism");
  const parallelism: Record<string, number> = {
    source: inputs.count("sourceParallelism"),
    sink: inputs.count("sinkParallelism"),
  };
  const first = inputs.record("firstSample");
  return {
    topology: topologyFrom(
      ["source", "sink"],
      [["source", "sink", inputs.text("edge", "REBALANCE")]],
      (id) => ({
        parallelism: parallelism[id] ?? 1,
        maxParallelism,
      }),
    ),
    sampleMs,
    perSample: (inputs.number("recordsPerMinute") * sampleMs) / 60_000,
    busy: {
      source: inputs.numbers("sourceBusyMsPerSecPer10Min"),
      sink: inputs.numbers("sinkBusyMsPerSecPer10Min"),
    },
    first: {
      source: asNumber(first["sourceBusy"], "firstSample.sourceBusy"),
      sink: asNumber(first["sinkBusy"], "firstSample.sinkBusy"),
    },
    samplesPerEntry: inputs.looks("samplesPerEntry", 10),
  };
}

/** Sample 0 comes first and alone, then each entry holds for so many samples. */
function busyAt(plan: Plan, id: string, i: number): number {
  if (i === 0) return plan.first[id] ?? 0;
  return plan.busy[id]?.[Math.ceil(i / plan.samplesPerEntry) - 1] ?? 0;
}
