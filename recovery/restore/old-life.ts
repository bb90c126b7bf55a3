import {
  type ClusterReadout,
  formatDuration,
  type HealthReadout,
  type Instant,
  isTerminal,
  type Milliseconds,
  type RestoreRecord,
} from "../../model/index.ts";
import type { RestoreConfig } from "../settings.ts";
import type { RestoreView, Sighting } from "./move.ts";

/** What is known of the life that is to be replaced. */
export type OldLife =
  | { readonly kind: "alive"; readonly health: HealthReadout }
  /** It will never run again. `at`: since when, by our clock. */
  | { readonly kind: "dead"; readonly at: Instant }
  | { readonly kind: "unproven"; readonly sentence: string; readonly until: Instant | null }
  /** Not in this Flink, and yet it writes checkpoints. */
  | { readonly kind: "elsewhere" };

/**
 * Whether the old copy of a job is proven dead. Flink says so by a state that is an end. Where a JobManager without
 * high availability was lost, its TaskManagers go on for up to the heartbeat timeout while the new one knows nothing:
 * the copy is dead when each of them is registered anew with all slots free, or when that time is over. A list of
 * TaskManagers that got shorter proves nothing.
 */
export function oldLifeOf(
  record: RestoreRecord,
  view: RestoreView,
  config: RestoreConfig,
  now: Instant,
): OldLife {
  const { old } = view;
  if (old === "unreachable") return { kind: "unproven", sentence: "Flink does not answer", until: null };
  if (old !== "unknown-to-flink") {
    return isTerminal(old.state)
      ? { kind: "dead", at: endedAt(old, record, now) }
      : { kind: "alive", health: old };
  }
  const { kind } = record.inputs.diagnosis;
  // FAILED and CANCELED are ends; Flink forgets such jobs after an hour, or with its process.
  if (kind === "failed" || kind === "ended") return { kind: "dead", at: record.at };
  if (record.inputs.highAvailability !== "none") {
    const sentence = "the JobManager does not know the job now, and high availability may bring it back";
    return { kind: "unproven", sentence, until: null };
  }
  return afterLoss(record, view, config, now);
}

/** A job that a lost JobManager has taken with it. */
function afterLoss(record: RestoreRecord, view: RestoreView, config: RestoreConfig, now: Instant): OldLife {
  // A job that was gone when this was decided was gone to the JobManager that answered then.
  const goneAt = view.answeredAgainAt ?? (record.inputs.diagnosis.kind === "job-gone" ? record.at : null);
  if (goneAt === null) {
    return { kind: "unproven", sentence: "when the JobManager lost the job is not known", until: null };
  }
  if ((view.oldWroteAt ?? 0) > goneAt + config.deadMarginMs) return { kind: "elsewhere" };
  const { cluster } = view;
  if (cluster === undefined || cluster.unread?.includes("configuration") === true) {
    return {
      kind: "unproven",
      sentence: "Flink does not tell its TaskManagers and heartbeat timeout",
      until: null,
    };
  }
  if (backAndFree(record.inputs.life.taskManagers, cluster)) return { kind: "dead", at: goneAt };
  const until = goneAt + silenceMs(cluster, config);
  if (now >= until) return { kind: "dead", at: goneAt };
  const sentence = `the JobManager lost the job; its TaskManagers may run the old copy for ${formatDuration(until - now)} more`;
  return { kind: "unproven", sentence, until };
}

/** How long a copy can outlive the JobManager that it belonged to. */
export function silenceMs(cluster: ClusterReadout, config: RestoreConfig): Milliseconds {
  return cluster.heartbeatTimeoutMs + config.deadMarginMs;
}

function backAndFree(ids: readonly string[], cluster: ClusterReadout): boolean {
  return (
    ids.length > 0 &&
    ids.every((id) => cluster.taskManagers.some((t) => t.id === id && t.slots > 0 && t.freeSlots === t.slots))
  );
}

/** By durations of Flink's clock, so that a difference between the two clocks does not matter. */
function endedAt(old: HealthReadout, record: RestoreRecord, now: Instant): Instant {
  const entered = old.enteredAt[old.state];
  return entered === undefined ? record.at : now - Math.max(0, old.at - entered);
}

/** A sighting of a job that may still process records. */
export function isLive(sighting: Sighting): sighting is HealthReadout {
  return typeof sighting === "object" && !isTerminal(sighting.state);
}
