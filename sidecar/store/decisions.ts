import { Failure } from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import { find, history, mustFind, parse, toRecord } from "./decision-rows.ts";
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
import { recordDecision } from "./record-decision.ts";

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
    recordDecision: (id, decision) => db.write("recordDecision", () => recordDecision(db, id, decision)),
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
  const where = [
    "seq < ?",
    ...asked.map((a) => a.sql),
    ...(query.acts === true ? ["hold_key IS NULL"] : []),
    ...(query.attempted === true
      ? ["EXISTS (SELECT 1 FROM attempts a WHERE a.decision = decisions.id)"]
      : []),
  ];
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
