import type { Instant, Milliseconds, VertexId } from "../../model/index.ts";
import type { DelayedScaleDowns } from "./delayed-scale-down.ts";
import type { Evaluation } from "./evaluate.ts";
import { isExcluded, type Period, parsePeriod } from "./excluded-periods.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { type QuotaVerdict, quotaVerdict, type TaskManagerSpec } from "./quota.ts";
import { scaleVertex, type VertexVerdict } from "./scale-vertex.ts";
import type { ScalingHistory } from "./scaling-history.ts";
import type { FlinkTopology } from "./topology.ts";

/** Everything that a decision about a job stands on. */
export interface ScaleCase {
  readonly topology: FlinkTopology;
  readonly evaluation: Evaluation;
  readonly history: ScalingHistory;
  readonly delayed: DelayedScaleDowns;
  readonly restartMs: Milliseconds;
  readonly taskManager: TaskManagerSpec;
}

/** A vertex that would change. Rates in records/s. */
export interface ScalingSummary {
  readonly from: number;
  readonly to: number;
  readonly outside: boolean;
  readonly trueProcessingRate: number;
  readonly targetRate: number;
  readonly expectedRate: number;
}

export type Blocked = "memory-pressure" | "all-within" | "advisor-mode" | "excluded-period" | "quota";

export interface JobVerdict {
  /** Vertices that should change, also where they do not because of `blocked`. */
  readonly summaries: Readonly<Record<VertexId, ScalingSummary>>;
  readonly vertices: Readonly<Record<VertexId, VertexVerdict>>;
  /** What waits now. Whoever carries the summaries out forgets all of it, also that of other vertices. */
  readonly delayed: DelayedScaleDowns;
  /** True: the summaries are to be carried out. */
  readonly executed: boolean;
  /** Why not; null also where nothing should change. */
  readonly blocked: Blocked | null;
  /** Wished parallelism of every vertex, told even where scaling is switched off; null: nothing to recommend. */
  readonly recommended: Readonly<Record<VertexId, number>> | null;
  readonly quota: QuotaVerdict | null;
}

/**
 * Whether the job is rescaled, and how. At least one vertex that would change must be outside its bounds; then all
 * that would change do. Memory pressure comes before everything else and is judged strictly above its thresholds.
 */
export function scaleJob(c: ScaleCase, options: FlinkOptions, now: Instant): JobVerdict {
  if (isPressed(c.evaluation, options)) {
    const { delayed } = c;
    return {
      summaries: {},
      vertices: {},
      delayed,
      executed: false,
      blocked: "memory-pressure",
      recommended: null,
      quota: null,
    };
  }
  const { summaries, vertices, delayed } = summarizeVertices(c, options, now);
  const held = { summaries, vertices, delayed, executed: false, recommended: null, quota: null };
  const wished = Object.values(summaries);
  if (wished.length === 0) return { ...held, blocked: null };
  if (!wished.some((s) => s.outside)) return { ...held, blocked: "all-within" };
  const recommended = Object.fromEntries(c.topology.map((v) => [v.id, summaries[v.id]?.to ?? v.parallelism]));
  const advised = { ...held, recommended };
  if (!options.scalingEnabled) return { ...advised, blocked: "advisor-mode" };
  if (inExcludedPeriod(options, now)) return { ...advised, blocked: "excluded-period" };
  const quota = quotaVerdict(c.topology, summaries, c.taskManager, options);
  if (quota?.exceeded) return { ...advised, blocked: "quota", quota };
  return { ...advised, executed: true, blocked: null, quota };
}

const isPressed = (e: Evaluation, o: FlinkOptions): boolean =>
  e.gcPressure > o.gcThreshold || e.heapUsage > o.heapThreshold;

function summarizeVertices(c: ScaleCase, options: FlinkOptions, now: Instant) {
  const summaries: Record<VertexId, ScalingSummary> = {};
  const vertices: Record<VertexId, VertexVerdict> = {};
  const excluded = new Set(options.excludedVertices);
  let delayed = c.delayed;
  for (const vertex of c.topology) {
    const evaluated = c.evaluation.vertices[vertex.id];
    if (evaluated === undefined || vertex.finished || excluded.has(vertex.id)) continue;
    const verdict = scaleVertex(
      vertex.id,
      evaluated,
      Object.values(vertex.inputs),
      c.history[vertex.id] ?? [],
      delayed,
      options,
      c.restartMs,
      now,
    );
    vertices[vertex.id] = verdict;
    delayed = verdict.delayed;
    if (verdict.change === null) continue;
    summaries[vertex.id] = {
      from: vertex.parallelism,
      to: verdict.change.parallelism,
      outside: verdict.change.outside,
      trueProcessingRate: evaluated.trueProcessingRate,
      targetRate: evaluated.targetRate,
      expectedRate: verdict.change.expectedRate,
    };
  }
  return { summaries, vertices, delayed };
}

function inExcludedPeriod(options: FlinkOptions, now: Instant): boolean {
  const periods = options.excludedPeriods.map(parsePeriod).filter((p): p is Period => typeof p !== "string");
  return isExcluded(periods, now, options.timeZone);
}
