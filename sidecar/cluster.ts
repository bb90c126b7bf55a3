import type { Actuator } from "../autoscaler/index.ts";
import type { JobReader } from "../collector/index.ts";
import type { RecoveryEyes, RecoveryHand } from "./restore/ports.ts";
import type { SavepointHand } from "./savepoints/ports.ts";

/** One Flink cluster as the loop drives it. */
export interface DrivenCluster {
  readonly name: string;
  readonly url: string;
  readonly namespace: string;
  readonly reader: JobReader;
  readonly actuator: Actuator;
  /** How recovery looks at it, and what it may ask of it. */
  readonly eyes: RecoveryEyes;
  readonly hand: RecoveryHand & SavepointHand;
  /** Flink's version as `/config` says it. */
  readVersion(): Promise<string>;
  /** Whether a job of this name is ours to look at. */
  includes(jobName: string): boolean;
}
