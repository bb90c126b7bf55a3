import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoragePlan } from "../../engine/simulated/index.ts";

/** Where the demo's jobs keep their state while it runs. */
export interface StateFolder {
  readonly storage: StoragePlan;
  /** Of the job that is brought back. The simulated Flink knows it by its name and looks at nothing else. */
  readonly jar: string;
  remove(): void;
}

/** A folder of its own below the system's temporary one. */
export function makeStateFolder(): StateFolder {
  const folder = mkdtempSync(join(tmpdir(), "outrider-demo-"));
  const jar = join(folder, "invoices.jar");
  writeFileSync(jar, "the simulated Flink runs the jobs of its world\n");
  return {
    storage: { checkpoints: `file:${folder}/checkpoints`, savepoints: `file:${folder}/savepoints` },
    jar,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
