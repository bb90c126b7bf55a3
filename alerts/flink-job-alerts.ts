import { promql } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { constant, rising, turning, type Values } from "./rule-case.ts";
import { BY, JOB, SOURCE, TASK, type Terms } from "./terms.ts";
import { atLeast, share } from "./threshold.ts";

const MIN = 60_000;

const source = { operator_name: "Source:_orders" };
const task = { task_id: "aa", task_name: "parse" };
const late = { operator_name: "window" };

function pending(t: Terms, values: Values) {
  return {
    series: [
      {
        metric: t.flink("flink_taskmanager_job_task_operator_pendingRecords"),
        labels: source,
        values,
      },
    ],
  };
}

function checkpointCounters(t: Terms, failedPerWindow: number, completedPerWindow: number) {
  const perSecond = (count: number): number => count / (t.windowMs("window") / 1_000);
  return {
    series: [
      {
        metric: t.flink("flink_jobmanager_job_numberOfFailedCheckpoints"),
        labels: { job_id: "1" },
        values: rising(perSecond(failedPerWindow)),
      },
      {
        metric: t.flink("flink_jobmanager_job_numberOfCompletedCheckpoints"),
        labels: { job_id: "1" },
        values: rising(perSecond(completedPerWindow)),
      },
    ],
  };
}

