import type { Instant, Milliseconds } from "../../model/index.ts";
import type { Database } from "./database.ts";

export interface Bounds {
  /** What is older goes. */
  readonly keepMs: Milliseconds;
  /** What exceeds this number of rows in a table goes, oldest first. */
  readonly maxRows: number;
}

/** Open decisions and the newest one of each job and kind are needed after a restart, however old they are. */
const NEEDED = `
  id NOT IN (SELECT id FROM open_decisions) AND seq NOT IN (SELECT max(seq) FROM decisions GROUP BY job, kind)`;

/** Deletes by age and by number; returns how many rows went, those of permits, attempts and outcomes included. */
export function prune(db: Database, now: Instant, { keepMs, maxRows }: Bounds): number {
  const oldest = now - keepMs;
  const before = totalChanges(db);
  db.run(`DELETE FROM decisions WHERE at < ? AND ${NEEDED}`, oldest);
  db.run(`DELETE FROM decisions WHERE seq IN (${beyond("decisions")}) AND ${NEEDED}`, maxRows);
  db.run(
    `DELETE FROM permits WHERE seq IN (${beyond("permits")})
     AND decision NOT IN (SELECT id FROM open_decisions)`,
    maxRows,
  );
  db.run("DELETE FROM events WHERE at < ?", oldest);
  db.run(`DELETE FROM events WHERE seq IN (${beyond("events")})`, maxRows);
  const notNewest = "seq NOT IN (SELECT max(seq) FROM pauses GROUP BY job)";
  db.run(`DELETE FROM pauses WHERE ends < ? AND ${notNewest}`, oldest);
  db.run(`DELETE FROM pauses WHERE seq IN (${beyond("pauses")}) AND ${notNewest}`, maxRows);
  db.run(`DELETE FROM memory WHERE seq IN (${beyond("memory")})`, maxRows);
  return totalChanges(db) - before;
}

const beyond = (table: string): string => `SELECT seq FROM ${table} ORDER BY seq DESC LIMIT -1 OFFSET ?`;

/** Unlike `changes()`, this counts what foreign keys deleted as well. */
function totalChanges(db: Database): number {
  return Number(db.one("SELECT total_changes() AS n")?.n ?? 0);
}
