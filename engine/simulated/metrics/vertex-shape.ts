import type { VertexPlan } from "../world.ts";
import type { SubtaskFrame } from "./frame.ts";

/** A metric's value: a number, or text where Flink's number does not fit into one of ours. */
export type MetricValue = number | string;
/** Undefined while the subtask has not registered it. */
export type OfFrame = (frame: SubtaskFrame) => MetricValue | undefined;

/** What a vertex is, as far as its metrics depend on it. */
export interface VertexShape {
  readonly plan: VertexPlan;
  readonly isSource: boolean;
  readonly isSink: boolean;
  readonly flinkMajor: number;
  /** Means over its edges; 0 where it has none. */
  readonly bytesPerRead: number;
  readonly bytesPerWrite: number;
}
