import { openDatabase, type WriteHook } from "./database.ts";
import { createDecisions } from "./decisions.ts";
import { createEvents } from "./events.ts";
import { createMemory } from "./memory.ts";
import type { Store } from "./port.ts";
import { type Bounds, prune } from "./prune.ts";
import { createSteering } from "./steering.ts";

export interface StoreOptions extends Bounds {
  /** File of the store; its folder is made when missing. `:memory:` for one that is gone with the process. */
  readonly path: string;
  readonly onWrite?: WriteHook;
}

/** The store in one SQLite file (WAL, synchronous=FULL: what a method returned from survives a power cut). */
export function openStore(options: StoreOptions): Store {
  const db = openDatabase(options.path, options.onWrite);
  return {
    ...createDecisions(db),
    ...createSteering(db),
    ...createEvents(db),
    ...createMemory(db),
    prune: (now) => db.write("prune", () => prune(db, now, options)),
    close: () => db.close(),
  };
}
