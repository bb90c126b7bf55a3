import { Cron } from "croner";
import { z } from "zod";
import { type Milliseconds, parseDuration, type SavepointFormat } from "../../model/index.ts";

const duration = (standard: string, description: string) =>
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, {
      error: 'a duration such as "30s", "5min" or "7d"',
    })
    .default(standard)
    .meta({ description, format: "duration" });

const calendar = z
  .strictObject({
    schedule: z.string().min(1).describe('When, as five cron fields: `"0 3 * * *"` is every day at 3.'),
    timeZone: z
      .string()
      .min(1)
      .describe(
        "IANA time zone in which the schedule is read, such as `Europe/Berlin`. Has no default on purpose.",
      ),
    jitter: duration(
      "0s",
      "Every job waits its own, always equal part of this, so that not all begin at once.",
    ),
    catchUp: z
      .boolean()
      .default(true)
      .describe(
        "A run that was missed (Outrider or Flink was away) is made up for once, as soon as possible.",
      ),
  })
  .check((ctx) => {
    const { schedule, timeZone } = ctx.value;
    const wrong = problemOfCalendar(schedule, timeZone);
    if (wrong !== undefined)
      ctx.issues.push({ code: "custom", input: ctx.value, path: wrong.path, message: wrong.expected });
  });

/** What people set about savepoints of a job. */
export const savepointSettings = z.strictObject({
  calendar: calendar.optional().describe("Savepoints on a calendar; none when absent."),
  directory: z
    .string()
    .min(1)
    .optional()
    .describe("Where savepoints are written; Flink's configured directory when absent."),
  format: z
    .enum(["canonical", "native"])
    .default("canonical")
    .describe("canonical: any state backend can read it; native: written and restored faster."),
  timeout: duration("30min", "A savepoint that is not complete after this long is given up."),
  keep: z
    .int()
    .min(1)
    .max(10_000)
    .default(7)
    .describe("Savepoints of Outrider kept per job, newest first; older ones are removed through Flink."),
  keepFor: duration("7d", "No savepoint that is younger than this is removed."),
});

export type SavepointSettings = z.infer<typeof savepointSettings>;

/** The calendar with lengths of time in milliseconds. */
export interface Calendar {
  readonly schedule: string;
  readonly timeZone: string;
  readonly jitterMs: Milliseconds;
  readonly catchUp: boolean;
}

/** The settings with lengths of time in milliseconds. */
export interface SavepointConfig {
  readonly calendar: Calendar | null;
  readonly directory: string | null;
  readonly format: SavepointFormat;
  readonly timeoutMs: Milliseconds;
  readonly keep: number;
  readonly keepForMs: Milliseconds;
}

/** Of checked settings only. */
export function compileSavepointSettings(settings: SavepointSettings): SavepointConfig {
  const { calendar: written, directory, format, keep } = settings;
  return {
    calendar:
      written === undefined
        ? null
        : {
            schedule: written.schedule,
            timeZone: written.timeZone,
            jitterMs: ms(written.jitter),
            catchUp: written.catchUp,
          },
    directory: directory ?? null,
    format,
    timeoutMs: ms(settings.timeout),
    keep,
    keepForMs: ms(settings.keepFor),
  };
}

const ms = (text: string): Milliseconds => parseDuration(text) ?? Number.NaN;

/** Why a calendar cannot be: which field, and what would be right. */
function problemOfCalendar(
  schedule: string,
  timeZone: string,
): { path: string[]; expected: string } | undefined {
  try {
    Intl.DateTimeFormat("en", { timeZone });
  } catch {
    return { path: ["timeZone"], expected: "an IANA time zone such as Europe/Berlin or UTC" };
  }
  try {
    const runs = new Cron(schedule, { timezone: timeZone, paused: true, mode: "5-part" }).nextRun(
      new Date(0),
    );
    if (runs === null) return { path: ["schedule"], expected: "a schedule that comes to pass at all" };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    return { path: ["schedule"], expected: `five cron fields such as "0 3 * * *" (${why})` };
  }
  return undefined;
}
