import type { Instant, Milliseconds, VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";
import { restartTimeOf } from "./restart-times.ts";
import { scalabilityOf } from "./scaling-history.ts";
import type { FlinkState } from "./state.ts";

/** What the policy has learned of a job and reckons with, for people; each can be overridden by the option beside it. */
export interface FlinkLearned {
  readonly restart: {
    /** `restart.time` */
    readonly configuredMs: Milliseconds;
    /** Measured, newest last. */
    readonly measuredMs: readonly Milliseconds[];
    /** What is reckoned with: `restart.time-tracking.enabled` decides. */
    readonly usedMs: Milliseconds;
  };
  readonly window: {
    /** `metrics.window` */
    readonly lengthMs: Milliseconds;
    readonly samples: number;
    readonly from: Instant | null;
  };
  readonly vertices: Readonly<Record<VertexId, LearnedVertex>>;
}

export interface LearnedVertex {
  /** Busy milliseconds of a subtask per record: parallelism ÷ rate at full speed; null: unknown. */
  readonly costMs: number | null;
  /** How much of linear growth its history shows, 0..1 (`observed-scalability.enabled`). */
  readonly scalability: number;
  /** Rescales that are remembered (`history.max.count`, `history.max.age`). */
  readonly rescales: number;
  /** Since when a scale-down waits; null: none does. */
  readonly scaleDownSince: Instant | null;
}

/** What `state` holds that people may want to see. */
export function learnedOf(state: FlinkState, options: FlinkOptions): FlinkLearned {
  const ids = new Set([
    ...Object.keys(state.last?.vertices ?? {}),
    ...Object.keys(state.history),
    ...Object.keys(state.delayed),
  ]);
  const vertices: Record<VertexId, LearnedVertex> = {};
  for (const id of ids) {
    const finding = state.last?.vertices[id];
    const rate = finding?.trueProcessingRate;
    const history = state.history[id] ?? [];
    vertices[id] = {
      costMs:
        finding === undefined || typeof rate !== "number" || rate <= 0
          ? null
          : (finding.parallelism * 1_000) / rate,
      scalability: scalabilityOf(history, options.scalabilityMin, options.scalabilityLeast),
      rescales: history.length,
      scaleDownSince: state.delayed[id]?.since ?? null,
    };
  }
  return {
    restart: {
      configuredMs: options.restartMs,
      measuredMs: state.restarts.flatMap((r) => (r.tookMs === null ? [] : [r.tookMs])),
      usedMs: restartTimeOf(state.restarts, options),
    },
    window: { lengthMs: options.windowMs, samples: state.samples.length, from: state.samples[0]?.at ?? null },
    vertices,
  };
}
