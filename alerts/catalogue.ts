import type { Alert } from "./alert.ts";
import { FLINK_JOB_ALERTS } from "./flink-job-alerts.ts";
import { FLINK_PROCESS_ALERTS } from "./flink-process-alerts.ts";
import { OUTRIDER_ALERTS } from "./outrider-alerts.ts";

/** Every alert of this release. */
export const ALERTS: readonly Alert[] = [...FLINK_PROCESS_ALERTS, ...FLINK_JOB_ALERTS, ...OUTRIDER_ALERTS];

export const ALERT_NAMES: readonly string[] = ALERTS.map((a) => a.name);
