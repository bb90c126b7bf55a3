import type {
  GuardResult,
  Instant,
  Milliseconds,
  RestoreDecision,
  RestoreInputs,
  RestorePlan,
} from "../../model/index.ts";
import type { RestoreConfig } from "../settings.ts";
import { usualDuration } from "./earlier.ts";
import { runGuards } from "./guards.ts";
import { startsEmpty } from "./guards-snapshot.ts";
import { actId, holdId, newJobIdOf } from "./identity.ts";
import { planFor } from "./propose.ts";
import { inputsOf, type RestoreQuestion, type RestoreSubject } from "./question.ts";
import { RESTORE_REASONS, type RestoreReason } from "./reasons.ts";
import { sentenceFor } from "./sentence.ts";
import { type Weighed, weigh } from "./weigh.ts";

/**
 * Whether and from what a job is restored, or why not. Null where nothing is wrong and nobody asked: then there is
 * nothing to record.
 */
export function decideRestore(q: RestoreQuestion): RestoreDecision | null {
  const inputs = inputsOf(q);
  const subject = { job: q.job, at: q.now, trigger: q.trigger };
  const { kind } = q.diagnosis;
  const calm = kind === "well" || kind === "not-assessed" || kind === "ended";
  if (calm && q.trigger === "pass" && weigh(subject, inputs, q.settings).wish === "none") return null;
  return redecideRestore(subject, inputs, q.settings);
}

/** Numbers → decision. From a record's `inputs`, `settings` and `at` this gives the same decision again. */
export function redecideRestore(
  subject: RestoreSubject,
  inputs: RestoreInputs,
  config: RestoreConfig,
): RestoreDecision {
  const weighed = weigh(subject, inputs, config);
  const guards = runGuards(weighed);
  const vetoed = guards.find((g) => g.verdict === "veto");
  const proposal = withIdentity(planFor(inputs, weighed.wish, weighed.choice), subject, inputs);
  const reason = reasonFor(weighed, vetoed, proposal);
  const acts = config.enabled && vetoed === undefined;
  return {
    kind: "restore",
    version: 1,
    job: subject.job,
    flinkJobId: inputs.life.flinkJobId,
    at: subject.at,
    trigger: subject.trigger,
    inputs,
    settings: { ...settingsOf(config) },
    proposal,
    guards,
    effective: acts ? proposal : null,
    estimate: { replay: weighed.replay, durationMs: durationOf(inputs, config, proposal) },
    reason,
    sentence: sentenceFor(reason, weighed, proposal, vetoed),
  };
}

/** The id of the record: the same act on the same life has the same one, however often it is decided. */
export function restoreDecisionId(decision: RestoreDecision): string {
  const { job, flinkJobId, effective, inputs, at, reason } = decision;
  if (effective === null) return holdId(job, flinkJobId, at, reason);
  const { action, snapshot } = effective;
  return actId({ job, flinkJobId, action, snapshot, earlier: inputs.earlier });
}

/** Snapshots that a hold waits for: what can be said of them now would let the job be restored, or passed over. */
export function snapshotsToVerify(decision: RestoreDecision): readonly string[] {
  const { job, at, trigger, inputs, settings } = decision;
  const weighed = weigh({ job, at, trigger }, inputs, settings as unknown as RestoreConfig);
  return weighed.wish === "none" ? [] : weighed.choice.undecided.map((c) => c.path);
}

/** Whether a person is to be told of this decision: now, not yet, or not at all. */
export function pageDue(
  decision: RestoreDecision,
  settings: RestoreConfig,
  now: Instant,
): "now" | "later" | "never" {
  const { page } = RESTORE_REASONS[decision.reason as RestoreReason];
  if (page !== "later") return page;
  const grace =
    decision.reason === "high-availability-recovers" ? settings.haGraceMs : settings.escalateAfterMs;
  return now - decision.inputs.diagnosis.since >= grace ? "now" : "later";
}

function reasonFor(w: Weighed, vetoed: GuardResult | undefined, proposal: RestorePlan | null): RestoreReason {
  if (!w.config.enabled) return "disabled";
  if (vetoed !== undefined) return vetoed.name as RestoreReason;
  if (proposal === null) return "nothing-wrong";
  if (proposal.action === "stop") return "stop-loop";
  if (startsEmpty(w)) return "restore-empty";
  return w.choice.passedOver.length > 0 ? "restore-older" : "restore";
}

function withIdentity(
  plan: RestorePlan | null,
  { job }: RestoreSubject,
  { life, earlier }: RestoreInputs,
): RestorePlan | null {
  if (plan === null || plan.action === "stop") return plan;
  const { action, snapshot } = plan;
  const id = actId({ job, flinkJobId: life.flinkJobId, action, snapshot, earlier });
  return { ...plan, newFlinkJobId: newJobIdOf(id) };
}

function durationOf(
  inputs: RestoreInputs,
  config: RestoreConfig,
  proposal: RestorePlan | null,
): Milliseconds | null {
  if (proposal?.action !== "restore") return null;
  return usualDuration(inputs.earlier) ?? config.restoreDurationMs;
}

/** What the decision was made with, and no more: a record is not the place for a whole configuration. */
function settingsOf(c: RestoreConfig): RestoreConfig {
  return {
    enabled: c.enabled,
    maxAttempts: c.maxAttempts,
    attemptDelayMs: c.attemptDelayMs,
    attemptWindowMs: c.attemptWindowMs,
    escalateAfterMs: c.escalateAfterMs,
    sameFaultLimit: c.sameFaultLimit,
    endLoopAfterMs: c.endLoopAfterMs,
    allowEmptyState: c.allowEmptyState,
    maxReplayMs: c.maxReplayMs,
    storm: c.storm,
    breaker: c.breaker,
    haGraceMs: c.haGraceMs,
    deadMarginMs: c.deadMarginMs,
    restoreDurationMs: c.restoreDurationMs,
    runningDeadlineMs: c.runningDeadlineMs,
    deadlineMs: c.deadlineMs,
  };
}
