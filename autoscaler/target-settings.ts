import { z } from "zod";
import type { Milliseconds } from "../model/index.ts";
import { compileExcluded, compilePlan, type ExcludedPeriod, type Plan } from "./calendar/plan.ts";
import { calendarShape } from "./calendar/settings.ts";
import { duration, optionalDuration, toMs, toMsOrNull } from "./duration.ts";
import { FAVOURS, type Favour } from "./favour.ts";

/** What people set beyond sizes and waits: the slider, the calendar, limits, budgets, and words on what was learned. */
export const targetShape = {
  favour: z
    .enum(FAVOURS)
    .default("balanced")
    .describe("What you would rather have: less lag or fewer slots; sets `targetUtilization` and `catchUp`."),
  metricDelay: duration("0s", "The newest readings of this long are not judged yet: they may still change."),
  scaleUpLimit: z
    .number()
    .gt(1)
    .max(1_000)
    .optional()
    .describe("Largest factor by which a vertex grows in one rescale (one subtask more is always allowed)."),
  scaleDownLimit: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("Largest share (0..1) of a vertex's subtasks that goes in one rescale; 0: it never shrinks."),
  ...calendarShape,
  freezeAfterStable: optionalDuration(
    "A job that was not rescaled for this long is left alone, unless it falls behind.",
  ),
  rescalesPerDay: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe("Rescales that Outrider does by itself within 24 hours; the last one is kept for scaling up."),
  maxSlots: z.int().min(1).optional().describe("Slots that the job may have in all."),
  priority: z
    .int()
    .min(0)
    .max(1_000)
    .default(100)
    .describe("Who gets slots first where `fleet.maxSlots` is short: the higher number."),
  learned: z
    .strictObject({
      restartPause: optionalDuration("Pause of a rescale, in place of the measured one."),
      costMs: z
        .record(z.string(), z.number().positive().max(3_600_000).describe("Busy milliseconds per record."))
        .default({})
        .describe("Busy milliseconds per record by vertex name or vertex id, in place of the measured ones."),
      window: optionalDuration("How far back readings are kept, in place of what the pause asks for."),
    })
    .default({ costMs: {} })
    .describe("What is to count in place of what was learned of the job."),
};

const targets = z.strictObject(targetShape);
type TargetSettings = z.infer<typeof targets>;

/** The same in run-time units; null: off. */
export interface TargetConfig {
  readonly favour: Favour;
  readonly metricDelayMs: Milliseconds;
  readonly scaleUpLimit: number | null;
  readonly scaleDownLimit: number;
  readonly schedule: readonly Plan[];
  readonly excludedPeriods: readonly ExcludedPeriod[];
  readonly freezeAfterStableMs: Milliseconds | null;
  readonly rescalesPerDay: number | null;
  readonly maxSlots: number | null;
  readonly priority: number;
  readonly learned: {
    readonly restartPauseMs: Milliseconds | null;
    readonly costMs: Readonly<Record<string, number>>;
    readonly windowMs: Milliseconds | null;
  };
}

/** Of checked settings only. */
export function compileTargets(s: TargetSettings): TargetConfig {
  return {
    favour: s.favour,
    metricDelayMs: toMs(s.metricDelay),
    scaleUpLimit: s.scaleUpLimit ?? null,
    scaleDownLimit: s.scaleDownLimit,
    schedule: s.schedule.map(compilePlan),
    excludedPeriods: s.excludedPeriods.map(compileExcluded),
    freezeAfterStableMs: toMsOrNull(s.freezeAfterStable),
    rescalesPerDay: s.rescalesPerDay ?? null,
    maxSlots: s.maxSlots ?? null,
    priority: s.priority,
    learned: {
      restartPauseMs: toMsOrNull(s.learned.restartPause),
      costMs: s.learned.costMs,
      windowMs: toMsOrNull(s.learned.window),
    },
  };
}
