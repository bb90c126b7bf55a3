import type { JobKey } from "../model/index.ts";

/** What one job has of the slots of the fleet, and would have. */
export interface SlotClaim {
  readonly job: JobKey;
  /** The higher, the sooner. */
  readonly priority: number;
  readonly held: number;
  /** At most `held`: it asks for no more. */
  readonly wished: number;
}

/**
 * Slots that each job may have, `total` for all of them. Nobody loses what he holds. What is free goes by priority, the
 * smaller wish first among equals; a wish that does not fit gets what is left, and who comes after it nothing. What
 * a job is about to give back is free only once it has. O(n log n).
 *
 * Example: 40 in all; a (priority 200) holds 20 and wants 30, b (100) holds 14 and wants 16: 6 are free, a may have
 * 26, b stays at 14.
 */
export function shareSlots(total: number, claims: readonly SlotClaim[]): ReadonlyMap<JobKey, number> {
  let free = Math.max(0, total - claims.reduce((sum, c) => sum + c.held, 0));
  const granted = new Map<JobKey, number>();
  for (const { job, held, wished } of claims.toSorted(inTurn)) {
    const more = Math.min(free, Math.max(0, wished - held));
    free -= more;
    granted.set(job, wished > held ? held + more : wished);
  }
  return granted;
}

const inTurn = (a: SlotClaim, b: SlotClaim): number =>
  b.priority - a.priority || a.wished - a.held - (b.wished - b.held) || (a.job < b.job ? -1 : 1);
