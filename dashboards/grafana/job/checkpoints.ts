import { promql } from "../../../model/index.ts";
import type { RowSpec } from "../panel.ts";
import { flinkOfJob, JOB, ownOfJob, TASK } from "../selectors.ts";

const newest = ownOfJob("outrider_job_last_checkpoint_timestamp_seconds");
const interval = ownOfJob("outrider_job_checkpoint_interval_seconds");
const timeout = ownOfJob("outrider_job_checkpoint_timeout_seconds");
const duration = flinkOfJob("flink_jobmanager_job_lastCheckpointDuration");
const completed = flinkOfJob("flink_jobmanager_job_numberOfCompletedCheckpoints");
const failed = flinkOfJob("flink_jobmanager_job_numberOfFailedCheckpoints");
const size = flinkOfJob("flink_jobmanager_job_lastCheckpointSize");
const fullSize = flinkOfJob("flink_jobmanager_job_lastCheckpointFullSize");
const alignment = flinkOfJob("flink_taskmanager_job_task_checkpointAlignmentTime");
const startDelay = flinkOfJob("flink_taskmanager_job_task_checkpointStartDelayNanos");

const NONE_YET = "no checkpoint has completed since the JobManager took the job over";
const SWITCHED_OFF = "the job takes no periodic checkpoints";

/** From how long ago could the job come back? */
export const CHECKPOINTS: RowSpec = {
  id: 400,
  title: "Checkpoints",
  panels: [
    {
      id: 401,
      kind: "timeseries",
      title: "Age of the newest checkpoint",
      description:
        "Time since the newest checkpoint or savepoint completed: what a failure now would have to read again. Above three intervals checkpoints fail or are too slow.",
      unit: "s",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        { expr: promql`time() - max by (${JOB}) (${newest})`, legend: "age", mayBeEmpty: NONE_YET },
        {
          expr: promql`3 * max by (${JOB}) (${interval})`,
          legend: "three intervals",
          mayBeEmpty: SWITCHED_OFF,
        },
      ],
      runbooks: ["FlinkCheckpointStale", "FlinkNoRestorePoint"],
    },
    {
      id: 402,
      kind: "timeseries",
      title: "Checkpoint duration",
      description:
        "Duration of the newest completed checkpoint, with half of the timeout and the timeout. Above half it is high time; the value stands still while checkpoints fail.",
      unit: "ms",
      logarithmic: true,
      width: 8,
      height: 8,
      queries: [
        { expr: promql`max by (${JOB}) (${duration} >= 0)`, legend: "duration", mayBeEmpty: NONE_YET },
        {
          expr: promql`500 * max by (${JOB}) (${timeout})`,
          legend: "half of the timeout",
          mayBeEmpty: SWITCHED_OFF,
        },
        { expr: promql`1000 * max by (${JOB}) (${timeout})`, legend: "timeout", mayBeEmpty: SWITCHED_OFF },
      ],
      runbooks: ["FlinkCheckpointSlow"],
    },
    {
      id: 403,
      kind: "bars",
      title: "Checkpoints completed and failed",
      description: "Checkpoints per bar. One failure is normal, a row of them is not.",
      unit: "short",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        { expr: promql`sum by (${JOB}) (increase(${completed}[$__rate_interval]))`, legend: "completed" },
        { expr: promql`sum by (${JOB}) (increase(${failed}[$__rate_interval]))`, legend: "failed" },
      ],
      runbooks: ["FlinkCheckpointFailing"],
    },
    {
      id: 404,
      kind: "timeseries",
      title: "Checkpoint size",
      description:
        "What the newest completed checkpoint wrote, and the whole state it stands for. With incremental checkpoints the first is the smaller.",
      unit: "bytes",
      min: 0,
      width: 12,
      height: 8,
      queries: [
        { expr: promql`max by (${JOB}) (${size} >= 0)`, legend: "written", mayBeEmpty: NONE_YET },
        { expr: promql`max by (${JOB}) (${fullSize} >= 0)`, legend: "whole state", mayBeEmpty: NONE_YET },
      ],
    },
    {
      id: 405,
      kind: "timeseries",
      title: "What barriers wait for",
      description:
        "Time until the first barrier comes to each vertex, and from then until the last one has come, at the worst subtask. Both grow with back-pressure.",
      unit: "s",
      min: 0,
      width: 12,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 60, color: "yellow" },
      ],
      queries: [
        { expr: promql`max by (${TASK}) (${startDelay}) / 1e9`, legend: "{{task_name}}: first barrier" },
        {
          expr: promql`max by (${TASK}) (${alignment}) / 1e9`,
          legend: "{{task_name}}: alignment",
          mayBeEmpty: "the job is one vertex: a source aligns nothing",
        },
      ],
      runbooks: ["FlinkCheckpointSlow"],
    },
  ],
};
