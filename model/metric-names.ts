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

/**
 * Outrider's own series on `/metrics`. Those of a job carry `cluster`, `namespace` and `job_name`, spelt as on Flink's
 * pages, so that the two can be joined and a new Flink job id changes nothing.
 */
export const OWN_METRICS = {
  passes: "outrider_passes_total",
  passSeconds: "outrider_pass_duration_seconds",
  lastPass: "outrider_last_pass_timestamp_seconds",
  decisions: "outrider_decisions_total",
  rescales: "outrider_rescales_total",
  wantedParallelism: "outrider_vertex_wanted_parallelism",
  parallelism: "outrider_vertex_parallelism",
  backlog: "outrider_job_backlog_records",
  arrivalRate: "outrider_job_arrival_records_per_second",
  jobState: "outrider_job_running",
  jobStatus: "outrider_job_state",
  jobExpected: "outrider_job_expected",
  jobStarts: "outrider_job_starts_total",
  jobEnds: "outrider_job_ends_total",
  lastCheckpoint: "outrider_job_last_checkpoint_timestamp_seconds",
  checkpointInterval: "outrider_job_checkpoint_interval_seconds",
  checkpointTimeout: "outrider_job_checkpoint_timeout_seconds",
  restorePoint: "outrider_job_restore_point_timestamp_seconds",
  newestSnapshot: "outrider_job_newest_snapshot_state",
  verificationSeconds: "outrider_snapshot_verification_duration_seconds",
  recoveries: "outrider_recoveries_total",
  recoverySeconds: "outrider_recovery_duration_seconds",
  diagnosis: "outrider_job_diagnosis",
  clusterUp: "outrider_cluster_up",
  clusterJobs: "outrider_cluster_jobs",
} as const;

export type OwnMetricName = (typeof OWN_METRICS)[keyof typeof OWN_METRICS];

/** Unit, labels and meaning of Outrider's own series; the page's help texts are these. */
export interface OwnMetric {
  readonly kind: "gauge" | "counter" | "histogram";
  readonly unit: "1" | "s" | "records" | "records/s" | "timestamp-s" | "bool";
  readonly labels: readonly string[];
  readonly help: string;
  /** When a healthy job has no such series. */
  readonly absent?: string;
}

const CLUSTER = ["cluster", "namespace"] as const;
const JOB = [...CLUSTER, "job_name"] as const;

