import type { Instant, Milliseconds, VertexId } from "../../model/index.ts";
import type { FlinkOptions } from "./flink-options.ts";

/** A rescale that was decided, and how long it took until the job ran again. */
export interface RestartRecord {
  readonly at: Instant;
  readonly target: Readonly<Record<VertexId, number>>;
  /** Null until the job runs with the target. */
  readonly tookMs: Milliseconds | null;
}

/** Closes the newest record when every vertex of it runs with its target; `runningSince` ends the outage. */
export function closeRestart(
  records: readonly RestartRecord[],
  actual: Readonly<Record<VertexId, number>>,
  runningSince: Instant,
): readonly RestartRecord[] {
  const newest = records.at(-1);
  if (newest === undefined || newest.tookMs !== null) return records;
  const reached = Object.entries(newest.target).every(([id, p]) => actual[id] === p);
  if (!reached) return records;
  return [...records.slice(0, -1), { ...newest, tookMs: runningSince - newest.at }];
}

/** Outage to reckon with: the longest that was measured (whole seconds, capped) where tracking is on, else the set one. */
export function restartTimeOf(
  records: readonly RestartRecord[],
  options: Pick<FlinkOptions, "trackRestarts" | "restartMs" | "restartLimitMs">,
): Milliseconds {
  if (!options.trackRestarts) return options.restartMs;
  const measured = records.flatMap((r) => (r.tookMs === null ? [] : [Math.floor(r.tookMs / 1_000) * 1_000]));
  if (measured.length === 0) return options.restartMs;
  return Math.min(Math.max(...measured), options.restartLimitMs);
}

/** Forgets records that are too old or too many; the newest always stays. */
export function trimRestarts(
  records: readonly RestartRecord[],
  options: Pick<FlinkOptions, "historyCount" | "historyMs">,
  now: Instant,
): readonly RestartRecord[] {
  const newest = records.at(-1);
  if (newest === undefined) return [];
  const kept = records.filter((r) => r.at >= now - options.historyMs).slice(-options.historyCount);
  return kept.length === 0 ? [newest] : kept;
}
