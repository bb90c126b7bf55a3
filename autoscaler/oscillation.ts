import type { Instant, Milliseconds, PastRescale } from "../model/index.ts";

/** Two reversals within this time are an oscillation, and it freezes the job for as long. */
export const FREEZE_MS: Milliseconds = 3_600_000;
/** A load that moved by this share is another load. */
const MOVED = 0.2;

/** The load that a rescale was decided for, records/s, else what was consumed after it; null: not known. */
export const loadAt = ({ consumedBefore, consumedAfter }: PastRescale): number | null =>
  consumedBefore ?? consumedAfter;

/** True when both loads are known and differ by 20 % of the larger. */
export function hasMoved(before: number | null, after: number | null): boolean {
  if (before === null || after === null) return false;
  const larger = Math.max(before, after);
  return larger > 0 && Math.abs(before - after) > MOVED * larger;
}

/**
 * The newest of three rescales that undid each other within an hour under the same load, if that was less than an
 * hour ago; null: the job is not frozen. Unknown loads count as the same. O(rescales).
 */
export function frozenSince(rescales: readonly PastRescale[], now: Instant): PastRescale | null {
  const turns = rescales.filter((r) => r.direction !== "both");
  for (let i = turns.length - 1; i >= 2; i--) {
    const [first, second, third] = turns.slice(i - 2, i + 1);
    if (first === undefined || second === undefined || third === undefined) continue;
    if (now - third.at >= FREEZE_MS) break;
    const reversed = first.direction !== second.direction && second.direction !== third.direction;
    const same = ![first, second].some((r) => hasMoved(loadAt(r), loadAt(third)));
    if (reversed && same && third.at - first.at <= FREEZE_MS) return third;
  }
  return null;
}
