import type { Database } from "./database.ts";
import type { Store } from "./port.ts";

type Memory = Pick<Store, "remember" | "recall" | "recallAll">;

/** Small learned values per job. Writing gives a new `seq`, so that prune drops what was not touched for longest. */
export function createMemory(db: Database): Memory {
  return {
    remember: (job, name, value) =>
      db.write("remember", () => {
        const text = JSON.stringify(value);
        if (text === undefined) db.run("DELETE FROM memory WHERE job = ? AND name = ?", job, name);
        else db.run("INSERT OR REPLACE INTO memory (job, name, value) VALUES (?, ?, ?)", job, name, text);
      }),
    recall: (job, name) => {
      const row = db.one("SELECT value FROM memory WHERE job = ? AND name = ?", job, name);
      return row === undefined ? undefined : (JSON.parse(String(row.value)) as unknown);
    },
    recallAll: (name) =>
      new Map(
        db
          .all("SELECT job, value FROM memory WHERE name = ? ORDER BY job", name)
          .map((row) => [String(row.job), JSON.parse(String(row.value)) as unknown]),
      ),
  };
}
