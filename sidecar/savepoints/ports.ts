import type { FlinkRest } from "../../engine/index.ts";
import type { JobKey, ListedJob } from "../../model/index.ts";
import type { DrivenCluster } from "../cluster.ts";

/** What may be asked of Flink about savepoints. Every method may throw a `Failure`, and nothing else. */
export type SavepointHand = Pick<
  FlinkRest,
  "triggerSavepoint" | "savepointStatus" | "disposeSavepoint" | "disposalStatus"
>;

/** One job as a round sees it. */
export interface SavepointSubject {
  readonly job: JobKey;
  readonly cluster: DrivenCluster;
  /** Live jobs of this key, else the newest that ended; empty when Flink lists none, or does not answer. */
  readonly listed: readonly ListedJob[];
  /** Nothing is wrong with its state, as far as recovery knows. */
  readonly calm: boolean;
}
