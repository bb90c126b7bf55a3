import { formatDuration, type Instant, type Milliseconds } from "../model/index.ts";

/** Budgets count what happened within this time, whatever the clocks on the wall say. */
export const BUDGET_WINDOW_MS: Milliseconds = 86_400_000;

export interface BudgetQuestion {
  /** Rescales within a day; null: no budget. */
  readonly perDay: number | null;
  /** When Flink was asked for the job's earlier rescales, newest first; refused ones left out. */
  readonly earlier: readonly Instant[];
  /** Whether this one takes slots away. */
  readonly shrinks: boolean;
  readonly now: Instant;
}

/**
 * Why one more rescale is too many, null when it is not. The last of a day (of two or more) is kept for scaling up:
 * a job must not be caught small with its budget spent on becoming so.
 */
export function overBudget({ perDay, earlier, shrinks, now }: BudgetQuestion): string | null {
  if (perDay === null) return null;
  const counted = earlier.filter((at) => at > now - BUDGET_WINDOW_MS);
  const kept = shrinks && perDay > 1 ? 1 : 0;
  if (counted.length + kept < perDay) return null;
  const freed = counted.toSorted((a, b) => b - a)[perDay - kept - 1] ?? now;
  const wait = formatDuration(freed + BUDGET_WINDOW_MS - now);
  const last = counted.length < perDay ? "; the last one is kept for scaling up" : "";
  return `${counted.length} of ${perDay} rescales within 24 h are spent${last}; the next one is free in ${wait}`;
}
