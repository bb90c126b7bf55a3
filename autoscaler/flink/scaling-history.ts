import type { Instant, VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";

/** One rescale of a vertex as it was decided. Rates in records/s; `infinite`: no limit was seen. */
export interface ScalingEntry {
  readonly at: Instant;
  readonly from: number;
  readonly to: number;
  readonly trueProcessingRate: number | "infinite" | null;
  /** What it should do afterwards. */
  readonly expectedRate: number | "infinite" | null;
}

/** Oldest first, by vertex. */
export type ScalingHistory = Readonly<Record<VertexId, readonly ScalingEntry[]>>;

/** A rate in a form that JSON can say. */
export const storedRate = (rate: number): number | "infinite" | null =>
  Number.isFinite(rate) ? rate : rate === Number.POSITIVE_INFINITY ? "infinite" : null;

export const rateOfStored = (rate: number | "infinite" | null): number =>
  rate === "infinite" ? Number.POSITIVE_INFINITY : (rate ?? Number.NaN);

/** Adds entries and forgets what is too old or too many; vertices that the job no longer has go too. */
export function remember(
  history: ScalingHistory,
  entries: Readonly<Record<VertexId, ScalingEntry>>,
  options: Pick<FlinkOptions, "historyCount" | "historyMs">,
  now: Instant,
): ScalingHistory {
  const next: Record<VertexId, readonly ScalingEntry[]> = {};
  for (const id of new Set([...Object.keys(history), ...Object.keys(entries)])) {
    const added = entries[id];
    const all = [...(history[id] ?? []), ...(added === undefined ? [] : [added])];
    const kept = all.filter((e) => e.at >= now - options.historyMs).slice(-options.historyCount);
    if (kept.length > 0) next[id] = kept;
  }
  return next;
}

/**
 * How much of linear growth a vertex shows: least squares through its past rates against the one at its smallest
 * parallelism, between `least` and 1, rounded up to 2 decimals. 1 with too few entries.
 */
export function scalabilityOf(
  entries: readonly ScalingEntry[],
  minObservations: number,
  least: number,
): number {
  if (entries.length === 0 || entries.length < minObservations) return 1;
  const perSubtask = baseline(entries);
  let product = 0;
  let squares = 0;
  for (const entry of entries) {
    product += entry.from * rateOfStored(entry.trueProcessingRate);
    squares += entry.from ** 2;
  }
  const coefficient = product / (squares * perSubtask);
  if (Number.isNaN(coefficient) || Number.isNaN(perSubtask)) return 1;
  return roundUp(Math.min(1, Math.max(least, coefficient)));
}

/** Rate of one subtask at the smallest parallelism, of the newest entry that has it. */
function baseline(entries: readonly ScalingEntry[]): number {
  let smallest: ScalingEntry | undefined;
  for (const entry of [...entries].reverse()) {
    if (smallest === undefined || entry.from < smallest.from) smallest = entry;
  }
  return smallest === undefined ? Number.NaN : rateOfStored(smallest.trueProcessingRate) / smallest.from;
}

/** Up to 2 decimals by the number's own digits: 0.55 stays 0.55, which 0.55 × 100 would not. */
function roundUp(value: number): number {
  const cut = Number(value.toString().replace(/(\.\d\d)\d+$/, "$1"));
  return cut >= value ? cut : Math.round((cut + 0.01) * 100) / 100;
}
