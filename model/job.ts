import type { Instant } from "./time.ts";

/** A job as people know it. It survives a changed Flink job id: redeployed, it is still the same job. */
export interface JobName {
  readonly cluster: string;
  /** Kubernetes namespace; `default` where there is none. */
  readonly namespace: string;
  readonly name: string;
}

/** `cluster/namespace/name`, each part percent-encoded where it holds `/` or `%`; one segment in URLs. */
export type JobKey = string;

/** Flink's own id: 32 hex digits, new at every submission. */
export type FlinkJobId = string;

/** States of a Flink job (`org.apache.flink.api.common.JobStatus`). */
export const JOB_STATES = [
  "INITIALIZING",
  "CREATED",
  "RUNNING",
  "FAILING",
  "FAILED",
  "CANCELLING",
  "CANCELED",
  "FINISHED",
  "RESTARTING",
  "SUSPENDED",
  "RECONCILING",
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job that will never run again under its Flink job id (`JobStatus.isGloballyTerminalState`). */
export function isTerminal(state: JobState): boolean {
  return state === "FAILED" || state === "CANCELED" || state === "FINISHED";
}

/** One line of a cluster's job list. */
export interface ListedJob {
  readonly flinkJobId: FlinkJobId;
  readonly name: string;
  readonly state: JobState;
  readonly startTime: Instant;
}

const escapePart = (part: string): string => part.replaceAll("%", "%25").replaceAll("/", "%2F");

export function jobKey(job: JobName): JobKey {
  return [job.cluster, job.namespace, job.name].map(escapePart).join("/");
}

/** The inverse of `jobKey`; `undefined` when the text has not three parts. */
export function parseJobKey(key: JobKey): JobName | undefined {
  const parts = key.split("/").map((p) => p.replaceAll("%2F", "/").replaceAll("%25", "%"));
  const [cluster, namespace, name] = parts;
  if (parts.length !== 3 || !cluster || !namespace || !name) return undefined;
  return { cluster, namespace, name };
}
