import type { Mode, Pause } from "../../model/index.ts";
import type { Database, Row } from "./database.ts";
import type { Store } from "./port.ts";

type Steering = Pick<Store, "setPause" | "endPause" | "pauseOf" | "setMode" | "modeOf">;

/** What people told Outrider to do with a job: pauses and modes. */
export function createSteering(db: Database): Steering {
  return {
    setPause: (pause) =>
      db.write("setPause", () => {
        const body = JSON.stringify(pause);
        if (standing(db, pause.job)?.body === body) return;
        db.run("INSERT INTO pauses (job, ends, body) VALUES (?, ?, ?)", pause.job, pause.until, body);
      }),
    endPause: (job, at) =>
      db.write("endPause", () => {
        const row = standing(db, job);
        if (row === undefined || Number(row.ends) <= at) return false;
        db.run("UPDATE pauses SET ended_at = ? WHERE seq = ?", at, Number(row.seq));
        return true;
      }),
    pauseOf: (job) => {
      const row = standing(db, job);
      return row === undefined ? undefined : (JSON.parse(String(row.body)) as Pause);
    },
    setMode: (job, mode, by, at) =>
      db.write("setMode", () => {
        if (mode === null) db.run("DELETE FROM modes WHERE job = ?", job);
        else
          db.run("INSERT OR REPLACE INTO modes (job, mode, who, at) VALUES (?, ?, ?, ?)", job, mode, by, at);
      }),
    modeOf: (job) => db.one("SELECT mode FROM modes WHERE job = ?", job)?.mode as Mode | undefined,
  };
}

/** The newest pause, unless a person ended it; whether it is over by itself depends on `now`, which callers know. */
function standing(db: Database, job: string): Row | undefined {
  const row = db.one("SELECT * FROM pauses WHERE job = ? ORDER BY seq DESC LIMIT 1", job);
  return row?.ended_at === null ? row : undefined;
}
