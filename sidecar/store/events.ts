import type { OutriderEvent, Severity } from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import type { Store } from "./port.ts";

type Events = Pick<Store, "appendEvent" | "eventsAfter" | "eventsBefore">;

/**
 * The stream of events. A pass that is repeated after a crash tells nothing twice: that a decision was made, and what
 * came of it, is one event each; else, of one decision, equal (type, sentence) is one event; without a decision, an
 * event that is equal in everything, its time included.
 */
export function createEvents(db: Database): Events {
  return {
    appendEvent: (event) =>
      db.write("appendEvent", () => {
        const known = findEqual(db, event);
        if (known !== undefined) return toEvent(known);
        const row = db.one(
          `INSERT INTO events (at, job, type, severity, sentence, decision)
           VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
          event.at,
          event.job ?? null,
          event.type,
          event.severity,
          event.sentence,
          event.decision ?? null,
        );
        return toEvent(row ?? {});
      }),
    eventsAfter: (seq, limit, job) => {
      const count = Math.max(1, Math.floor(limit));
      const rows =
        job === undefined
          ? db.all("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", seq, count)
          : db.all("SELECT * FROM events WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?", job, seq, count);
      return rows.map(toEvent);
    },
    eventsBefore: (seq, limit, job) => {
      const count = Math.max(1, Math.floor(limit));
      const below = seq ?? Number.MAX_SAFE_INTEGER;
      const rows =
        job === undefined
          ? db.all("SELECT * FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?", below, count)
          : db.all(
              "SELECT * FROM events WHERE job = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
              job,
              below,
              count,
            );
      return rows.map(toEvent);
    },
  };
}

/** Told once of a decision: its sentence may have newer numbers by then. */
const ONCE: ReadonlySet<string> = new Set(["decision", "hold", "outcome"]);

function findEqual(db: Database, event: Omit<OutriderEvent, "seq">): Row | undefined {
  if (event.decision !== undefined && ONCE.has(event.type)) {
    return db.one("SELECT * FROM events WHERE decision = ? AND type = ?", event.decision, event.type);
  }
  if (event.decision !== undefined) {
    return db.one(
      "SELECT * FROM events WHERE decision = ? AND type = ? AND sentence = ?",
      event.decision,
      event.type,
      event.sentence,
    );
  }
  return db.one(
    `SELECT * FROM events
     WHERE at = ? AND decision IS NULL AND job IS ? AND type = ? AND severity = ? AND sentence = ?`,
    event.at,
    event.job ?? null,
    event.type,
    event.severity,
    event.sentence,
  );
}

function toEvent(row: Row): OutriderEvent {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    job: textOr(row.job),
    type: String(row.type),
    severity: String(row.severity) as Severity,
    sentence: String(row.sentence),
    decision: textOr(row.decision),
  };
}

const textOr = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
