import { promql } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { CHECKPOINT_ALERTS } from "./checkpoint-alerts.ts";
import { EVENT_ALERTS } from "./event-alerts.ts";
import { ownSeries, timeAgo } from "./own-series.ts";
import { constant, rising } from "./rule-case.ts";
import { BY, CLUSTER, JOB } from "./terms.ts";

const MIN = 60_000;

/** What takes Outrider's own series: Flink has none for it. */
export const OUTRIDER_ALERTS: readonly Alert[] = [
  {
    name: "FlinkJobFailed",
    answers: ["FlinkJobFailed"],
    group: "outrider",
    severity: "critical",
    forMs: MIN,
    thresholds: {},
    windows: {},
    labels: JOB,
    value: "count",
    summary: "A job is FAILED: Flink has given up on it.",
    description: "{job_name} ({cluster}/{namespace}) is FAILED. Flink will not restart it by itself.",
    expr: (t) => promql`max by (${BY.job}) (${t.own("outrider_job_state", { state: "FAILED" })}) == 1`,
    fires: (t) => ({ series: [ownSeries(t, "outrider_job_state", 1, { state: "FAILED" })] }),
    quiet: (t) => ({ series: [ownSeries(t, "outrider_job_state", 1, { state: "RESTARTING" })] }),
  },
  {
    name: "FlinkJobNotRunning",
    answers: ["FlinkJobFailed"],
    group: "outrider",
    severity: "critical",
    forMs: 5 * MIN,
    thresholds: {},
    windows: {},
    labels: JOB,
    value: "count",
    summary: "A job that should run does not.",
    description:
      "{job_name} ({cluster}/{namespace}) was neither finished nor cancelled, but it does not run.",
    expr: (t) =>
      promql`max by (${BY.job}) (${t.own("outrider_job_expected")}) == 1 unless on (${BY.job}) (${t.recorded("flink:job_running:bool")} == 1 or max by (${BY.job}) (${t.own("outrider_job_running")}) == 1)`,
    fires: (t) => ({
      series: [
        ownSeries(t, "outrider_job_expected", 1),
        ownSeries(t, "outrider_job_running", 0),
        { metric: t.flink("flink_jobmanager_job_runningTime"), labels: { job_id: "1" }, values: constant(0) },
      ],
    }),
    quiet: (t) => [
      {
        series: [
          ownSeries(t, "outrider_job_expected", 1),
          ownSeries(t, "outrider_job_running", 0),
          {
            metric: t.flink("flink_jobmanager_job_runningTime"),
            labels: { job_id: "1" },
            values: constant(0),
          },
          {
            metric: t.flink("flink_jobmanager_job_runningTime"),
            labels: { job_id: "2" },
            values: rising(1_000, 1),
          },
        ],
      },
      { series: [ownSeries(t, "outrider_job_expected", 1), ownSeries(t, "outrider_job_running", 1)] },
    ],
  },
  {
    name: "FlinkClusterUnreachable",
    answers: ["ClusterDown"],
    group: "outrider",
    severity: "critical",
    forMs: 3 * MIN,
    thresholds: {},
    windows: {},
    labels: CLUSTER,
    value: "count",
    summary: "The REST API of a Flink cluster does not answer.",
    description:
      "Outrider gets no answer from {cluster} in {namespace}; it can neither judge nor scale its jobs.",
    expr: (t) => promql`max by (${BY.cluster}) (${t.own("outrider_cluster_up")}) == 0`,
    fires: (t) => ({ series: [ownSeries(t, "outrider_cluster_up", 0)] }),
    quiet: (t) => ({ series: [ownSeries(t, "outrider_cluster_up", 1)] }),
  },
  {
    name: "FlinkNoTaskManagers",
    answers: ["ClusterDown"],
    group: "outrider",
    severity: "critical",
    forMs: 5 * MIN,
    thresholds: {},
    windows: {},
    labels: CLUSTER,
    value: "count",
    summary: "A cluster with jobs to run has no TaskManager.",
    description: "No TaskManager has registered with {cluster} in {namespace}, but jobs should run there.",
    expr: (t) =>
      promql`max by (${BY.cluster}) (${t.flink("flink_jobmanager_numRegisteredTaskManagers")}) == 0 and on (${BY.cluster}) max by (${BY.cluster}) (${t.own("outrider_job_expected")}) == 1`,
    fires: (t) => ({
      series: [
        { metric: t.flink("flink_jobmanager_numRegisteredTaskManagers"), labels: {}, values: constant(0) },
        ownSeries(t, "outrider_job_expected", 1),
      ],
    }),
    quiet: (t) =>
      [
        { workers: 0, expected: 0 },
        { workers: 1, expected: 1 },
      ].map(({ workers, expected }) => ({
        series: [
          {
            metric: t.flink("flink_jobmanager_numRegisteredTaskManagers"),
            labels: {},
            values: constant(workers),
          },
          ownSeries(t, "outrider_job_expected", expected),
        ],
      })),
  },
  ...CHECKPOINT_ALERTS,
  ...EVENT_ALERTS,
  {
    name: "OutriderDown",
    answers: [],
    group: "outrider",
    severity: "critical",
    forMs: 5 * MIN,
    thresholds: {},
    windows: {},
    labels: [],
    value: "count",
    summary: "Outrider's own metrics are missing.",
    description: "Prometheus has no metrics of Outrider: its jobs run on, but nobody watches or scales them.",
    expr: (t) => promql`absent(${t.own("outrider_cluster_up")})`,
    fires: () => ({ series: [], value: 1 }),
    quiet: (t) => ({ series: [ownSeries(t, "outrider_cluster_up", 0)] }),
  },
  {
    name: "OutriderPassesStale",
    answers: [],
    group: "outrider",
    severity: "warning",
    forMs: 2 * MIN,
    thresholds: {},
    windows: {
      age: { ms: 2 * MIN, help: "How long ago the last pass over a running job may be.", isAge: true },
    },
    labels: JOB,
    value: "seconds",
    summary: "Outrider has not looked at a running job for long.",
    description:
      "Outrider last looked at {job_name} ({cluster}/{namespace}) {value} ago; what it shows of it is old.",
    expr: (t) =>
      promql`time() - max by (${BY.job}) (${t.own("outrider_last_pass_timestamp_seconds")}) > ${t.windowMs("age") / 1_000} and on (${BY.job}) max by (${BY.job}) (${t.own("outrider_job_running")}) == 1`,
    fires: (t) => ({
      series: [
        {
          metric: t.own("outrider_last_pass_timestamp_seconds"),
          labels: {},
          values: constant(0),
          aged: "seconds",
        },
        ownSeries(t, "outrider_job_running", 1),
      ],
      holdsFromMs: t.windowMs("age"),
    }),
    quiet: (t) => [
      {
        series: [
          ownSeries(t, "outrider_last_pass_timestamp_seconds", 0),
          ownSeries(t, "outrider_job_running", 0),
        ],
      },
      {
        series: [
          timeAgo(t, "outrider_last_pass_timestamp_seconds", t.windowMs("age") / 2),
          ownSeries(t, "outrider_job_running", 1),
        ],
      },
    ],
  },
];