export const OWN_METRIC_FACTS = {
  outrider_passes_total: {
    kind: "counter",
    unit: "1",
    labels: [...JOB, "result"],
    help: "Passes over a job, by result (ok, failed).",
  },
  outrider_pass_duration_seconds: {
    kind: "histogram",
    unit: "s",
    labels: [],
    help: "Duration of a pass over a job.",
  },
  outrider_last_pass_timestamp_seconds: {
    kind: "gauge",
    unit: "timestamp-s",
    labels: JOB,
    help: "When the last pass over the job ended.",
  },
  outrider_decisions_total: {
    kind: "counter",
    unit: "1",
    labels: [...JOB, "reason"],
    help: "Decisions, by reason; equal holds in a row are one.",
    absent: "before the first decision",
  },
  outrider_rescales_total: {
    kind: "counter",
    unit: "1",
    labels: [...JOB, "result"],
    help: "Rescales that came to their end, by result (reached, not-reached).",
  },
  outrider_vertex_wanted_parallelism: {
    kind: "gauge",
    unit: "1",
    labels: [...JOB, "vertex"],
    help: "Subtasks held to be right; absent if unknown.",
    absent: "while Outrider cannot judge the job",
  },
  outrider_vertex_parallelism: {
    kind: "gauge",
    unit: "1",
    labels: [...JOB, "vertex"],
    help: "Subtasks of the vertex now.",
    absent: "while the job does not run",
  },
  outrider_job_backlog_records: {
    kind: "gauge",
    unit: "records",
    labels: JOB,
    help: "Records pending at sources and in flight; absent if unknown.",
    absent: "where a source does not tell its pending records",
  },
  outrider_job_arrival_records_per_second: {
    kind: "gauge",
    unit: "records/s",
    labels: JOB,
    help: "Records that arrive at all sources, read or not: consumption plus growth of what is pending; absent if unknown.",
    absent: "where a source does not tell its pending records, and for the first seconds after a start",
  },
  outrider_job_running: {
    kind: "gauge",
    unit: "bool",
    labels: JOB,
    help: "1 while Flink says RUNNING, else 0.",
  },
  outrider_job_state: {
    kind: "gauge",
    unit: "bool",
    labels: [...JOB, "state"],
    help: "1 under the state of now: Flink's own, UNREACHABLE or GONE. One series per job.",
  },
  outrider_job_expected: {
    kind: "gauge",
    unit: "bool",
    labels: JOB,
    help: "1 once the job was seen alive, until it is seen FINISHED or CANCELED; then 0.",
  },
  outrider_job_starts_total: {
    kind: "counter",
    unit: "1",
    labels: JOB,
    help: "Submissions seen running, without those that ran before Outrider started.",
  },
  outrider_job_ends_total: {
    kind: "counter",
    unit: "1",
    labels: [...JOB, "state"],
    help: "Ends of the job seen, by state (FINISHED, CANCELED, FAILED).",
  },
  outrider_job_last_checkpoint_timestamp_seconds: {
    kind: "gauge",
    unit: "timestamp-s",
    labels: JOB,
    help: "When the newest checkpoint or savepoint completed.",
    absent: "before the first checkpoint since the JobManager took the job over",
  },
  outrider_job_checkpoint_interval_seconds: {
    kind: "gauge",
    unit: "s",
    labels: JOB,
    help: "Configured time between checkpoints.",
    absent: "without periodic checkpoints",
  },
  outrider_job_checkpoint_timeout_seconds: {
    kind: "gauge",
    unit: "s",
    labels: JOB,
    help: "Configured time after which a checkpoint is given up.",
    absent: "without checkpoints",
  },
  outrider_job_restore_point_timestamp_seconds: {
    kind: "gauge",
    unit: "timestamp-s",
    labels: JOB,
    help: "When the newest snapshot that is proven whole was taken; its age is the data to read again.",
    absent: "while no snapshot of the job is proven",
  },
  outrider_job_newest_snapshot_state: {
    kind: "gauge",
    unit: "bool",
    labels: [...JOB, "state"],
    help: "1 under the state of the newest snapshot (verified, incomplete, corrupt, unsupported, unknown, unchecked).",
    absent: "while no snapshot of the job is known of",
  },
  outrider_snapshot_verification_duration_seconds: {
    kind: "histogram",
    unit: "s",
    labels: [],
    help: "Duration of the verification of a snapshot.",
  },
  outrider_recoveries_total: {
    kind: "counter",
    unit: "1",
    labels: [...JOB, "result"],
    help: "Restores that came to their end, by result (reached, not-reached, superseded).",
    absent: "before its first restore",
  },
  outrider_recovery_duration_seconds: {
    kind: "histogram",
    unit: "s",
    labels: [],
    help: "From the fault until every task of the restored job ran.",
  },
  outrider_job_diagnosis: {
    kind: "gauge",
    unit: "bool",
    labels: [...JOB, "kind"],
    help: "1 under what is wrong with the job, or under well. One series per job.",
    absent: "while Outrider cannot tell",
  },
  outrider_cluster_up: {
    kind: "gauge",
    unit: "bool",
    labels: CLUSTER,
    help: "1 while the cluster's REST API answers, else 0.",
  },
  outrider_cluster_jobs: {
    kind: "gauge",
    unit: "1",
    labels: [...CLUSTER, "state"],
    help: "Watched jobs by state; of submissions with one name the newest counts.",
  },
} as const satisfies Record<OwnMetricName, OwnMetric>;

/** Series that the generated recording rules add; `alerts/records.ts` says how each is computed. */
export const RECORDED_METRICS = {
  "flink:job_running:bool": "1 while the job runs, of Flink's own pages",
  "flink:task_backpressured:ratio_max": "share of time (0..1) that the task's worst subtask is held back",
  "flink:task_busy:ratio_max": "share of time (0..1) that the task's busiest subtask works",
  "flink:source_pending_records:sum": "records waiting at the source's broker",
  "flink:source_records_in:rate": "records per second that the source takes in, from counters",
  "flink:checkpoint_age:seconds": "age of the newest completed checkpoint or savepoint",
} as const;

export type RecordedMetricName = keyof typeof RECORDED_METRICS;
