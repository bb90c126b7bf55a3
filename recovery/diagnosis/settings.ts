import { z } from "zod";
import { FAULT_CLASSES, type FaultClass, type Milliseconds, parseDuration } from "../../model/index.ts";

/** A duration as people write it (`"90s"`, `"5min"`); JSON Schema sees a string. */
const duration = (standard: string, description: string) =>
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, {
      error: 'expected a duration such as "30s" or "5min"',
    })
    .default(standard)
    .meta({ description, format: "duration" });

/** Longer than any class name with a piece of message; keeps a slip from becoming a slow pattern. */
const LONGEST_PATTERN = 500;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source !== "";
  } catch {
    return false;
  }
}

const faultRule = z.strictObject({
  match: z
    .string()
    .min(1)
    .max(LONGEST_PATTERN)
    .refine(isPattern, { error: "expected a regular expression" })
    .describe(
      "Regular expression, tried on `class: message` of every cause of an exception, the deepest first.",
    ),
  class: z.enum(FAULT_CLASSES).describe("What such a fault is; see docs/reference/faults.md."),
});

const loop = z
  .strictObject({
    restarts: z
      .int()
      .min(2)
      .max(40)
      .default(5)
      .describe(
        "Failures within `window` that make a loop: without progress, or all with one and the same fault.",
      ),
    window: duration("5min", "Window for `restarts`."),
    sameFault: z
      .int()
      .min(2)
      .max(40)
      .default(3)
      .describe("Failures with one and the same fault within `sameFaultWindow` that make a loop."),
    sameFaultWindow: duration("60s", "Window for `sameFault`."),
    slow: z
      .int()
      .min(2)
      .max(40)
      .default(10)
      .describe("Failures within `slowWindow` that make a loop although checkpoints complete in between."),
    slowWindow: duration("30min", "Window for `slow`."),
  })
  .prefault({})
  .describe("When restarts are a loop. Progress is a completed checkpoint, or a long run without a failure.");

/** When something is wrong with a job; part of the section `recovery`. */
export const diagnosisSettings = z.strictObject({
  loop,
  stuckAfter: duration("180s", "A job that is neither running nor ended for this long is stuck."),
  unreachableAfter: duration("30s", "A JobManager that does not answer for this long is down."),
  clusterHealthRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      "Registered TaskManagers at or below this share (0..1) of the expected: the cluster is down, if the job does not run.",
    ),
  faults: z
    .array(faultRule)
    .max(100)
    .default([])
    .describe("Own rules for what an exception means; they come before Outrider's."),
});

export interface FaultSetting {
  readonly match: string;
  readonly class: FaultClass;
}

/** The same in run-time units (ms). */
export interface DiagnosisSettings {
  readonly loop: {
    readonly restarts: number;
    readonly windowMs: Milliseconds;
    readonly sameFault: number;
    readonly sameFaultWindowMs: Milliseconds;
    readonly slow: number;
    readonly slowWindowMs: Milliseconds;
  };
  readonly stuckAfterMs: Milliseconds;
  readonly unreachableAfterMs: Milliseconds;
  readonly clusterHealthRatio: number;
  readonly faults: readonly FaultSetting[];
}

const ms = (text: string): Milliseconds => parseDuration(text) ?? 0;

export function compileDiagnosisSettings(s: z.infer<typeof diagnosisSettings>): DiagnosisSettings {
  return {
    loop: {
      restarts: s.loop.restarts,
      windowMs: ms(s.loop.window),
      sameFault: s.loop.sameFault,
      sameFaultWindowMs: ms(s.loop.sameFaultWindow),
      slow: s.loop.slow,
      slowWindowMs: ms(s.loop.slowWindow),
    },
    stuckAfterMs: ms(s.stuckAfter),
    unreachableAfterMs: ms(s.unreachableAfter),
    clusterHealthRatio: s.clusterHealthRatio,
    faults: s.faults,
  };
}
