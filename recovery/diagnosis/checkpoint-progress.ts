import { formatDuration, type HealthReadout, type Milliseconds } from "../../model/index.ts";
import type { Finding } from "./finding.ts";
import type { HealthTrail } from "./trail.ts";
import { ago, since } from "./wording.ts";

/** None completed for `max(interval, timeout) × (tolerable + 2)` of running. */
export function noCheckpointProgress(health: HealthReadout, trail: HealthTrail): Finding | null {
  const { intervalMs, timeoutMs, tolerableFailures } = health.checkpointSettings ?? {};
  if (intervalMs == null || timeoutMs === undefined) return null;
  const limitMs: Milliseconds = Math.max(intervalMs, timeoutMs) * ((tolerableFailures ?? 0) + 2);
  const ranMs = trail.runWithoutCheckpointMs;
  if (!(ranMs >= limitMs)) return null;
  const failed = trail.failedSinceCompleted;
  const last = health.latestFailedCheckpoint;
  const why = last?.message ? `, the last one: ${last.message.replace(/\.$/, "")}` : "";
  const age =
    trail.completedAt === null ? "has completed" : `has completed for ${since(trail.completedAt, health.at)}`;
  return {
    kind: "no-checkpoint-progress",
    since: trail.completedAt ?? trail.since,
    sentence: `No checkpoint progress: none ${age}, in ${formatDuration(ranMs)} of running (limit ${formatDuration(limitMs)}); ${failed} failed${why}.`,
    numbers: {
      ranMs,
      limitMs,
      failed,
      checkpointAgeMs: trail.completedAt === null ? null : ago(trail.completedAt, health.at),
    },
  };
}
