import { createHash } from "node:crypto";
import type { AnyRecord, Decision, Kept } from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import { find, toRecord } from "./decision-rows.ts";

/** Writes a decision, or renews the record that already says it: see `Store.recordDecision`. Inside a transaction. */
export function recordDecision<D extends Decision>(db: Database, id: string, decision: D): D & Kept {
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
