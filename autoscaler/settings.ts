import { z } from "zod";
import type { Milliseconds } from "../model/index.ts";
import { duration, toMs as ms, optionalDuration } from "./duration.ts";
import { FAVOURED } from "./favour.ts";
import { compilePolicy, type PolicyConfig, policyShape } from "./flink/policy-settings.ts";
import { compileTargets, type TargetConfig, targetShape } from "./target-settings.ts";

/** What the slider's places stand for, from latency to cost. */
const favoured = (key: "targetUtilization" | "catchUp"): string =>
  Object.values(FAVOURED)
    .map((f) => f[key])
    .join(", ");

/** What people set, once per installation and again per job where it differs. */
export const autoscalerSettings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether this job is scaled at all."),
  targetUtilization: z
    .number()
    .min(0.1)
    .max(0.95)
    .optional()
    .describe(
      `Busy share (0..1) of the hottest subtask at the largest load that a size is chosen for; what \`favour\` says when absent: ${favoured("targetUtilization")}.`,
    ),
  lowUtilization: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.5)
    .describe("Scale down only when a vertex stays below this busy share (0..1); must be under the target."),
  lagObjective: duration("30s", "Lag (backlog ÷ arrival rate) that the job should stay within."),
  catchUp: optionalDuration(
    `Longest time in which a backlog should be gone after scaling up; a small one is drained in twice the time that it stands for. What \`favour\` says when absent: ${favoured("catchUp")}.`,
  ),
  minParallelism: z.int().min(1).default(1).describe("Lower bound for every vertex (subtasks)."),
  maxParallelism: z.int().min(1).default(200).describe("Upper bound for every vertex (subtasks)."),
  vertices: z
    .record(
      z.string(),
      z.strictObject({
        min: z.int().min(1).optional().describe("Lower bound (subtasks)."),
        max: z.int().min(1).optional().describe("Upper bound (subtasks)."),
        exclude: z.boolean().optional().describe("Leave this vertex alone."),
      }),
    )
    .default({})
    .describe("Bounds by vertex name or vertex id."),
  stabilization: duration("5s", "After every start of the job its counters are not judged for this long."),
  minWatch: duration("10s", "A job is watched at least this long before its first decision."),
  cooldownUp: duration("10s", "Least time between a rescale and the next scale-up."),
  cooldownDown: duration("60s", "Least time between a rescale and the next scale-down."),
  scaleDownPatience: duration(
    "30s",
    "How long every reading must agree that fewer subtasks are enough; at least 20 measured restart pauses.",
  ),
  restartPause: duration("3s", "Assumed pause of a rescale until one was measured on this job."),
  rescaleDeadline: duration(
    "5min",
    "A rescale that did not come true after this long is given up and recorded as such.",
  ),
  staleAfter: duration(
    "45s",
    "A window whose newest reading of any source is older than this is not decided on.",
  ),
  minCoverage: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of readings in the window that must have a value (0..1)."),
  yieldToOthers: duration("5min", "After someone else changed the job's requirements, hold for this long."),
  window: duration("2min", "How far back readings are kept for decisions."),
  ...targetShape,
  ...policyShape,
});

export type AutoscalerSettings = z.infer<typeof autoscalerSettings>;

/** The same in run-time units (ms); this is what the decision gets and what its record keeps. */
export interface AutoscalerConfig extends TargetConfig, PolicyConfig {
  readonly enabled: boolean;
  readonly targetUtilization: number;
  readonly lowUtilization: number;
  readonly lagObjectiveMs: Milliseconds;
  readonly catchUpMs: Milliseconds;
  readonly minParallelism: number;
  readonly maxParallelism: number;
  readonly vertices: Readonly<
    Record<
      string,
      {
        readonly min?: number | undefined;
        readonly max?: number | undefined;
        readonly exclude?: boolean | undefined;
      }
    >
  >;
  readonly stabilizationMs: Milliseconds;
  readonly minWatchMs: Milliseconds;
  readonly cooldownUpMs: Milliseconds;
  readonly cooldownDownMs: Milliseconds;
  readonly scaleDownPatienceMs: Milliseconds;
  readonly restartPauseMs: Milliseconds;
  readonly rescaleDeadlineMs: Milliseconds;
  readonly staleAfterMs: Milliseconds;
  readonly minCoverage: number;
  readonly yieldToOthersMs: Milliseconds;
  readonly windowMs: Milliseconds;
}

export function compileAutoscalerSettings(s: AutoscalerSettings): AutoscalerConfig {
  const slider = FAVOURED[s.favour];
  const targetUtilization = s.targetUtilization ?? slider.targetUtilization;
  return {
    ...compileTargets(s),
    ...compilePolicy(s),
    enabled: s.enabled,
    targetUtilization,
    lowUtilization: Math.min(s.lowUtilization, targetUtilization),
    lagObjectiveMs: ms(s.lagObjective),
    catchUpMs: ms(s.catchUp ?? slider.catchUp),
    minParallelism: s.minParallelism,
    maxParallelism: s.maxParallelism,
    vertices: s.vertices,
    stabilizationMs: ms(s.stabilization),
    minWatchMs: ms(s.minWatch),
    cooldownUpMs: ms(s.cooldownUp),
    cooldownDownMs: ms(s.cooldownDown),
    scaleDownPatienceMs: ms(s.scaleDownPatience),
    restartPauseMs: ms(s.restartPause),
    rescaleDeadlineMs: ms(s.rescaleDeadline),
    staleAfterMs: ms(s.staleAfter),
    minCoverage: s.minCoverage,
    yieldToOthersMs: ms(s.yieldToOthers),
    windowMs: ms(s.window),
  };
}
