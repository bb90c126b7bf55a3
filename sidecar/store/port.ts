import type {
  AnyRecord,
  Attempt,
  Decision,
  Instant,
  JobKey,
  Kept,
  Mode,
  Outcome,
  OutriderEvent,
  Pause,
  Permit,
} from "../../model/index.ts";

/** A person's word on one decision. The first word counts; a second one is a conflict. */
export interface Approval {
  readonly decision: string;
  readonly at: Instant;
  readonly by: string;
  readonly verdict: "approved" | "rejected";
  readonly reason: string | null;
}

export type DecisionKind = AnyRecord["kind"];
export type RecordOf<K extends DecisionKind> = Extract<AnyRecord, { readonly kind: K }>;

/** A record and everything that happened to it since, each list oldest first. */
interface History<R extends AnyRecord> {
  readonly record: R;
  readonly permits: readonly Permit[];
  readonly approval: Approval | null;
  readonly attempts: readonly Attempt[];
  readonly outcome: Outcome | null;
}

/** Of any kind unless it is named. */
export type DecisionHistory<K extends DecisionKind = DecisionKind> = History<RecordOf<K>>;

export interface LaterActs<K extends DecisionKind = DecisionKind> {
  readonly newest: RecordOf<K> | undefined;
  /** Id of the newest that was attempted, whatever came of it. */
  readonly attempted: string | undefined;
  /** Id of the newest that a person rejected. */
  readonly rejected: string | undefined;
}

export interface DecisionQuery<K extends DecisionKind = DecisionKind> {
  readonly job?: JobKey;
  readonly kind?: K;
  /** True: only decisions to act, no holds. */
  readonly acts?: boolean;
  /** True: only those with an attempt. */
  readonly attempted?: boolean;
  readonly limit: number;
  /** Cursor from a page. */
  readonly before?: string;
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
   * Writes a decision under `id`. When the newest record of the job and kind is a hold with the same reason, proposal
   * and Flink job id, that record's `times` grows instead and it is returned. The same id again: a decision to act that
   * nobody has answered gets the newest body and `times` + 1; where a newer decision to act of its kind stands
   * between, or it has its outcome without an attempt, the decision gets a new id, which follows from both; anything
   * else changes nothing.
   */
  recordDecision<D extends Decision>(id: string, decision: D): D & Kept;
  decision(id: string): DecisionHistory | undefined;
  /** Newest first. */
  decisions<K extends DecisionKind = DecisionKind>(query: DecisionQuery<K>): Page<DecisionHistory<K>>;
  /**
   * Decisions with an attempt and no outcome and no failed/abandoned attempt: what a restart must look after. A
   * failed step of several ends nothing by itself; only an outcome does.
   */
  openDecisions<K extends DecisionKind = DecisionKind>(kind?: K): readonly DecisionHistory<K>[];
  /** Approved decisions of a job that have neither an attempt nor an outcome; the newest word first. */
  approvedDecisions<K extends DecisionKind>(job: JobKey, kind: K): readonly DecisionHistory<K>[];
  /** Of the decisions to act of the same job and of this kind that were recorded after this one: the newest of each kind. */
  laterActs<K extends DecisionKind>(id: string, kind: K): LaterActs<K>;
  /** Equal (decision, code, by) in a row is written once. */
  appendPermit(permit: Permit): void;
  /** Equal (decision, step, status) is written once. */
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
  /** What all jobs have under one name. */
  recallAll(name: string): ReadonlyMap<JobKey, unknown>;
  /** Deletes what is older than `keepMs` and what exceeds `maxRows` per table; returns the number of rows. */
  prune(now: Instant): number;
  close(): void;
}
