import type { VertexName } from "./fidelity-plan.ts";
import { type Counters, type Sample, type Trace, taskClockOf } from "./fidelity-trace.ts";

/** One refresh of Flink's metric store: all looks that only repeat it are left out. */
export interface Snapshot {
  /** When it was first seen; up to one look late. */
  readonly atMs: number;
  readonly attemptMs: number;
  readonly vertices: Readonly<Record<VertexName, Counters>>;
  /** Task time of the source in this attempt, per subtask. */
  readonly sourceClockMs: number;
}

/** A refreshed reading of the source. */
export interface PendingLook {
  readonly atMs: number;
  readonly attemptMs: number;
  readonly pending: number;
  readonly consumed: number | undefined;
}

/** Refreshes in order. After a restart one reply may hold the old graph or only zeros: none of these is a refresh. */
export function snapshotsOf(trace: Trace): readonly Snapshot[] {
  const found: Snapshot[] = [];
  for (const sample of trace.samples) {
    const next = snapshotIn(sample);
    if (next === undefined) continue;
    const last = found.at(-1);
    const isNewer =
      last === undefined ||
      next.attemptMs > last.attemptMs ||
      (next.attemptMs === last.attemptMs && next.sourceClockMs > last.sourceClockMs);
    if (isNewer) found.push(next);
  }
  return found;
}

function snapshotIn(sample: Sample): Snapshot | undefined {
  const { gen, work, count, drop } = sample.vertices;
  if (gen === undefined || work === undefined || count === undefined || drop === undefined) return undefined;
  // Others may have no busy time yet: Flink 2.3 says NaN of it in the first second.
  const [sourceClock, workClock] = [taskClockOf(gen) ?? 0, taskClockOf(work) ?? 0];
  if (sample.runningSinceMs === undefined || sourceClock <= 0 || workClock <= 0) return undefined;
  return {
    atMs: sample.atMs,
    attemptMs: sample.runningSinceMs,
    vertices: { gen, work, count, drop },
    sourceClockMs: sourceClock / gen.parallelism,
  };
}

/** Refreshed readings of the source, from each attempt's first snapshot on. */
export function pendingLooksOf(trace: Trace, snapshots: readonly Snapshot[]): readonly PendingLook[] {
  const begins = new Map<number, number>();
  for (const s of snapshots) if (!begins.has(s.attemptMs)) begins.set(s.attemptMs, s.atMs);
  const found: PendingLook[] = [];
  for (const { atMs, runningSinceMs, source } of trace.samples) {
    const begin = runningSinceMs === undefined ? undefined : begins.get(runningSinceMs);
    if (runningSinceMs === undefined || begin === undefined || atMs < begin) continue;
    if (source?.pending === undefined) continue;
    const last = found.at(-1);
    const repeats =
      last?.attemptMs === runningSinceMs &&
      last.pending === source.pending &&
      last.consumed === source.consumed;
    if (repeats) continue;
    found.push({ atMs, attemptMs: runningSinceMs, pending: source.pending, consumed: source.consumed });
  }
  return found;
}

/** The middle one, or the mean of the two middle ones; `undefined` of nothing. */
export function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((v) => v !== undefined).toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
