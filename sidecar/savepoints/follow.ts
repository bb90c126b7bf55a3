import {
  Failure,
  formatDuration,
  type Instant,
  locationText,
  type Milliseconds,
  parseLocation,
  type SavepointPlan,
  type SavepointRecord,
  sentenceOf,
} from "../../model/index.ts";
import type { DrivenCluster } from "../cluster.ts";
import type { DecisionHistory, Store } from "../store/port.ts";
import { keepSavepoints, recallSavepoints } from "./memory.ts";

export interface FollowPorts {
  readonly store: Store;
  readonly cluster: DrivenCluster;
  /** "May we still?": asked before every request. Undefined: yes; else why not. */
  readonly hold: (record: SavepointRecord) => string | undefined;
}

/** Flink forgets what was triggered five minutes after its end; until then a trigger id counts once. */
const ASK_AGAIN_MS: Milliseconds = 240_000;
/** Before that, what Flink accepted and does not know may still appear in its history. */
const APPEARS_WITHIN_MS: Milliseconds = 30_000;
/** Between our clock and the JobManager's, beyond what one reply shows. */
const CLOCK_SLACK_MS: Milliseconds = 2_000;

/**
 * Asks Flink for a savepoint. The intention is on disk before anybody hears of it; the trigger id makes the same
 * request count once, however often it is repeated.
 */
export async function askForSavepoint(
  { store, cluster }: FollowPorts,
  record: SavepointRecord,
  now: Instant,
): Promise<void> {
  const plan = planOf(record);
  const decision = record.id;
  const requestId = plan.triggerId;
  const sentence = "about to ask Flink for the savepoint";
  store.appendAttempt({ decision, at: now, status: "intended", requestId, sentence });
  try {
    await cluster.hand.triggerSavepoint(record.flinkJobId, {
      triggerId: requestId,
      formatType: plan.format === "native" ? "NATIVE" : "CANONICAL",
      ...(plan.targetDirectory === null ? {} : { targetDirectory: plan.targetDirectory }),
    });
    const accepted = "Flink writes the savepoint";
    store.appendAttempt({ decision, at: now, status: "accepted", requestId, sentence: accepted });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Flink may have heard it: the next pass asks how it fares.
    if (error.retryable) return;
    store.appendAttempt({ decision, at: now, status: "failed", requestId, sentence: sentenceOf(error) });
    end(store, record, now, { verdict: "not-reached", sentence: `No savepoint: ${sentenceOf(error)}` });
  }
}

/** Looks how a savepoint fares that was asked for, and writes its end down. */
export async function followSavepoint(
  ports: FollowPorts,
  { record, attempts }: DecisionHistory<"savepoint">,
  timeoutMs: Milliseconds,
  now: Instant,
): Promise<void> {
  const { store, cluster } = ports;
  const plan = planOf(record);
  const since = attempts[0]?.at ?? now;
  const status = await cluster.hand.savepointStatus(record.flinkJobId, plan.triggerId).catch(reasonOf);
  if (status === "not-found") {
    await whereIsIt(ports, record, attempts.some(isAccepted), since, now);
    return;
  }
  if (status === "silent" || status.kind === "in-progress") {
    if (now - since < timeoutMs) return;
    const sentence = `No savepoint: it is not complete after ${formatDuration(now - since)}; Flink may still write it`;
    end(store, record, now, { verdict: "not-reached", sentence });
    return;
  }
  if (status.kind === "failed" || status.location === undefined) {
    const why = status.kind === "failed" ? status.sentence : "Flink does not say where it lies";
    end(store, record, now, { verdict: "not-reached", sentence: `No savepoint: ${why}` });
    return;
  }
  reached(store, record, status.location, since, now);
}

/** Flink does not know the trigger: never heard of it, restarted since, or done so long ago that it forgot. */
async function whereIsIt(
  ports: FollowPorts,
  record: SavepointRecord,
  wasAccepted: boolean,
  since: Instant,
  now: Instant,
): Promise<void> {
  const { store, cluster } = ports;
  const health = await cluster.eyes.readHealth(record.flinkJobId).catch(reasonOf);
  if (health === "silent") return;
  if (health !== "not-found") {
    const ahead = health.at - now;
    const found = health.snapshots.filter(
      (s) =>
        s.kind === "savepoint" &&
        !s.discarded &&
        s.path !== "" &&
        (s.triggeredAt ?? 0) - ahead >= since - CLOCK_SLACK_MS,
    );
    const [only] = found;
    if (only !== undefined && found.length === 1) {
      reached(store, record, only.path, since, now);
      return;
    }
    if (!wasAccepted && health.state === "RUNNING" && now - since < ASK_AGAIN_MS) {
      if (ports.hold(record) === undefined) await askForSavepoint(ports, record, now);
      return;
    }
    if (wasAccepted && now - since < APPEARS_WITHIN_MS) return;
  }
  const sentence = wasAccepted
    ? "No savepoint that is known of: Flink forgot the request, as after a restart of its JobManager"
    : "No savepoint: Flink never got the request";
  end(store, record, now, { verdict: "not-reached", sentence });
}

function reached(store: Store, record: SavepointRecord, location: string, since: Instant, now: Instant) {
  const path = placeOf(location);
  if (path === undefined) {
    const sentence = `Savepoint taken where Outrider cannot look: ${location}`;
    end(store, record, now, { verdict: "reached", location, tookMs: now - since, sentence });
    return;
  }
  const tookMs = now - since;
  const memory = recallSavepoints(store, record.job);
  const { flinkJobId, id: decision } = record;
  const { format } = planOf(record);
  const others = memory.taken.filter((s) => s.path !== path);
  const state = "unchecked" as const;
  const own = { path, decision, flinkJobId, format, takenAt: since, state, checkedAt: null, removal: null };
  // First: a savepoint whose record was lost would never be removed.
  keepSavepoints(store, record.job, { ...memory, lastTookMs: tookMs, taken: [...others, own] });
  const sentence = `Savepoint taken within ${formatDuration(tookMs)}: ${path}`;
  end(store, record, now, { verdict: "reached", location: path, tookMs, sentence });
}

/** Normalised; undefined for what no place of ours can be, such as a Windows path. */
function placeOf(location: string): string | undefined {
  try {
    return locationText(parseLocation(location));
  } catch {
    return undefined;
  }
}

interface End {
  readonly verdict: "reached" | "not-reached" | "superseded";
  readonly sentence: string;
  readonly location?: string;
  readonly tookMs?: Milliseconds;
}

export function end(store: Store, record: SavepointRecord, at: Instant, { tookMs, ...rest }: End): void {
  store.appendOutcome({
    decision: record.id,
    at,
    expected: {},
    observed: {},
    tookMs: tookMs ?? null,
    ...rest,
  });
}

function planOf({ effective, id }: SavepointRecord): SavepointPlan {
  if (effective === null) throw new TypeError(`decision ${id} is a hold`);
  return effective;
}

const isAccepted = (a: { readonly status: string }): boolean => a.status === "accepted";

function reasonOf(error: unknown): "not-found" | "silent" {
  if (!(error instanceof Failure)) throw error;
  return error.code === "not-found" ? "not-found" : "silent";
}
