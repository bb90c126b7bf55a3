import { createHash } from "node:crypto";
import {
  type Attempt,
  type DecisionRecord,
  Failure,
  type Outcome,
  type Permit,
  type ScaleDecision,
} from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import type { Approval, DecisionHistory, Store } from "./port.ts";

type Decisions = Pick<
  Store,
  | "recordDecision"
  | "decision"
  | "decisions"
  | "openDecisions"
  | "appendPermit"
  | "appendAttempt"
  | "appendOutcome"
  | "appendApproval"
>;

/** Records and what is appended to them. */
export function createDecisions(db: Database): Decisions {
  return {
    recordDecision: (id, decision) => db.write("recordDecision", () => record(db, id, decision)),
    decision: (id) => {
      const row = find(db, id);
      return row === undefined ? undefined : history(db, row);
    },
    decisions: ({ job, limit, before }) => {
      const from = before === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(before);
      const count = Math.max(1, Math.floor(limit));
      const rows =
        job === undefined
          ? db.all("SELECT * FROM decisions WHERE seq < ? ORDER BY seq DESC LIMIT ?", from, count + 1)
          : db.all(
              "SELECT * FROM decisions WHERE job = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
              job,
              from,
              count + 1,
            );
      const shown = rows.slice(0, count);
      const last = shown.at(-1);
      return {
        items: shown.map((row) => history(db, row)),
        next: rows.length > count && last !== undefined ? String(last.seq) : null,
      };
    },
    openDecisions: () =>
      db
        .all("SELECT * FROM decisions WHERE id IN (SELECT id FROM open_decisions) ORDER BY seq")
        .map((row) => history(db, row)),
    appendPermit: (permit) =>
      db.write("appendPermit", () => {
        const id = mustFind(db, permit.decision);
        const last = db.one("SELECT code, who FROM permits WHERE decision = ? ORDER BY seq DESC LIMIT 1", id);
        if (last?.code === permit.code && last.who === permit.by) return;
        db.run(
          "INSERT INTO permits (decision, code, who, body) VALUES (?, ?, ?, ?)",
          id,
          permit.code,
          permit.by,
          JSON.stringify(permit),
        );
      }),
    appendAttempt: (attempt) =>
      db.write("appendAttempt", () =>
        db.run(
          "INSERT INTO attempts (decision, status, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          mustFind(db, attempt.decision),
          attempt.status,
          JSON.stringify(attempt),
        ),
      ),
    appendOutcome: (outcome) =>
      db.write("appendOutcome", () =>
        db.run(
          "INSERT INTO outcomes (decision, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
          mustFind(db, outcome.decision),
          JSON.stringify(outcome),
        ),
      ),
    appendApproval: (approval) => db.write("appendApproval", () => approve(db, approval)),
  };
}

function record(db: Database, id: string, decision: ScaleDecision): DecisionRecord {
  const key = holdKey(decision);
  if (key === null) return recordAct(db, id, decision);
  const known = find(db, id);
  if (known !== undefined) return toRecord(known);
  const newest = db.one("SELECT * FROM decisions WHERE job = ? ORDER BY seq DESC LIMIT 1", decision.job);
  if (newest?.hold_key === key) renew(db, newest, id, decision);
  else insert(db, id, key, decision);
  return toRecord(find(db, id) ?? {});
}

/**
 * A decision to act that nobody has answered stays one record while it is the newest, with the newest numbers. Where
 * another one came between it is a new record: what is proposed now must never be an old page.
 */
function recordAct(db: Database, id: string, decision: ScaleDecision): DecisionRecord {
  const known = find(db, id);
  if (known !== undefined && isAttempted(db, id)) return toRecord(known);
  const newest =
    known === undefined
      ? undefined
      : db.one(
          "SELECT * FROM decisions WHERE job = ? AND hold_key IS NULL ORDER BY seq DESC LIMIT 1",
          decision.job,
        );
  if (newest === undefined) {
    insert(db, id, null, decision);
    return toRecord(find(db, id) ?? {});
  }
  const newestId = String(newest.id);
  if (newestId !== id && !(sameTarget(newest, decision) && !isAttempted(db, newestId))) {
    return recordAct(db, followingId(id, newestId), decision);
  }
  if (!isAnswered(db, newestId)) renew(db, newest, newestId, decision);
  return toRecord(find(db, newestId) ?? {});
}

function sameTarget(row: Row, decision: ScaleDecision): boolean {
  const other = toRecord(row);
  const text = (target: ScaleDecision["effective"]) => JSON.stringify(Object.entries(target ?? {}).sort());
  return other.flinkJobId === decision.flinkJobId && text(other.effective) === text(decision.effective);
}

