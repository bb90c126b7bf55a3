import { formatDuration, type Instant } from "../../../model/index.ts";

/**
 * `just now`, `42 s ago`, `1 h 5 min ago`. What has happened is never ahead: where the clocks differ, it was just now.
 */
export function formatAge(at: Instant, now: Instant): string {
  const ms = now - at;
  return ms < 1_500 ? "just now" : `${coarse(ms)} ago`;
}

/** Of a deadline: `in 3 min`, and `now` once it is reached. */
export function formatUntil(at: Instant, now: Instant): string {
  const ms = at - now;
  return ms < 1_000 ? "now" : `in ${coarse(ms)}`;
}

/** Seconds do not matter any more after ten minutes. */
function coarse(ms: number): string {
  return formatDuration(ms < 600_000 ? ms : Math.round(ms / 60_000) * 60_000);
}

/** `15:07:32` of the reader's own day; with the date when it is another day. */
export function formatClock(at: Instant, now: Instant): string {
  const then = new Date(at);
  const time = then.toLocaleTimeString("en-GB");
  return then.toDateString() === new Date(now).toDateString()
    ? time
    : `${then.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}
