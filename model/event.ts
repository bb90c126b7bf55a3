import type { JobKey } from "./job.ts";
import type { Instant } from "./time.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that people may want to be told; append-only, in the order of `seq`. */
export interface OutriderEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly job: JobKey | undefined;
  /** Kebab-case, such as `decision`, `attempt`, `outcome`, `job-appeared`, `job-gone`, `cluster-unreachable`. */
  readonly type: string;
  readonly severity: Severity;
  readonly sentence: string;
  /** Identity of the decision it belongs to, where there is one. */
  readonly decision: string | undefined;
}
