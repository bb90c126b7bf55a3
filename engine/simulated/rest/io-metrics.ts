import { isTerminal } from "../../../model/index.ts";
import { frameOf, type SubtaskFrame } from "../metrics/frame.ts";
import type { GraphCopy, VertexCopy } from "../metrics/graph-cache.ts";
import { taskReadBytes, taskReads, taskWriteBytes, taskWrites } from "../metrics/task-metrics.ts";
import type { Desk } from "./desk.ts";

/** Sums over subtasks, in Flink's words (`IOMetricsInfo`). */
export type IoMetrics = Readonly<Record<(typeof COUNTERS)[number], number>> &
  Readonly<Record<(typeof COMPLETE)[number], boolean>>;

export const COUNTERS = [
  "read-bytes",
  "write-bytes",
  "read-records",
  "write-records",
  "accumulated-backpressured-time",
  "accumulated-idle-time",
  "accumulated-busy-time",
] as const;
const COMPLETE = [
  "read-bytes-complete",
  "write-bytes-complete",
  "read-records-complete",
  "write-records-complete",
] as const;

/**
 * Counters of a vertex of a cached graph. While the job lives they come from the metric store, so a graph whose
 * attempts are over finds nothing there and shows zeros, marked as incomplete.
 */
export function ioMetricsOf(desk: Desk, graph: GraphCopy, vertex: VertexCopy): IoMetrics {
  return sumOf(desk, graph, vertex, framesOfCopy(desk, graph, vertex));
}

/** The frames that belong to the attempts of the copy, in their order; undefined where the store has none. */
export function framesOfCopy(
  desk: Desk,
  graph: GraphCopy,
  vertex: VertexCopy,
): readonly (SubtaskFrame | undefined)[] {
  if (isTerminal(graph.state))
    return vertex.subtasks.map((s) => frameOf(graph.id, vertex, s, desk.gauges, graph.at));
  const known = desk.store.look().vertex(graph.id, vertex.id);
  return vertex.subtasks.map((s) => known.find((f) => f.index === s.index && f.startedAt === s.startedAt));
}

export function sumOf(
  desk: Desk,
  graph: GraphCopy,
  vertex: VertexCopy,
  frames: readonly (SubtaskFrame | undefined)[],
): IoMetrics {
  const shape = desk.metricsOf(graph.id, vertex.id)?.shape;
  const known = frames.filter((f) => f !== undefined);
  const sum = (of: (frame: SubtaskFrame) => number): number => known.reduce((total, f) => total + of(f), 0);
  const complete = known.length === frames.length;
  return {
    "read-bytes": shape === undefined ? 0 : sum((f) => taskReadBytes(shape, f)),
    "read-bytes-complete": complete,
    "write-bytes": shape === undefined ? 0 : sum((f) => taskWriteBytes(shape, f)),
    "write-bytes-complete": complete,
    "read-records": shape === undefined ? 0 : sum((f) => taskReads(shape, f)),
    "read-records-complete": complete,
    "write-records": shape === undefined ? 0 : sum((f) => taskWrites(shape, f)),
    "write-records-complete": complete,
    "accumulated-backpressured-time": sum((f) => f.backPressuredMs),
    "accumulated-idle-time": sum((f) => f.idleMs),
    "accumulated-busy-time": sum((f) => f.busyMs),
  };
}
