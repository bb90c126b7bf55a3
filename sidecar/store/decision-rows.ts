import {
  type Attempt,
  type Decision,
  Failure,
  type Kept,
  type Outcome,
  type Permit,
} from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import type { Approval, DecisionHistory, DecisionKind, RecordOf } from "./port.ts";

/** By its own id, or by the id of the last hold that was merged into it. */
export function find(db: Database, id: string): Row | undefined {
  return (
    db.one("SELECT * FROM decisions WHERE id = ?", id) ??
    db.one("SELECT * FROM decisions WHERE last_id = ? ORDER BY seq DESC LIMIT 1", id)
  );
}

/** The id of a stored decision; throws `Failure("not-found")`. */
export function mustFind(db: Database, id: string): string {
  const row = find(db, id);
  if (row === undefined) {
    throw new Failure(
      "not-found",
      `cannot append to a decision: ${id}; got no such record; expected the id of a stored decision`,
    );
  }
  return String(row.id);
}

/** A record with all that hangs on it. */
export function history<K extends DecisionKind>(db: Database, row: Row): DecisionHistory<K> {
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
export function toRecord<R extends Decision>(row: Row): R & Kept {
  const decision = parse<R>(row.body);
  return { ...decision, id: String(row.id), since: Number(row.since), times: Number(row.times) };
}

/** The body was written by `JSON.stringify` in this folder. */
export function parse<T>(body: unknown): T {
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
