import { combine, NOT_A_NUMBER, type SourceReadout, type VertexObservation } from "../model/index.ts";
import type { Difference } from "./difference.ts";

/** More records than this wait nowhere; Flink's gauges say such numbers when they know none. */
const MOST_PENDING = 1e15;
/** Pending records cannot fall by more than was read. Sources that count in batches may be off by this much. */
const FALL_SLACK = 20_000;
/** A source whose pending records fell by more than it read lied before or now, and is not believed for so long. */
export const DOUBT_MS = 60_000;

/** Whether pending records fell by more than was read in between. */
export function fellImpossibly(
  before: SourceReadout | undefined,
  now: SourceReadout,
  d: Difference,
): boolean {
  if (before === undefined || d.kind !== "advanced") return false;
  const fell = combine(
    [before.pendingRecords, now.pendingRecords, d.read],
    (a, b, read) => a - b - 2 * read - FALL_SLACK,
  );
  return fell.kind === "value" && fell.value > 0;
}

/** Numbers that cannot be, and those of a source that is doubted, are none. */
export function withPending(v: VertexObservation, isDoubted: boolean): VertexObservation {
  const pending = v.pendingRecords;
  const impossible = pending.kind === "value" && (pending.value < 0 || pending.value > MOST_PENDING);
  return isDoubted || impossible ? { ...v, pendingRecords: NOT_A_NUMBER, pendingGrowth: NOT_A_NUMBER } : v;
}
