import { type AutoscalerConfig, BUDGET_WINDOW_MS, overBudget } from "../autoscaler/index.ts";
import type { DecisionRecord, Instant } from "../model/index.ts";
import type { DecisionHistory, Store } from "./store/port.ts";

/** Attempts that Flink refused are looked at and not counted; so many of them at most. */
const REFUSED = 50;

/**
 * Why the job's rescales of a day are spent, null when they are not. Counted from the stored attempts, so a restart
 * forgets nothing; those that a person approved count as well. Undoing a rescale that did harm is never held back.
 */
export function overDay(
  store: Pick<Store, "decisions">,
  record: DecisionRecord,
  config: AutoscalerConfig,
  now: Instant,
): string | null {
  const perDay = config.rescalesPerDay;
  if (perDay === null || record.reason === "roll-back") return null;
  const query = { job: record.job, kind: "scale", attempted: true, limit: perDay + REFUSED } as const;
  const earlier = store
    .decisions(query)
    .items.filter((d) => d.record.id !== record.id && !isRefused(d))
    .map((d) => d.attempts[0]?.at ?? 0)
    .filter((at) => at > now - BUDGET_WINDOW_MS);
  const shrinks = record.estimate.slotsAfter < record.estimate.slotsBefore;
  return overBudget({ perDay, earlier, shrinks, now });
}

/** Flink said no, so that nothing was restarted. */
const isRefused = ({ attempts }: DecisionHistory<"scale">): boolean =>
  attempts.some((a) => a.status === "failed");
