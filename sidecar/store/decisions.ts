import { createHash } from "node:crypto";
import {
  type AnyRecord,
  type Attempt,
  type Decision,
  Failure,
  type Kept,
  type Outcome,
  type Permit,
} from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import type {
  Approval,
  DecisionHistory,
  DecisionKind,
  DecisionQuery,
  LaterActs,
  Page,
  RecordOf,
  Store,
} from "./port.ts";

type Decisions = Pick<
  Store,
  | "recordDecision"
  | "decision"
  | "decisions"
  | "openDecisions"
  | "approvedDecisions"
  | "laterActs"
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
    decisions: (query) => pageOf(db, query),
    openDecisions: <K extends DecisionKind>(kind?: K) =>
      db
        .all(
          `SELECT * FROM decisions
           WHERE id IN (SELECT id FROM open_decisions) AND kind = ifnull(?, kind) ORDER BY seq`,
          kind ?? null,
        )
        .map((row) => history<K>(db, row)),
    approvedDecisions: <K extends DecisionKind>(job: string, kind: K) =>
      db
        // CROSS JOIN makes SQLite begin with the few approvals rather than with all decisions of the job.
        .all(
          `SELECT d.* FROM approvals a CROSS JOIN decisions d ON d.id = a.decision
           WHERE a.verdict = 'approved' AND d.job = ? AND d.kind = ?
             AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.decision = a.decision)
             AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision = a.decision)
           ORDER BY a.rowid DESC`,
          job,
          kind,
        )
        .map((row) => history<K>(db, row)),
    laterActs: (id, kind) => laterActs(db, id, kind),
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
          "INSERT INTO attempts (decision, step, status, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
          mustFind(db, attempt.decision),
          attempt.step ?? "",
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

function pageOf<K extends DecisionKind>(db: Database, query: DecisionQuery<K>): Page<DecisionHistory<K>> {
  const from = query.before === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(query.before);
  const count = Math.max(1, Math.floor(query.limit));
  const asked = [
    ["job = ?", query.job],
    ["kind = ?", query.kind],
  ].flatMap(([sql, value]) => (sql === undefined || value === undefined ? [] : [{ sql, value }]));
  const where = ["seq < ?", ...asked.map((a) => a.sql), ...(query.acts === true ? ["hold_key IS NULL"] : [])];
  const rows = db.all(
    `SELECT * FROM decisions WHERE ${where.join(" AND ")} ORDER BY seq DESC LIMIT ?`,
    from,
    ...asked.map((a) => a.value),
    count + 1,
  );
  const shown = rows.slice(0, count);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => history<K>(db, row)),
    next: rows.length > count && last !== undefined ? String(last.seq) : null,
  };
}

function record<D extends Decision>(db: Database, id: string, decision: D): D & Kept {
  const key = holdKey(decision);
  if (key === null) return recordAct(db, id, decision);
  const known = find(db, id);
  if (known !== undefined) return toRecord(known);
  const newest = db.one(
    "SELECT * FROM decisions WHERE job = ? AND kind = ? ORDER BY seq DESC LIMIT 1",
    decision.job,
    decision.kind,
  );
  if (newest?.hold_key === key) renew(db, newest, id, decision);
  else insert(db, id, key, decision);
  return toRecord(find(db, id) ?? {});
}

/**
 * A decision to act that nobody has answered stays one record while it is the newest, with the newest numbers. Where
 * another one came between it is a new record: what is proposed now must never be an old page.
 */
function recordAct<D extends Decision>(db: Database, id: string, decision: D): D & Kept {
  const known = find(db, id);
  if (known !== undefined && isAttempted(db, id)) return toRecord(known);
  const newest =
    known === undefined
      ? undefined
      : db.one(
          "SELECT * FROM decisions WHERE job = ? AND kind = ? AND hold_key IS NULL ORDER BY seq DESC LIMIT 1",
          decision.job,
          decision.kind,
        );
  if (newest === undefined) {
    insert(db, id, null, decision);
    return toRecord(find(db, id) ?? {});
  }
  const newestId = String(newest.id);
  const isSame = newestId === id || sameTarget(newest, decision);
  if (!isSame || isAttempted(db, newestId) || isConcluded(db, newestId)) {
    return recordAct(db, followingId(id, newestId), decision);
  }
  if (!isAnswered(db, newestId)) renew(db, newest, newestId, decision);
  return toRecord(find(db, newestId) ?? {});
}

