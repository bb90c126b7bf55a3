import type { VertexId } from "../../model/index.ts";
import type { Aligned } from "./align.ts";
import type { Ineffective } from "./effectiveness.ts";
import type { Evaluated, Evaluation } from "./evaluate.ts";
import type { FlinkOptions } from "./flink-options.ts";
import type { FlinkMessage } from "./messages.ts";
import { scalingReport } from "./report.ts";
import type { JobVerdict } from "./scale-job.ts";

/** The last scale-up of a vertex brought too little; told whether or not it blocks the next one. */
export function ineffectiveMessage(id: VertexId, found: Ineffective, options: FlinkOptions): FlinkMessage {
  const state = found.blocks ? "enabled" : "disabled";
  return {
    reason: "IneffectiveScaling",
    text: `Ineffective scaling detected for ${id} (expected increase: ${found.expectedIncrease}, actual increase ${found.actualIncrease}). Blocking of ineffective scaling decisions is ${state}`,
    key: `IneffectiveScaling${id}${found.expectedIncrease}`,
    intervalMs: options.eventIntervalMs,
  };
}

/** The older alignment modes could not do what was wished. */
export function limitedMessage(
  id: VertexId,
  limited: NonNullable<Aligned["limited"]>,
  vertex: Pick<Evaluated, "partitions" | "maxParallelism" | "parallelism">,
  options: FlinkOptions,
): FlinkMessage {
  const { partitions, maxParallelism, parallelism } = vertex;
  const units = partitions > 0 ? partitions : maxParallelism;
  const upper = Math.min(maxParallelism, Math.max(parallelism, options.maxParallelism));
  const lower = Math.min(parallelism, options.minParallelism);
  return {
    reason: "ScalingLimited",
    text: `Scaling limited detected for ${id} (expected parallelism: ${limited.expected}, actual parallelism ${limited.actual}). Scaling limited due to numKeyGroupsOrPartitions : ${units}, upperBoundForAlignment(maxParallelism or parallelismUpperLimit): ${upper}, parallelismLowerLimit: ${lower}.`,
    key: `ScalingLimited${id}`,
    intervalMs: options.eventIntervalMs,
  };
}

/** What a decision about a job tells, in the Java autoscaler's reasons and order. */
export function messagesOf(
  verdict: JobVerdict,
  evaluation: Evaluation,
  options: FlinkOptions,
): readonly FlinkMessage[] {
  const messages: FlinkMessage[] = [];
  for (const [id, { ineffective, limited }] of Object.entries(verdict.vertices)) {
    const vertex = evaluation.vertices[id];
    if (ineffective !== null) messages.push(ineffectiveMessage(id, ineffective, options));
    if (limited !== null && vertex !== undefined) messages.push(limitedMessage(id, limited, vertex, options));
  }
  const outcome = outcomeMessage(verdict, evaluation, options);
  return outcome === undefined ? messages : [...messages, outcome];
}

function outcomeMessage(
  verdict: JobVerdict,
  evaluation: Evaluation,
  options: FlinkOptions,
): FlinkMessage | undefined {
  const intervalMs = options.eventIntervalMs;
  if (verdict.executed) {
    return { reason: "ScalingReport", text: scalingReport(verdict.summaries), key: null, intervalMs: null };
  }
  switch (verdict.blocked) {
    case "memory-pressure":
      return evaluation.gcPressure > options.gcThreshold
        ? {
            reason: "MemoryPressure",
            text: pressure("GC Pressure", evaluation.gcPressure),
            key: "gcPressure",
            intervalMs,
          }
        : {
            reason: "MemoryPressure",
            text: pressure("Heap Usage", evaluation.heapUsage),
            key: "heapUsage",
            intervalMs,
          };
    case "quota":
      return {
        reason: "ResourceQuotaReached",
        text: "Resource usage is above the allowed limit for scaling operations. Please adjust the resource quota manually.",
        key: null,
        intervalMs,
      };
    case "advisor-mode":
    case "excluded-period":
      return {
        reason: "ScalingReport",
        text: scalingReport(verdict.summaries, "disabled"),
        key: null,
        intervalMs,
      };
    default:
      return undefined;
  }
}

const pressure = (what: string, value: number): string =>
  `${what} ${value} is above the allowed limit for scaling operations. Please adjust the available memory manually.`;
