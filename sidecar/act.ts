import { createHash } from "node:crypto";
import type { Actuator } from "../autoscaler/index.ts";
import {
  type DecisionRecord,
  Failure,
  formatDuration,
  type Instant,
  type JobReadout,
  type Milliseconds,
  type Outcome,
  parallelismOf,
  type ScaleDecision,
  sentenceOf,
} from "../model/index.ts";
import { backOff, type JobMemory, keepMemory, sameParallelism } from "./memory.ts";
import type { PermitAnswer } from "./permits.ts";
import type { DecisionHistory, Store } from "./store/port.ts";

/**
 * A decision's identity. To act: the job's attempt, the target and how many attempts came before, so that a pass
 * repeated after a crash arrives at the same record instead of a second one. To hold: the moment.
 */
export function decisionId(decision: ScaleDecision, memory: JobMemory): string {
  const what =
    decision.effective === null
      ? ["hold", decision.at, decision.reason]
      : ["scale", decision.inputs.runningSince, memory.concluded, Object.entries(decision.effective).sort()];
  const text = JSON.stringify([decision.job, decision.flinkJobId, ...what]);
  return `s-${createHash("sha256").update(text).digest("hex").slice(0, 20)}`;
}

/**
 * Performs a decision once: the intention is on disk before Flink hears of it. A retryable failure leaves the
 * attempt open (Flink may have heard it); the next pass looks and asks again. A refusal ends it.
 */
export async function perform(
  store: Store,
  actuator: Actuator,
  record: DecisionRecord,
  memory: JobMemory,
  now: Instant,
): Promise<JobMemory> {
  const target = record.effective;
  if (target === null) return memory;
  const attempt = { decision: record.id, at: now, requestId: record.id };
  store.appendAttempt({ ...attempt, status: "intended", sentence: "about to ask Flink" });
  try {
    const answer = await actuator.apply(record.flinkJobId, target);
    const sentence =
      answer === "requested" ? "Flink accepted the requirements" : "Flink had these requirements already";
    store.appendAttempt({ ...attempt, status: "accepted", sentence });
    return { ...memory, refusals: 0, retryAt: null };
  } catch (error) {
    if (error instanceof Failure && error.retryable) {
      store.appendAttempt({ ...attempt, status: "requested", sentence: `unanswered: ${sentenceOf(error)}` });
      return memory;
    }
    if (!(error instanceof Failure)) throw error;
    store.appendAttempt({ ...attempt, status: "failed", sentence: sentenceOf(error) });
    const refusals = memory.refusals + 1;
    return { ...memory, concluded: memory.concluded + 1, refusals, retryAt: now + backOff(refusals) };
  }
}

export function recordPermit(store: Store, record: DecisionRecord, answer: PermitAnswer, now: Instant): void {
  store.appendPermit({ decision: record.id, at: now, ...answer });
}

/**
 * Looks after an attempt that is under way: did it come true, or has its time passed? Returns the memory, changed
 * where the attempt came to its end.
 */
export function settle(
  store: Store,
  open: DecisionHistory<"scale">,
  readout: JobReadout,
  memory: JobMemory,
  deadlineMs: Milliseconds,
  now: Instant,
): JobMemory {
  const { record } = open;
  const target = record.effective;
  const first = open.attempts[0];
  if (target === null || first === undefined) return memory;
  const observed = parallelismOf(readout.graph);
  const tookMs = Math.max(0, readout.runningSince - first.at);
  const outcome = { decision: record.id, at: now, expected: target, observed };
  const concluded = memory.concluded + 1;
  // The memory first: killed in between, the next pass finds the decision still open and concludes it again.
  const conclude = (end: Pick<Outcome, "verdict" | "tookMs" | "sentence">, learnt: JobMemory): JobMemory => {
    keepMemory(store, record.job, memory, learnt);
    store.appendOutcome({ ...outcome, ...end });
    return learnt;
  };
  if (readout.flinkJobId !== record.flinkJobId) {
    const sentence = "the job was submitted anew before the change came true";
    return conclude({ verdict: "superseded", tookMs: null, sentence }, { ...memory, concluded });
  }
  if (sameParallelism(observed, target) && readout.state === "RUNNING") {
    const sentence = `every vertex runs with the target, ${formatDuration(tookMs)} after the request`;
    return conclude(
      { verdict: "reached", tookMs, sentence },
      { ...memory, concluded, lastRescaleAt: readout.runningSince },
    );
  }
  if (now - first.at > deadlineMs) {
    const sentence = `not all vertices run with the target ${formatDuration(now - first.at)} after the request`;
    const refusals = memory.refusals + 1;
    const learnt = { ...memory, concluded, refusals, retryAt: now + backOff(refusals) };
    return conclude({ verdict: "not-reached", tookMs: null, sentence }, learnt);
  }
  return memory;
}

/** True when Flink may never have heard of an open attempt: we were killed, or it did not answer. */
export function mustAskAgain(open: DecisionHistory<"scale">, readout: JobReadout): boolean {
  const target = open.record.effective;
  const accepted = open.attempts.some((a) => a.status === "accepted");
  const known = readout.requirements;
  return target !== null && !accepted && (known === undefined || !sameParallelism(known, target));
}