function sameTarget(row: Row, decision: Decision): boolean {
  const other = toRecord<AnyRecord>(row);
  return other.flinkJobId === decision.flinkJobId && targetOf(other) === targetOf(decision);
}

/** What a decision to act is about. Two with the same are one; the id of a restored job follows from the record. */
function targetOf(decision: Decision): string {
  if (decision.kind !== "restore") return JSON.stringify(Object.entries(decision.effective ?? {}).sort());
  const { action, way, snapshot } = decision.effective ?? {};
  return JSON.stringify([action, way, snapshot]);
}

/** Follows from the two ids alone, so that a pass repeated after a crash arrives at the same record. */
const followingId = (id: string, after: string): string =>
  `${id.slice(0, 2)}${createHash("sha256").update(`${id} after ${after}`).digest("hex").slice(0, 20)}`;

const isAttempted = (db: Database, id: string): boolean =>
  db.one("SELECT 1 AS found FROM attempts WHERE decision = ? LIMIT 1", id) !== undefined;

/** Also without an attempt: its approval was given up. */
const isConcluded = (db: Database, id: string): boolean =>
  db.one("SELECT 1 AS found FROM outcomes WHERE decision = ? LIMIT 1", id) !== undefined;

const isAnswered = (db: Database, id: string): boolean =>
  db.one("SELECT 1 AS found FROM approvals WHERE decision = ? LIMIT 1", id) !== undefined;

function laterActs<K extends DecisionKind>(db: Database, id: string, kind: K): LaterActs<K> {
  const seq = Number(db.one("SELECT seq FROM decisions WHERE id = ?", id)?.seq ?? Number.MAX_SAFE_INTEGER);
  const later = (where: string): Row | undefined =>
    db.one(
      `SELECT d.* FROM decisions d
       WHERE d.job = (SELECT job FROM decisions WHERE id = ?) AND d.kind = ? AND d.seq > ?
         AND d.hold_key IS NULL AND ${where}
       ORDER BY d.seq DESC LIMIT 1`,
      id,
      kind,
      seq,
    );
  const newest = later("TRUE");
  if (newest === undefined) return { newest, attempted: undefined, rejected: undefined };
  const tried = later("EXISTS (SELECT 1 FROM attempts a WHERE a.decision = d.id)");
  const refused = later(
    "EXISTS (SELECT 1 FROM approvals a WHERE a.decision = d.id AND a.verdict = 'rejected')",
  );
  const idOf = (row: Row | undefined) => (row === undefined ? undefined : String(row.id));
  return { newest: toRecord<RecordOf<K>>(newest), attempted: idOf(tried), rejected: idOf(refused) };
}

function insert(db: Database, id: string, key: string | null, decision: Decision): void {
  db.run(
    `INSERT INTO decisions (id, last_id, job, kind, at, since, times, hold_key, body)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    id,
    id,
    decision.job,
    decision.kind,
    decision.at,
    decision.at,
    key,
    JSON.stringify(decision),
  );
}

/** The body is replaced as a whole, so that numbers and sentence are the newest and agree with each other. */
function renew(db: Database, row: Row, id: string, decision: Decision): void {
  db.run(
    "UPDATE decisions SET times = times + 1, last_id = ?, at = ?, body = ? WHERE seq = ?",
    id,
    decision.at,
    JSON.stringify(decision),
    Number(row.seq),
  );
}

/** Equal keys in a row are one record; null for a decision to act. */
function holdKey(decision: Decision): string | null {
  if (decision.effective !== null) return null;
  return JSON.stringify([decision.kind, decision.reason, decision.flinkJobId, proposed(decision)]);
}

/** What tells two holds of one reason apart: the parallelism, or the snapshot. */
function proposed(decision: Decision): unknown {
  if (decision.kind === "scale") {
    return Object.entries(decision.proposal).sort(([a], [b]) => (a < b ? -1 : 1));
  }
  if (decision.kind === "savepoint") return decision.proposal.targetDirectory;
  return [decision.proposal?.action ?? null, decision.proposal?.snapshot ?? null];
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

function history<K extends DecisionKind>(db: Database, row: Row): DecisionHistory<K> {
  const id = String(row.id);
  const approval = db.one("SELECT body FROM approvals WHERE decision = ?", id);
  const outcome = db.one("SELECT body FROM outcomes WHERE decision = ?", id);
  return {
    record: toRecord<RecordOf<K>>(row),
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

/** The caller knows the kind: it asked for it, or it takes any. */
function toRecord<R extends Decision>(row: Row): R & Kept {
  const decision = parse<R>(row.body);
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