/** Follows from the two ids alone, so that a pass repeated after a crash arrives at the same record. */
const followingId = (id: string, after: string): string =>
  `s-${createHash("sha256").update(`${id} after ${after}`).digest("hex").slice(0, 20)}`;

const isAttempted = (db: Database, id: string): boolean =>
  db.one("SELECT 1 AS found FROM attempts WHERE decision = ? LIMIT 1", id) !== undefined;

const isAnswered = (db: Database, id: string): boolean =>
  db.one("SELECT 1 AS found FROM approvals WHERE decision = ? LIMIT 1", id) !== undefined;

function insert(db: Database, id: string, key: string | null, decision: ScaleDecision): void {
  db.run(
    `INSERT INTO decisions (id, last_id, job, at, since, times, hold_key, body)
     VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
    id,
    id,
    decision.job,
    decision.at,
    decision.at,
    key,
    JSON.stringify(decision),
  );
}

/** The body is replaced as a whole, so that numbers and sentence are the newest and agree with each other. */
function renew(db: Database, row: Row, id: string, decision: ScaleDecision): void {
  db.run(
    "UPDATE decisions SET times = times + 1, last_id = ?, at = ?, body = ? WHERE seq = ?",
    id,
    decision.at,
    JSON.stringify(decision),
    Number(row.seq),
  );
}

/** Equal keys in a row are one record; null for a decision to act. */
function holdKey(decision: ScaleDecision): string | null {
  if (decision.effective !== null) return null;
  const proposal = Object.entries(decision.proposal).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([decision.kind, decision.reason, decision.flinkJobId, proposal]);
}

function approve(db: Database, approval: Approval): void {
  const id = mustFind(db, approval.decision);
  const standing = db.one("SELECT verdict, body FROM approvals WHERE decision = ?", id);
  if (standing === undefined) {
    db.run(
      "INSERT INTO approvals (decision, verdict, body) VALUES (?, ?, ?)",
      id,
      approval.verdict,
      JSON.stringify(approval),
    );
  } else if (standing.verdict !== approval.verdict) {
    const first = parse<Approval>(standing.body);
    throw new Failure(
      "conflict",
      `cannot record the word ${approval.verdict} of ${approval.by}: decision ${id}; got ${first.verdict} by ${first.by} before; expected a decision without a word`,
    );
  }
}

/** By its own id, or by the id of the last hold that was merged into it. */
function find(db: Database, id: string): Row | undefined {
  return (
    db.one("SELECT * FROM decisions WHERE id = ?", id) ??
    db.one("SELECT * FROM decisions WHERE last_id = ? ORDER BY seq DESC LIMIT 1", id)
  );
}

function mustFind(db: Database, id: string): string {
  const row = find(db, id);
  if (row === undefined) {
    throw new Failure(
      "not-found",
      `cannot append to a decision: ${id}; got no such record; expected the id of a stored decision`,
    );
  }
  return String(row.id);
}

function history(db: Database, row: Row): DecisionHistory {
  const id = String(row.id);
  const approval = db.one("SELECT body FROM approvals WHERE decision = ?", id);
  const outcome = db.one("SELECT body FROM outcomes WHERE decision = ?", id);
  return {
    record: toRecord(row),
    permits: db
      .all("SELECT body FROM permits WHERE decision = ? ORDER BY seq", id)
      .map((r) => parse<Permit>(r.body)),
    approval: approval === undefined ? null : parse<Approval>(approval.body),
    attempts: db
      .all("SELECT body FROM attempts WHERE decision = ? ORDER BY seq", id)
      .map((r) => parse<Attempt>(r.body)),
    outcome: outcome === undefined ? null : parse<Outcome>(outcome.body),
  };
}

function toRecord(row: Row): DecisionRecord {
  const decision = parse<ScaleDecision>(row.body);
  return { ...decision, id: String(row.id), since: Number(row.since), times: Number(row.times) };
}

/** The body was written by `JSON.stringify` in this file. */
function parse<T>(body: unknown): T {
  try {
    return JSON.parse(String(body)) as T;
  } catch (cause) {
    throw new Failure(
      "store-broken",
      "cannot read a record of the store; got text that is not JSON; expected what Outrider wrote; restore a copy of the file",
      { cause },
    );
  }
}

function parseCursor(text: string): number {
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seq)) {
    throw new Failure(
      "bad-request",
      `cannot find the page: got cursor ${JSON.stringify(text.slice(0, 40))}; expected the "next" of an earlier page`,
    );
  }
  return seq;
}
