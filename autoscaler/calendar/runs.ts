import { Cron } from "croner";
import type { Instant } from "../../model/index.ts";

/** The newest run of a pattern up to an instant, and the first one after it; null: there is none. */
export interface Runs {
  readonly latest: Instant | null;
  readonly next: Instant | null;
}

/** More patterns than any configuration has; then the oldest are computed again. */
const MOST_KEPT = 1_000;

/**
 * What was computed last for a pattern; it holds from its latest to its next run, so that a pass does not pay for
 * calendars again and again (0.5 ms each). A pure function's memory: nobody can see it but by the time it takes.
 */
const kept = new Map<string, { readonly cron: Cron; readonly since: Instant; readonly runs: Runs }>();

/**
 * Runs of five cron fields (or seven: with seconds and a year) in a time zone. A time that the clocks skip in spring
 * comes when they have jumped; one that they have twice in autumn comes once, the first time.
 */
export function runsAround(pattern: string, timeZone: string, now: Instant): Runs {
  const key = `${timeZone} ${pattern}`;
  const known = kept.get(key);
  if (known !== undefined && known.since <= now && now < (known.runs.next ?? Number.POSITIVE_INFINITY)) {
    return known.runs;
  }
  const cron = known?.cron ?? cronOf(pattern, timeZone);
  // croner counts in whole seconds and excludes the reference itself.
  const second = Math.floor(now / 1_000) * 1_000;
  const [latest] = cron.previousRuns(1, new Date(second + 1_000));
  const next = cron.nextRun(new Date(second));
  const runs = { latest: latest?.getTime() ?? null, next: next?.getTime() ?? null };
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, { cron, since: runs.latest ?? now, runs });
  return runs;
}

/** croner only computes here: without a function to call it sets no timers. */
function cronOf(pattern: string, timeZone: string): Cron {
  const mode = pattern.trim().split(/\s+/).length === 7 ? "7-part" : "5-part";
  return new Cron(pattern, { timezone: timeZone, paused: true, mode });
}

/** What a time zone should be; undefined when it is one. */
export function problemOfZone(timeZone: string): string | undefined {
  try {
    Intl.DateTimeFormat("en", { timeZone });
    return undefined;
  } catch {
    return "an IANA time zone such as Europe/Berlin or UTC";
  }
}

/** What a pattern should be; undefined when it comes to pass. The time zone must be a right one. */
export function problemOfPattern(pattern: string, timeZone: string): string | undefined {
  try {
    const first = cronOf(pattern, timeZone).nextRun(new Date(0));
    return first === null ? "a time that comes to pass at all" : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    return `five cron fields such as "0 9 * * 1-5" (${why})`;
  }
}
