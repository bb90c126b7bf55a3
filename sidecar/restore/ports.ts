import type { HealthReader, JarRun } from "../../engine/index.ts";
import type { FlinkJobId } from "../../model/index.ts";
import type { SnapshotWatch } from "../snapshots/index.ts";

/** How recovery looks at one Flink cluster. */
export type RecoveryEyes = HealthReader;

/** What recovery may ask Flink to do. Every method may throw a `Failure`, and nothing else. */
export interface RecoveryHand {
  cancel(id: FlinkJobId): Promise<void>;
  /** Returns the jar's id. */
  uploadJar(file: string): Promise<string>;
  /** Returns the id of the job that was submitted. */
  runJar(jar: string, run: JarRun): Promise<FlinkJobId>;
}

/** What is known of the snapshots of jobs, and how more is found out. */
export type RestorePoints = Pick<
  SnapshotWatch,
  "noted" | "candidates" | "searched" | "restorePoint" | "verifyNow" | "scan" | "forget"
>;
