/** Names of Flink task metrics that Outrider reads; the only place where they are spelt. */
export const TASK_METRICS = {
  busyMs: "accumulateBusyTimeMs",
  idleMs: "accumulateIdleTimeMs",
  backPressuredMs: "accumulateBackPressuredTimeMs",
  readRecords: "numRecordsIn",
  writeRecords: "numRecordsOut",
  busyMsPerSecond: "busyTimeMsPerSecond",
  backPressuredMsPerSecond: "backPressuredTimeMsPerSecond",
} as const;

/** Names of operator metrics of a source; REST prefixes them with the operator name (`Source__gen.`). */
export const SOURCE_METRICS = {
  pendingRecords: "pendingRecords",
  consumedRecords: "numRecordsIn",
} as const;

/** Keys of the `metrics` object in `/jobs/:id` (`org.apache.flink.runtime.rest.messages.job.metrics.IOMetricsInfo`). */
export const JOB_DETAIL_METRICS = {
  readRecords: "read-records",
  writeRecords: "write-records",
  busyMs: "accumulated-busy-time",
  idleMs: "accumulated-idle-time",
  backPressuredMs: "accumulated-backpressured-time",
} as const;

/** Outrider's own series on `/metrics`. */
export const OWN_METRICS = {
  passes: "outrider_passes_total",
  passSeconds: "outrider_pass_duration_seconds",
  lastPass: "outrider_last_pass_timestamp_seconds",
  decisions: "outrider_decisions_total",
  wantedParallelism: "outrider_vertex_wanted_parallelism",
  parallelism: "outrider_vertex_parallelism",
  backlog: "outrider_job_backlog_records",
  jobState: "outrider_job_running",
} as const;
