import { type OwnMetricName, promql } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { constant, type RuleSeries, rising } from "./rule-case.ts";
import { BY, CLUSTER, JOB, type Terms } from "./terms.ts";
import { atLeast, share } from "./threshold.ts";

const MIN = 60_000;

const ownSeries = (t: Terms, name: OwnMetricName, value: number, labels = {}): RuleSeries => ({
  metric: t.own(name),
  labels,
  values: constant(value),
});

const checkpointing = (t: Terms, intervalS: number): readonly RuleSeries[] => [
  ownSeries(t, "outrider_job_running", 1),
  ownSeries(t, "outrider_job_checkpoint_interval_seconds", intervalS),
  {
    metric: t.flink("flink_jobmanager_job_runningTime"),
    labels: { job_id: "1" },
    values: { from: 1, perSecond: 1_000 },
  },
];

const restored = (t: Terms): RuleSeries => ({
  metric: t.flink("flink_jobmanager_job_lastCheckpointRestoreTimestamp"),
  labels: { job_id: "1" },
  values: constant(1_000),
});

/** Something that Outrider counted within the window, also where the counter has only just appeared. */
function event(
  facts: Pick<Alert, "name" | "answers" | "summary" | "description">,
  name: OwnMetricName,
  matchers: Readonly<Record<string, string>>,
): Alert {
  return {
    ...facts,
    group: "outrider",
    severity: "info",
    forMs: undefined,
    thresholds: {},
    windows: { window: { ms: 5 * MIN, help: "How long the event is shown." } },
    labels: JOB,
    value: "count",
    expr: (t) => {
      const counter = t.own(name, matchers);
      return promql`sum by (${BY.job}) (increase(${counter}[${t.window("window")}])) > 0 or sum by (${BY.job}) (${counter} unless ${counter} offset ${t.window("window")}) > 0`;
    },
    fires: (t) => ({
      series: [
        { metric: t.own(name, matchers), labels: {}, values: constant(1), lastMs: t.windowMs("window") / 2 },
      ],
    }),
    quiet: (t) => ({ series: [ownSeries(t, name, 3, matchers)] }),
  };
}

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
    quiet: (t) => ({
      series: [
        ownSeries(t, "outrider_job_expected", 1),
        ownSeries(t, "outrider_job_running", 0),
        { metric: t.flink("flink_jobmanager_job_runningTime"), labels: { job_id: "1" }, values: constant(0) },
        {
          metric: t.flink("flink_jobmanager_job_runningTime"),
          labels: { job_id: "2" },
          values: rising(1_000, 1),
        },
      ],
    }),
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
    quiet: (t) => ({
      series: [
        { metric: t.flink("flink_jobmanager_numRegisteredTaskManagers"), labels: {}, values: constant(0) },
        ownSeries(t, "outrider_job_expected", 0),
      ],
    }),
  },
  {
    name: "FlinkNoRestorePoint",
    answers: ["DataLoss"],
    group: "outrider",
    severity: "critical",
    forMs: 10 * MIN,
    thresholds: {
      intervals: atLeast(
        3,
        1,
        "Checkpoint intervals that the job must have run.",
        "the first checkpoint takes one interval",
      ),
    },
    windows: {},
    labels: JOB,
    value: "count",
    summary: "A job that checkpoints has nothing that it could be restored from.",
    description:
      "{job_name} ({cluster}/{namespace}) runs, but no checkpoint has completed: if it fails now, its state is lost.",
    expr: (t) =>
      promql`max by (${BY.job}) (${t.own("outrider_job_running")}) == 1 and on (${BY.job}) max by (${BY.job}) (${t.flink("flink_jobmanager_job_runningTime")}) / 1000 > on (${BY.job}) ${t.threshold("intervals")} * max by (${BY.job}) (${t.own("outrider_job_checkpoint_interval_seconds")} > 0) unless on (${BY.job}) (${t.recorded("flink:checkpoint_age:seconds")} or max by (${BY.job}) (${t.flink("flink_jobmanager_job_lastCheckpointRestoreTimestamp")} > 0))`,
    fires: (t) => ({ series: checkpointing(t, 1 / t.threshold("intervals")) }),
    quiet: (t) => ({ series: [...checkpointing(t, 1 / t.threshold("intervals")), restored(t)] }),
  },
  {
    name: "FlinkCheckpointStale",
    answers: ["CheckpointFailure"],
    group: "outrider",
    severity: "critical",
    forMs: 2 * MIN,
    thresholds: {
      intervals: atLeast(
        3,
        1.5,
        "Checkpoint intervals that the newest checkpoint may be old.",
        "an age up to one interval is normal",
      ),
    },
    windows: {
      atLeast: { ms: MIN, help: "An age up to this is fresh, however short the interval.", isAge: true },
    },
    labels: JOB,
    value: "seconds",
    summary: "The newest checkpoint of a job is several intervals old.",
    description:
      "The newest checkpoint of {job_name} ({cluster}/{namespace}) is {value} old: a failure now would replay that much.",
    expr: (t) =>
      promql`${t.recorded("flink:checkpoint_age:seconds")} > on (${BY.job}) clamp_min(${t.threshold("intervals")} * max by (${BY.job}) (${t.own("outrider_job_checkpoint_interval_seconds")} > 0), ${t.windowMs("atLeast") / 1_000})`,
    fires: (t) => ({
      series: [
        {
          metric: t.own("outrider_job_last_checkpoint_timestamp_seconds"),
          labels: {},
          values: constant(0),
          aged: true,
        },
        ownSeries(t, "outrider_job_checkpoint_interval_seconds", 1 / t.threshold("intervals")),
      ],
    }),
    quiet: (t) => ({
      series: [
        ownSeries(t, "outrider_job_last_checkpoint_timestamp_seconds", 0),
        ownSeries(t, "outrider_job_checkpoint_interval_seconds", 1e6),
      ],
    }),
  },
  {
    name: "FlinkCheckpointSlow",
    answers: ["HighCheckpointDuration"],
    group: "outrider",
    severity: "warning",
    forMs: 15 * MIN,
    thresholds: {
      share: share(
        0.5,
        "Share of the checkpoint timeout (0..1) that a checkpoint may take.",
        "what takes longer than the timeout fails",
      ),
    },
    windows: {},
    labels: JOB,
    value: "seconds",
    summary: "Checkpoints of a job take a large part of their timeout.",
    description:
      "The newest checkpoint of {job_name} ({cluster}/{namespace}) took {value}; a little more and it would have timed out.",
    expr: (t) =>
      promql`max by (${BY.job}) (${t.flink("flink_jobmanager_job_lastCheckpointDuration")} > 0) / 1000 > on (${BY.job}) ${t.threshold("share")} * max by (${BY.job}) (${t.own("outrider_job_checkpoint_timeout_seconds")})`,
    fires: (t) => ({
      series: [
        {
          metric: t.flink("flink_jobmanager_job_lastCheckpointDuration"),
          labels: { job_id: "1" },
          values: constant(599_000),
        },
        ownSeries(t, "outrider_job_checkpoint_timeout_seconds", 599.5),
      ],
      value: 599,
    }),
    quiet: (t) => ({
      series: [
        {
          metric: t.flink("flink_jobmanager_job_lastCheckpointDuration"),
          labels: { job_id: "1" },
          values: constant(590_000 * t.threshold("share")),
        },
        ownSeries(t, "outrider_job_checkpoint_timeout_seconds", 600),
      ],
    }),
  },
  event(
    {
      name: "FlinkJobStarted",
      answers: ["JobStarted"],
      summary: "A job was submitted and runs.",
      description: "{job_name} ({cluster}/{namespace}) was submitted and runs.",
    },
    "outrider_job_starts_total",
    {},
  ),
  event(
    {
      name: "FlinkJobCompleted",
      answers: ["JobCompleted"],
      summary: "A job has finished.",
      description: "{job_name} ({cluster}/{namespace}) has FINISHED.",
    },
    "outrider_job_ends_total",
    { state: "FINISHED" },
  ),
  event(
    {
      name: "FlinkScalingEvent",
      answers: ["ScalingEvent"],
      summary: "Outrider has rescaled a job.",
      description: "Outrider has rescaled {job_name} ({cluster}/{namespace}); its decisions say why.",
    },
    "outrider_rescales_total",
    { result: "reached" },
  ),
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
          aged: true,
        },
        ownSeries(t, "outrider_job_running", 1),
      ],
    }),
    quiet: (t) => ({
      series: [
        ownSeries(t, "outrider_last_pass_timestamp_seconds", 0),
        ownSeries(t, "outrider_job_running", 0),
      ],
    }),
  },
];