/** What Flink's own pages tell of a job. */
export const FLINK_JOB_ALERTS: readonly Alert[] = [
  {
    name: "FlinkLateRecordsDropped",
    answers: ["DataLoss"],
    group: "flink",
    severity: "warning",
    forMs: 5 * MIN,
    thresholds: {
      share: share(
        0.01,
        "Share of an operator's records (0..1) dropped as late.",
        "not more records can be late than came",
      ),
    },
    windows: { window: { ms: 15 * MIN, help: "Time over which records are counted." } },
    labels: SOURCE,
    value: "percent",
    summary: "A window drops records because they come too late.",
    description:
      "{operator_name} of {job_name} ({cluster}/{namespace}) drops {value} of its records as late: they are lost.",
    expr: (t) =>
      promql`sum by (${BY.source}) (increase(${t.flink("flink_taskmanager_job_task_operator_numLateRecordsDropped")}[${t.window("window")}])) / sum by (${BY.source}) (increase(${t.flink("flink_taskmanager_job_task_operator_numRecordsIn")}[${t.window("window")}])) > ${t.threshold("share")}`,
    fires: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_job_task_operator_numLateRecordsDropped"),
          labels: late,
          values: rising(500),
        },
        {
          metric: t.flink("flink_taskmanager_job_task_operator_numRecordsIn"),
          labels: late,
          values: rising(500),
        },
      ],
      value: 1,
      labels: late,
    }),
    quiet: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_job_task_operator_numLateRecordsDropped"),
          labels: late,
          values: rising(500 * t.threshold("share")),
        },
        {
          metric: t.flink("flink_taskmanager_job_task_operator_numRecordsIn"),
          labels: late,
          values: rising(1_000),
        },
      ],
    }),
  },
  {
    name: "FlinkCheckpointFailing",
    answers: ["CheckpointFailure"],
    group: "flink",
    severity: "warning",
    forMs: 0,
    thresholds: {
      failures: atLeast(
        3,
        1,
        "Failed checkpoints within the window.",
        "one failure is normal, none is no failure",
      ),
    },
    windows: { window: { ms: 30 * MIN, help: "Time over which checkpoints are counted." } },
    labels: JOB,
    value: "count",
    summary: "More checkpoints of a job fail than complete.",
    description:
      "{value} checkpoints of {job_name} ({cluster}/{namespace}) failed lately, more than completed.",
    expr: (t) => {
      const failed = promql`sum by (${BY.job}) (increase(${t.flink("flink_jobmanager_job_numberOfFailedCheckpoints")}[${t.window("window")}]))`;
      const completed = promql`sum by (${BY.job}) (increase(${t.flink("flink_jobmanager_job_numberOfCompletedCheckpoints")}[${t.window("window")}]))`;
      return promql`${failed} >= ${t.threshold("failures")} and on (${BY.job}) ${failed} > on (${BY.job}) ${completed}`;
    },
    fires: (t) => ({
      ...checkpointCounters(t, 2 * Math.ceil(t.threshold("failures")), 1),
      value: 2 * Math.ceil(t.threshold("failures")),
    }),
    quiet: (t) => checkpointCounters(t, 2 * t.threshold("failures"), 3 * t.threshold("failures")),
  },
  {
    name: "FlinkBackpressured",
    answers: ["HighBackpressure"],
    group: "flink",
    severity: "warning",
    forMs: 10 * MIN,
    thresholds: {
      share: share(
        0.5,
        "Share of time (0..1) that the task's worst subtask is held back.",
        "nobody is held back more than always",
      ),
    },
    windows: { window: { ms: 5 * MIN, help: "Time over which the mean is taken." } },
    labels: TASK,
    value: "percent",
    summary: "A task is held back by those after it.",
    description:
      "{task_name} of {job_name} ({cluster}/{namespace}) is held back {value} of the time. Look at the culprit, not at this task: {culprit}.",
    expr: (t) =>
      promql`avg_over_time(${t.recorded("flink:task_backpressured:ratio_max")}[${t.window("window")}]) > ${t.threshold("share")}`,
    fires: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_job_task_backPressuredTimeMsPerSecond"),
          labels: { ...task, subtask_index: "0" },
          values: constant(1_000),
        },
        {
          metric: t.flink("flink_taskmanager_job_task_backPressuredTimeMsPerSecond"),
          labels: { ...task, subtask_index: "1" },
          values: constant(0),
        },
        {
          metric: t.flink("flink_taskmanager_job_task_busyTimeMsPerSecond"),
          labels: { task_id: "bb", task_name: "slow", subtask_index: "0" },
          values: constant(950),
        },
      ],
      value: 1,
      labels: task,
      culprit: "slow",
    }),
    quiet: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_job_task_backPressuredTimeMsPerSecond"),
          labels: { ...task, subtask_index: "0" },
          values: constant(900 * t.threshold("share")),
        },
      ],
    }),
  },
  {
    name: "FlinkSourceStalled",
    answers: ["LowThroughput"],
    group: "flink",
    severity: "critical",
    forMs: 10 * MIN,
    thresholds: {
      recordsPerSecond: atLeast(
        0,
        0,
        "A source that reads no more than this although records wait.",
        "a rate is never below 0",
      ),
    },
    windows: {},
    labels: SOURCE,
    value: "count",
    summary: "A source does not read although records wait for it.",
    description:
      "{operator_name} of {job_name} ({cluster}/{namespace}) reads {value} records/s although records wait for it.",
    expr: (t) =>
      promql`${t.recorded("flink:source_records_in:rate")} <= ${t.threshold("recordsPerSecond")} and on (${BY.source}) ${t.recorded("flink:source_pending_records:sum")} > 0`,
    fires: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_job_task_operator_numRecordsIn"),
          labels: source,
          values: constant(7),
        },
        {
          metric: t.flink("flink_taskmanager_job_task_operator_pendingRecords"),
          labels: source,
          values: constant(5_000),
        },
      ],
      value: 0,
      labels: source,
    }),
    quiet: (t) => ({
      series: [
        {
          metric: t.flink("flink_taskmanager_job_task_operator_numRecordsIn"),
          labels: source,
          values: constant(7),
        },
        {
          metric: t.flink("flink_taskmanager_job_task_operator_pendingRecords"),
          labels: source,
          values: constant(0),
        },
      ],
    }),
  },
  {
    name: "FlinkSourceLagGrowing",
    answers: ["LowThroughput"],
    group: "flink",
    severity: "warning",
    forMs: 15 * MIN,
    thresholds: {
      records: atLeast(
        10_000,
        0,
        "Backlogs up to this many records are left alone.",
        "a backlog is never below 0",
      ),
      growth: atLeast(
        1.2,
        1,
        "How many times as large as a window ago it must be.",
        "a smaller one does not grow",
      ),
    },
    windows: { window: { ms: 30 * MIN, help: "Time over which it must have grown." } },
    labels: SOURCE,
    value: "count",
    summary: "The backlog of a source grows and grows.",
    description:
      "{value} records wait for {operator_name} of {job_name} ({cluster}/{namespace}), and they become more.",
    expr: (t) => {
      const pending = t.recorded("flink:source_pending_records:sum");
      return promql`${pending} > ${t.threshold("records")} and deriv(${pending}[${t.window("window")}]) > 0 and ${pending} > ${t.threshold("growth")} * (${pending} offset ${t.window("window")})`;
    },
    fires: (t) => {
      const everyMs = t.windowMs("window") / 2;
      return {
        series: [
          {
            metric: t.flink("flink_taskmanager_job_task_operator_pendingRecords"),
            labels: source,
            values: { base: t.threshold("records") + 1, factor: 2 * t.threshold("growth"), everyMs },
          },
        ],
        labels: source,
        holdsFromMs: t.windowMs("window"),
      };
    },
    quiet: (t) => [
      pending(t, constant(t.threshold("records") * 5 + 5)),
      pending(t, turning(0, t.windowMs("window"), { from: 0, to: 0.9 * t.threshold("records") })),
      pending(
        t,
        turning(0, t.windowMs("window"), {
          from: 10 * (t.threshold("records") + 1),
          to: 2 * (t.threshold("records") + 1),
        }),
      ),
    ],
  },
];
