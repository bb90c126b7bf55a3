import type { FlinkJobId, Parallelism } from "../model/index.ts";

/** The hand that changes a job's parallelism. */
export interface Actuator {
  /**
   * Asks for `target` (every vertex). Idempotent: when the job already has these requirements nothing is sent and
   * the answer is `unchanged`. Returning means that Flink accepted the wish, not that it came true. Throws a
   * `Failure`; a retryable one may have reached Flink all the same.
   */
  apply(flinkJobId: FlinkJobId, target: Parallelism): Promise<"requested" | "unchanged">;
}
