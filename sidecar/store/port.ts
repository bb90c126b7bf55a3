import type {
  Attempt,
  DecisionRecord,
  Instant,
  JobKey,
  Mode,
  Outcome,
  OutriderEvent,
  Pause,
  Permit,
  ScaleDecision,
} from "../../model/index.ts";

/** A person's word on one decision. The first word counts; a second one is a conflict. */
export interface Approval {
  readonly decision: string;
  readonly at: Instant;
  readonly by: string;
  readonly verdict: "approved" | "rejected";
  readonly reason: string | null;
}

/** A record and everything that happened to it since, each list oldest first. */
export interface DecisionHistory {
  readonly record: DecisionRecord;
  readonly permits: readonly Permit[];
  readonly approval: Approval | null;
  readonly attempts: readonly Attempt[];
  readonly outcome: Outcome | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page, null at the end. */
  readonly next: string | null;
}

/**
 * What must survive kill -9. Every method is one transaction and durable when it returns; all appends are
 * idempotent, so that a pass which is repeated after a crash writes nothing twice. Methods throw
 * `Failure("store-broken")` when the file cannot be used.
 */
export interface Store {
  /**
   * Writes a decision under `id`. When the newest record of the job is a hold with the same reason, proposal and
   * Flink job id, that record's `times` grows instead and it is returned. The same id again: a decision to act that
   * nobody has answered gets the newest body and `times` + 1; where a newer decision to act stands between, the
   * decision gets a new id, which follows from both; anything else changes nothing.
   */
  recordDecision(id: string, decision: ScaleDecision): DecisionRecord;
  decision(id: string): DecisionHistory | undefined;
  /** Newest first; `before` is a cursor from a page. */
  decisions(query: { job?: JobKey; limit: number; before?: string }): Page<DecisionHistory>;
  /** Decisions with an attempt and no outcome and no failed/abandoned attempt: what a restart must look after. */
  openDecisions(): readonly DecisionHistory[];
  /** Equal (decision, code, by) in a row is written once. */
  appendPermit(permit: Permit): void;
  /** Equal (decision, status) is written once. */
  appendAttempt(attempt: Attempt): void;
  /** The first outcome of a decision stays. */
  appendOutcome(outcome: Outcome): void;
  /** Throws `Failure("conflict")` when a different word stands already, `Failure("not-found")` without a record. */
  appendApproval(approval: Approval): void;
  setPause(pause: Pause): void;
  /** Ends the pause now; false when there was none. */
  endPause(job: JobKey, at: Instant): boolean;
  pauseOf(job: JobKey): Pause | undefined;
  /** null removes the job's own mode, so that the configured one holds again. */
  setMode(job: JobKey, mode: Mode | null, by: string, at: Instant): void;
  modeOf(job: JobKey): Mode | undefined;
  appendEvent(event: Omit<OutriderEvent, "seq">): OutriderEvent;
  /** Oldest first, at most `limit`. */
  eventsAfter(seq: number, limit: number, job?: JobKey): readonly OutriderEvent[];
  /** Newest first, at most `limit`; `seq` undefined: from the newest of all. */
  eventsBefore(seq: number | undefined, limit: number, job?: JobKey): readonly OutriderEvent[];
  /** Small learned values per job (last rescale, measured pause, cost per record …) as JSON. */
  remember(job: JobKey, name: string, value: unknown): void;
  recall(job: JobKey, name: string): unknown;
  /** Deletes what is older than `keepMs` and what exceeds `maxRows` per table; returns the number of rows. */
  prune(now: Instant): number;
  close(): void;
}
