import {
  type DurationText,
  type FlinkMetricName,
  flink,
  flinkMetric,
  labelNames,
  literally,
  type Matchers,
  type MetricRef,
  type Milliseconds,
  matches,
  OWN_METRIC_FACTS,
  type OwnMetricName,
  own,
  type RecordedMetricName,
  recorded,
  scraped,
} from "../model/index.ts";

/** Labels by which a job is the same job, whatever its Flink job id. */
export const JOB = ["cluster", "namespace", "job_name"] as const;
export const CLUSTER = ["cluster", "namespace"] as const;
export const TASK = [...JOB, "task_id", "task_name"] as const;
export const SOURCE = [...JOB, "operator_name"] as const;
export const WORKER = [...CLUSTER, "tm_id"] as const;

/** Label lists for `by` and `on`. */
export const BY = {
  job: labelNames(JOB),
  cluster: labelNames(CLUSTER),
  task: labelNames(TASK),
  source: labelNames(SOURCE),
  worker: labelNames(WORKER),
} as const;

/** What the settings mean for one rule: selected metrics, thresholds, and times that are already divided. */
export interface Terms {
  flink(name: FlinkMetricName, matchers?: Matchers): MetricRef;
  own(name: OwnMetricName, matchers?: Matchers): MetricRef;
  recorded(name: RecordedMetricName, matchers?: Matchers): MetricRef;
  up(matchers: Matchers): MetricRef;
  threshold(name: string): number;
  window(name: string): DurationText;
  windowMs(name: string): Milliseconds;
  readonly forMs: Milliseconds;
  /** Between two scrapes, and between two evaluations. */
  readonly scrapeMs: Milliseconds;
  readonly evaluationMs: Milliseconds;
  /** Labels of series in tests: what is selected, and stand-ins for the rest. */
  readonly sample: Readonly<Record<string, string>>;
  /** Labels that every selected series has one value of. */
  readonly fixed: Readonly<Record<string, string>>;
}

export interface Selection {
  /** Label → the values that are looked at. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Job names as Flink writes them into labels; none is all. */
  readonly jobs: readonly string[];
}

/** Metric references that carry the selection. */
export function selected(selection: Selection): Pick<Terms, "flink" | "own" | "recorded" | "up"> {
  const base: Matchers = Object.fromEntries(
    Object.entries(selection.labels).map(([label, values]) => [label, anyOf(values)]),
  );
  const ofJobs: Matchers = selection.jobs.length === 0 ? {} : { job_name: anyOf(selection.jobs) };
  const all = (labels: readonly string[], matchers: Matchers = {}): Matchers => ({
    ...base,
    ...(labels.includes("job_name") ? ofJobs : {}),
    ...matchers,
  });
  return {
    flink: (name, matchers) => flink(name, all(flinkMetric(name).labels, matchers)),
    own: (name, matchers) => own(name, all(OWN_METRIC_FACTS[name].labels, matchers)),
    // Computed from selected series already.
    recorded: (name, matchers) => recorded(name, matchers),
    up: (matchers) => scraped("up", all([], matchers)),
  };
}

/** `["a"]` → `a`; several → one regular expression that matches only them. */
function anyOf(values: readonly string[]) {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : matches(values.map(literally).join("|"));
}
