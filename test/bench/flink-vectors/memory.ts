import { scalingFactor, tuneMemory } from "../../../autoscaler/flink/memory-tuning.ts";
import { segmentsOfEdge } from "../../../autoscaler/flink/network-buffers.ts";
import { formatMemory } from "../../../autoscaler/flink/quantities.ts";
import { slotsAfter } from "../../../autoscaler/flink/quota.ts";
import type { Inputs, Json } from "./case.ts";
import { bytesIn, optionsOf } from "./options-of.ts";
import { topologyFrom } from "./topology-of.ts";

/** MemoryTuningTest: buffers of an edge, or the whole configuration. */
export function memoryTuning(inputs: Inputs): Json {
  if (inputs.has("buffersPerChannel")) {
    const perChannel = inputs.number("buffersPerChannel");
    const floating = inputs.number("floatingBuffers");
    const own = inputs.count("currentParallelism");
    const peers = inputs.number("connectedParallelism");
    return { segments: segmentsOfEdge(own, peers, inputs.text("shipStrategy"), { perChannel, floating }) };
  }
  const ids = ["source", "sink"];
  const before = inputs.numbers("parallelism");
  const after = inputs.has("newParallelism") ? inputs.numbers("newParallelism") : before;
  const topology = topologyFrom(ids, [["source", "sink", inputs.text("edge", "REBALANCE")]], (id) => ({
    parallelism: before[ids.indexOf(id)] ?? 1,
  }));
  const changes = Object.fromEntries(
    ids.map((id, i) => [id, { from: before[i] ?? 1, to: after[i] ?? before[i] ?? 1 }]),
  );
  const slotsPerTaskManager = inputs.number("slotsPerTM");
  return {
    ...tuneMemory(
      {
        processBytes: bytesIn(inputs, "processMemory") ?? 0,
        slotsPerTaskManager,
        slotsUsed: inputs.number("slotsUsed"),
        topology,
        changes,
        heapUsed: bytesIn(inputs, "heapUsedAvg") ?? 0,
        managedUsed: bytesIn(inputs, "managedUsedAvg") ?? 0,
        metaspaceUsed: bytesIn(inputs, "metaspaceUsedAvg") ?? 0,
      },
      optionsOf(inputs),
    ),
  };
}

/** MemoryScalingTest: a memory size times TaskManagers before ÷ after, out of a budget. */
export function memoryScaling(inputs: Inputs): Json {
  const options = optionsOf(inputs);
  const bytes = bytesIn(inputs, "memory") ?? 0;
  const budget = bytesIn(inputs, "remainingBudget") ?? 0;
  const from = inputs.count("currentParallelism");
  const to = inputs.number("newParallelism");
  const ids = Array.from({ length: inputs.count("vertices") }, (_, i) => `v${i}`);
  const present = Object.fromEntries(ids.map((id) => [id, from]));
  const changes = Object.fromEntries(ids.map((id) => [id, { from, to }]));
  const used = inputs.number("slotsUsed");
  const factor = scalingFactor(used, slotsAfter(present, changes, used), inputs.number("slotsPerTM", 1));
  const extra = options.memoryCompensation ? Math.min(budget, Math.floor(bytes * factor) - bytes) : 0;
  return { memory: formatMemory(bytes + extra) };
}

/** ResourceCheckUtilsTest: slots that a job will need. */
export function slotEstimate(inputs: Inputs): Json {
  const present: Record<string, number> = {};
  for (const name of ["source", "filter", "sink"]) if (inputs.has(name)) present[name] = inputs.number(name);
  const changes: Record<string, { from: number; to: number }> = {};
  for (const [id, from] of Object.entries(present)) {
    const field = `new${id[0]?.toUpperCase()}${id.slice(1)}`;
    if (inputs.has(field)) changes[id] = { from, to: inputs.number(field) };
  }
  return { slots: slotsAfter(present, changes, inputs.number("slotsUsed")) };
}
