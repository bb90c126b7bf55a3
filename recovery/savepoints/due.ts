import { Cron } from "croner";
import type { Instant, JobKey, Milliseconds } from "../../model/index.ts";
import type { Calendar } from "./settings.ts";

/** How late a run may still begin where missed ones are not made up for. */
const ON_TIME_MS = 120_000;

/**
 * The instant of the calendar that is due now, or null. It follows from the last run that is remembered and from
 * `now` alone: however long nobody looked, exactly one run is due, the newest. `since`: the due instant of the last
 * run, or when the calendar was first seen for this job.
 */
export function dueAt(calendar: Calendar, job: JobKey, since: Instant, now: Instant): Instant | null {
  const shift = jitterOf(job, calendar.jitterMs);
  // croner counts in whole seconds and excludes the reference itself: a second later, and what is not yet there left out.
  const due = cronOf(calendar)
    .previousRuns(2, new Date(now - shift + 1_000))
    .map((run) => run.getTime() + shift)
    .find((at) => at <= now);
  if (due === undefined || due <= since) return null;
  return calendar.catchUp || now - due <= ON_TIME_MS ? due : null;
}

/** The next instant of the calendar after `after`, for people to see; null when there is none. */
export function nextDue(calendar: Calendar, job: JobKey, after: Instant): Instant | null {
  const shift = jitterOf(job, calendar.jitterMs);
  const next = cronOf(calendar).nextRun(new Date(after - shift));
  return next === null ? null : next.getTime() + shift;
}

/** croner only computes here: without a function to call it sets no timers. */
function cronOf({ schedule, timeZone }: Calendar): Cron {
  return new Cron(schedule, { timezone: timeZone, paused: true, mode: "5-part" });
}

/** Always the same for a job, evenly spread over jobs: FNV-1a of the key, 0 … jitter in whole seconds. */
export function jitterOf(job: JobKey, jitterMs: Milliseconds): Milliseconds {
  const seconds = Math.floor(jitterMs / 1_000);
  if (seconds === 0) return 0;
  let hash = 0x811c9dc5;
  for (const char of job) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash % (seconds + 1)) * 1_000;
}
