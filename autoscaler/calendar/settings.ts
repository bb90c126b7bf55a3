import { z } from "zod";
import { optionalDuration } from "../duration.ts";
import { type Problem, problemsOfPeriod, problemsOfPlan } from "./problems.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
/** Nobody plans more by hand, and every pass looks at all of them. */
const MOST_PERIODS = 100;

const timeOfDay = (description: string) =>
  z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "09:30"' })
    .optional()
    .describe(description);

/** When something is in force: a beginning that comes again and again, and an end. */
const period = {
  cron: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('When it begins, as five cron fields: `"0 9 * * 1-5"`; or `time`.'),
  time: timeOfDay("When it begins, as a time of day; or `cron`."),
  days: z
    .array(z.enum(DAYS))
    .min(1)
    .max(7)
    .optional()
    .describe("Days of the week on which it begins at `time`; every day when absent."),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a date such as "2026-12-24"' })
    .optional()
    .describe("The one day on which it begins at `time`, in place of `days`."),
  for: optionalDuration("How long it lasts, in real hours; or `until`."),
  until: timeOfDay("The time of day at which it ends, the next one after its beginning; or `for`."),
  timeZone: z
    .string()
    .min(1)
    .max(100)
    .describe("IANA time zone of all of these, such as `Europe/Berlin`. Has no default on purpose."),
};

const subtasks = (description: string) => z.int().min(1).max(32_768).optional().describe(description);

const plan = z
  .strictObject({
    name: z.string().min(1).max(100).describe("What the plan is called in records and sentences."),
    ...period,
    floor: subtasks("Least subtasks of every vertex while it is in force."),
    ceiling: subtasks("Most subtasks of every vertex while it is in force; rules where it is below a floor."),
    vertices: z
      .record(
        z.string(),
        z.strictObject({
          floor: subtasks("Least subtasks of this vertex, in place of the plan's `floor`."),
          ceiling: subtasks("Most subtasks of this vertex, in place of the plan's `ceiling`."),
        }),
      )
      .default({})
      .describe("Floors and ceilings by vertex name or vertex id."),
  })
  .check((ctx) => {
    tellProblems(ctx, problemsOfPlan(ctx.value));
  });

const excluded = z
  .strictObject({
    name: z.string().min(1).max(100).default("excluded").describe("What it is called in sentences."),
    ...period,
    allowScaleUp: z
      .boolean()
      .default(false)
      .describe("A job that falls behind may be scaled up all the same; otherwise nothing is changed."),
  })
  .check((ctx) => {
    tellProblems(ctx, problemsOfPeriod(ctx.value));
  });

/** What people plan by the calendar; part of the autoscaler's settings. */
export const calendarShape = {
  schedule: z
    .array(plan)
    .max(MOST_PERIODS)
    .default([])
    .describe("Plans: floors and ceilings that are in force at certain times."),
  excludedPeriods: z
    .array(excluded)
    .max(MOST_PERIODS)
    .default([])
    .describe("Times in which the job is not rescaled."),
};

export type PlanSettings = z.infer<typeof plan>;
export type ExcludedSettings = z.infer<typeof excluded>;
export type PeriodSettings = Omit<ExcludedSettings, "name" | "allowScaleUp">;

/** Tells zod what is wrong, each at its own place. */
function tellProblems(
  ctx: { readonly value: unknown; readonly issues: z.core.$ZodRawIssue[] },
  problems: readonly Problem[],
): void {
  for (const { path, expected } of problems) {
    ctx.issues.push({ code: "custom", input: ctx.value, path: [...path], message: expected });
  }
}
