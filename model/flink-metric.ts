/** Where Flink registers a metric, which decides the labels of its series. */
export const FLINK_SCOPES = {
  jobmanager: ["host"],
  "jobmanager-job": ["host", "job_id", "job_name"],
  taskmanager: ["host", "tm_id"],
  task: [
    "host",
    "tm_id",
    "job_id",
    "job_name",
    "task_id",
    "task_name",
    "task_attempt_id",
    "task_attempt_num",
    "subtask_index",
  ],
  operator: [
    "host",
    "tm_id",
    "job_id",
    "job_name",
    "task_id",
    "task_name",
    "task_attempt_id",
    "task_attempt_num",
    "subtask_index",
    "operator_id",
    "operator_name",
  ],
  split: [
    "host",
    "tm_id",
    "job_id",
    "job_name",
    "task_id",
    "task_name",
    "task_attempt_id",
    "task_attempt_num",
    "subtask_index",
    "operator_id",
    "operator_name",
    "split",
  ],
} as const;

export type FlinkScope = keyof typeof FLINK_SCOPES;

/**
 * What the number means, whatever the page says: Flink's reporter calls everything a gauge except histograms, which
 * are summaries without `_sum`.
 */
export const METRIC_KINDS = {
  gauge: "as it is; never rate() or increase()",
  counter: "rate() or increase(), which see restarts through; never delta() or deriv()",
  meter: "already a rate, a mean of the last 60 s: never rate(), and not believed for 75 s after a restart",
  summary:
    "by its quantile label; it has no sum and no buckets, so there is no mean and no histogram_quantile()",
} as const;

export type MetricKind = keyof typeof METRIC_KINDS;

export const METRIC_UNITS = [
  "1",
  "ms",
  "ns",
  "bytes",
  "records",
  "records/s",
  "bytes/s",
  "1/s",
  "ms/s",
  "timestamp-ms",
  "ratio",
  "percent",
  "bool",
] as const;

export type MetricUnit = (typeof METRIC_UNITS)[number];

/** One metric of Flink as its Prometheus reporter writes it. */
export interface FlinkMetric {
  readonly scope: FlinkScope;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  /** Labels that Flink gives it; a scrape adds its own (`cluster`, `namespace`, `job`, `instance`). */
  readonly labels: readonly string[];
  readonly help: string;
  /** Values that are no measurement, and what they say. */
  readonly sentinel?: string;
  /** First and last Flink version that has it; without them every version from 1.20 to 2.3. */
  readonly since?: string;
  readonly until?: string;
  /** When a healthy job has no such series. */
  readonly absent?: string;
}

export type MetricNotes = Pick<FlinkMetric, "sentinel" | "since" | "until" | "absent">;

/** Makes the entries of one scope. */
export const metricsOf =
  (scope: FlinkScope) =>
  (kind: MetricKind, unit: MetricUnit, help: string, notes: MetricNotes = {}): FlinkMetric => ({
    scope,
    kind,
    unit,
    labels: FLINK_SCOPES[scope],
    help,
    ...notes,
  });
