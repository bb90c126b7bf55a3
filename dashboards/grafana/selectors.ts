import {
  type FlinkMetricName,
  flink,
  labelNames,
  type Matchers,
  type MetricRef,
  matches,
  type OwnMetricName,
  own,
  type Promql,
  promql,
} from "../../model/index.ts";

/** Labels that name a job on Flink's pages and on Outrider's; two jobs of one name are never added up. */
export const JOB = labelNames(["cluster", "namespace", "job_name"]);
export const CLUSTER = labelNames(["cluster", "namespace"]);
/** A vertex: Flink's pages call it a task. */
export const TASK = labelNames(["cluster", "namespace", "job_name", "task_name"]);
export const OPERATOR = labelNames(["cluster", "namespace", "job_name", "operator_name"]);

/** What Outrider's series add to the job's labels. */
export const VERTEX = labelNames(["cluster", "namespace", "job_name", "vertex"]);
export const REASON = labelNames(["cluster", "namespace", "job_name", "reason"]);
export const RESULT = labelNames(["cluster", "namespace", "job_name", "result"]);

/** A scrape that adds neither label still matches: all values stand for `.*`. */
const IN_CLUSTER: Matchers = { cluster: matches("$cluster"), namespace: matches("$namespace") };
/** One job; both sides spell its name as Flink's reporter does, which leaves nothing to be escaped. */
const OF_JOB: Matchers = { ...IN_CLUSTER, job_name: "$job" };

/** A metric of Flink that carries the job's name, for the job that was picked. */
export function flinkOfJob(name: FlinkMetricName, more: Matchers = {}): MetricRef {
  return flink(name, { ...OF_JOB, ...more });
}

/** One of Outrider's own series of the job that was picked. */
export function ownOfJob(name: OwnMetricName, more: Matchers = {}): MetricRef {
  return own(name, { ...OF_JOB, ...more });
}

const TASK_MANAGER = labelNames(["cluster", "namespace", "tm_id"]);
const TARGET = labelNames(["cluster", "namespace", "instance"]);

/** A metric of a TaskManager process, which knows no job: of those that hold subtasks of the job now. */
export function ofItsTaskManagers(name: FlinkMetricName): Promql {
  const here = flink(name, IN_CLUSTER);
  return promql`${here} and on (${TASK_MANAGER}) ${flinkOfJob("flink_taskmanager_job_task_busyTimeMsPerSecond")}`;
}

/** A metric of a JobManager process or its cluster: of the JobManager that leads the job now. */
export function ofItsJobManager(name: FlinkMetricName): Promql {
  const here = flink(name, IN_CLUSTER);
  return promql`${here} and on (${TARGET}) ${flinkOfJob("flink_jobmanager_job_runningTime")}`;
}
