import { matches, promql } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { ownSeries, timeAgo } from "./own-series.ts";
import { constant, type RuleSeries } from "./rule-case.ts";
import { BY, JOB, type Terms } from "./terms.ts";
import { atLeast, share } from "./threshold.ts";

const MIN = 60_000;

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

const newestSnapshot = (t: Terms, state: string): RuleSeries =>
  ownSeries(t, "outrider_job_newest_snapshot_state", 1, { state });

const lastCheckpoint = (t: Terms): RuleSeries => ({
  metric: t.own("outrider_job_last_checkpoint_timestamp_seconds"),
  labels: {},
  values: constant(0),
  aged: "seconds",
});

/** A checkpoint nine tenths as old as it may be, of an interval that is many scrapes long. */
function nearlyStale(t: Terms) {
  const intervalMs = 2 * t.windowMs("atLeast") + 20 * t.scrapeMs;
  const ageMs = 0.9 * t.threshold("intervals") * intervalMs;
  return {
    series: [
      timeAgo(t, "outrider_job_last_checkpoint_timestamp_seconds", ageMs),
      ownSeries(t, "outrider_job_checkpoint_interval_seconds", intervalMs / 1_000),
    ],
  };
}

/** Whether there will be something to restore from. */
export const CHECKPOINT_ALERTS: readonly Alert[] = [
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
    quiet: (t) =>
      [restored(t), ownSeries(t, "outrider_job_last_checkpoint_timestamp_seconds", 0)].map((point) => ({
        series: [...checkpointing(t, 1 / t.threshold("intervals")), point],
      })),
  },
  {
    name: "FlinkRecoveryNoRestorePoint",
    answers: ["DataLoss"],
    group: "outrider",
    severity: "critical",
    forMs: 10 * MIN,
    thresholds: {},
    windows: {},
    labels: JOB,
    value: "count",
    summary: "No snapshot of a job can be restored: the newest one is damaged, and no older one is proven.",
    description:
      "The newest snapshot of {job_name} ({cluster}/{namespace}) lacks files or is corrupt, and none is proven whole: if the job fails now, its state is lost.",
    expr: (t) =>
      promql`max by (${BY.job}) (${t.own("outrider_job_newest_snapshot_state", { state: matches("incomplete|corrupt") })}) == 1 unless on (${BY.job}) max by (${BY.job}) (${t.own("outrider_job_restore_point_timestamp_seconds")})`,
    fires: (t) => ({ series: [newestSnapshot(t, "incomplete")] }),
    quiet: (t) => [
      { series: [newestSnapshot(t, "unknown")] },
      {
        series: [
          newestSnapshot(t, "corrupt"),
          ownSeries(t, "outrider_job_restore_point_timestamp_seconds", 0),
        ],
      },
    ],
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
    fires: (t) =>
      [lastCheckpoint(t), { ...restored(t), aged: "milliseconds" as const }].map((since) => ({
        series: [
          since,
          ownSeries(t, "outrider_job_checkpoint_interval_seconds", 1 / t.threshold("intervals")),
        ],
        holdsFromMs: t.windowMs("atLeast"),
      })),
    quiet: (t) => [
      {
        series: [
          ownSeries(t, "outrider_job_last_checkpoint_timestamp_seconds", 0),
          ownSeries(t, "outrider_job_checkpoint_interval_seconds", 1e6),
        ],
      },
      nearlyStale(t),
    ],
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
];
