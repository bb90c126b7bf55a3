import { formatDuration, type Instant } from "../../../model/index.ts";

/** `just now`, `42 s ago`, `1 h 5 min ago`; of what lies ahead `in 3 min`. */
export function formatAge(at: Instant, now: Instant): string {
  const ms = now - at;
  if (ms < -1_500) return `in ${coarse(-ms)}`;
  return ms < 1_500 ? "just now" : `${coarse(ms)} ago`;
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
