import { matches, type Promql, promql, type RecordedMetricName } from "../model/index.ts";
import { BY, type Terms } from "./terms.ts";

/** Names that Flink gives to source operators. */
export const SOURCE_OPERATORS = "Source:.*";

/** How each recorded series is computed. All need Flink's pages only, except where Outrider's series go first. */
export const RECORDS: Readonly<Record<RecordedMetricName, (t: Terms) => Promql>> = {
  // runningTime is there by default, runningState is not; the largest of several JobManagers and Flink job ids counts.
  "flink:job_running:bool": (t) =>
    promql`max by (${BY.job}) (${t.flink("flink_jobmanager_job_runningTime")} > bool 0)`,
  "flink:task_backpressured:ratio_max": (t) =>
    promql`max by (${BY.task}) (${t.flink("flink_taskmanager_job_task_backPressuredTimeMsPerSecond")}) / 1000`,
  // `>= 0` drops the NaN of legacy sources.
  "flink:task_busy:ratio_max": (t) =>
    promql`max by (${BY.task}) (${t.flink("flink_taskmanager_job_task_busyTimeMsPerSecond")} >= 0) / 1000`,
  "flink:source_pending_records:sum": (t) =>
    promql`sum by (${BY.source}) (${t.flink("flink_taskmanager_job_task_operator_pendingRecords")} >= 0)`,
  // The counter, because the PerSecond meter is wrong for 75 s after every restart.
  "flink:source_records_in:rate": (t) =>
    promql`sum by (${BY.source}) (rate(${t.flink("flink_taskmanager_job_task_operator_numRecordsIn", { operator_name: matches(SOURCE_OPERATORS) })}[${t.window("rate")}]))`,
  // Flink tells its timestamp since 2.x only; Outrider's is there for every version, and counts savepoints.
  // Until a restored job completes one, it would replay from where it was restored.
  "flink:checkpoint_age:seconds": (t) =>
    promql`time() - (max by (${BY.job}) (${t.own("outrider_job_last_checkpoint_timestamp_seconds")}) or max by (${BY.job}) (${t.flink("flink_jobmanager_job_lastCheckpointCompletedTimestamp")} > 0) / 1000 or max by (${BY.job}) (${t.flink("flink_jobmanager_job_lastCheckpointRestoreTimestamp")} > 0) / 1000)`,
};
