import type { EdgePlan, JobPlan, VertexPlan } from "../world.ts";
import { majorOf } from "./flink-version.ts";
import type { SubtaskFrame } from "./frame.ts";
import { operatorMetrics, splitMetrics } from "./operator-metrics.ts";
import { taskMetrics } from "./task-metrics.ts";
import type { MetricValue, OfFrame, VertexShape } from "./vertex-shape.ts";

/** The metrics that every subtask of one vertex has, by Flink's names. */
export interface VertexMetrics {
  readonly shape: VertexShape;
  /** As REST names it: `Source: gen` → `Source__gen`. */
  readonly operator: string;
  readonly ofTask: ReadonlyMap<string, OfFrame>;
  readonly ofOperator: ReadonlyMap<string, OfFrame>;
  /** For each partition a reader has; Flink 2.x only. */
  readonly ofSplit: ReadonlyMap<string, OfFrame>;
}

/** Characters that separate or end names in Flink's metric dumps. */
const RESERVED = /[ .:,]/g;

export function vertexMetricsOf(job: JobPlan, plan: VertexPlan, flinkVersion: string): VertexMetrics {
  const inputs = job.edges.filter((e) => e.to === plan.id);
  const outputs = job.edges.filter((e) => e.from === plan.id);
  const shape: VertexShape = {
    plan,
    isSource: plan.source !== undefined,
    isSink: outputs.length === 0,
    flinkMajor: majorOf(flinkVersion),
    bytesPerRead: meanBytes(inputs),
    bytesPerWrite: meanBytes(outputs),
  };
  return {
    shape,
    operator: plan.name.replace(RESERVED, "_"),
    ofTask: taskMetrics(shape),
    ofOperator: operatorMetrics(shape),
    ofSplit: splitMetrics(shape),
  };
}

const meanBytes = (edges: readonly EdgePlan[]): number =>
  edges.length === 0 ? 0 : edges.reduce((sum, e) => sum + e.recordBytes, 0) / edges.length;

/** Names of one subtask's metrics without its index, as `/subtasks/metrics` lists them. */
export function namesOf(metrics: VertexMetrics, frame: SubtaskFrame): string[] {
  const { operator } = metrics;
  const names = [...metrics.ofTask.keys()];
  for (const [name, of] of metrics.ofOperator) {
    if (of(frame) !== undefined) names.push(`${operator}.${name}`);
  }
  for (const partition of frame.partitions) {
    for (const name of metrics.ofSplit.keys()) names.push(`${operator}.split.part-${partition}.${name}`);
  }
  return names;
}

const SPLIT = /^split\.part-(\d+)\.(.+)$/;

/** Undefined where the subtask has no metric of that name. */
export function metricOf(metrics: VertexMetrics, frame: SubtaskFrame, name: string): MetricValue | undefined {
  const ofTask = metrics.ofTask.get(name);
  if (ofTask !== undefined) return ofTask(frame);
  const prefix = `${metrics.operator}.`;
  if (!name.startsWith(prefix)) return undefined;
  const rest = name.slice(prefix.length);
  const [, partition, ofSplit] = SPLIT.exec(rest) ?? [];
  if (partition === undefined) return metrics.ofOperator.get(rest)?.(frame);
  return frame.partitions.includes(Number(partition))
    ? metrics.ofSplit.get(ofSplit ?? "")?.(frame)
    : undefined;
}
