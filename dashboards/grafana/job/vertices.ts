import { promql } from "../../../model/index.ts";
import type { RowSpec } from "../panel.ts";
import { flinkOfJob, JOB, TASK } from "../selectors.ts";

const busy = flinkOfJob("flink_taskmanager_job_task_busyTimeMsPerSecond");
const idle = flinkOfJob("flink_taskmanager_job_task_idleTimeMsPerSecond");
const heldBack = flinkOfJob("flink_taskmanager_job_task_backPressuredTimeMsPerSecond");
const read = flinkOfJob("flink_taskmanager_job_task_numRecordsIn");
const readPerSecond = flinkOfJob("flink_taskmanager_job_task_numRecordsInPerSecond");

const LEGACY = "a source of the old interface (SourceFunction) does not measure its time";
/** Flink's gauges of time are means of a minute. */
const SLOW = "The first minute after a start reads too low.";

/** Which vertex holds the job up? */
export const VERTICES: RowSpec = {
  id: 300,
  title: "Vertices",
  panels: [
    {
      id: 301,
      kind: "state-timeline",
      title: "Back-pressure by vertex",
      description: `Share of time in which a vertex cannot send on, at its worst subtask. The cause is the first vertex downstream that is not held back itself. ${SLOW}`,
      unit: "percentunit",
      min: 0,
      max: 1,
      width: 12,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 0.1, color: "yellow" },
        { from: 0.5, color: "red" },
      ],
      queries: [{ expr: promql`max by (${TASK}) (${heldBack}) / 1000`, legend: "{{task_name}}" }],
      runbooks: ["FlinkBackpressured"],
    },
    {
      id: 302,
      kind: "timeseries",
      title: "Busy, hottest subtask",
      description: `Share of time in which the busiest subtask of each vertex works. Near 1 the vertex is at its limit. ${SLOW}`,
      unit: "percentunit",
      min: 0,
      max: 1,
      width: 12,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 0.9, color: "red" },
      ],
      queries: [
        {
          expr: promql`max by (${TASK}) (${busy} >= 0) / 1000`,
          legend: "{{task_name}}",
          mayBeEmpty: LEGACY,
        },
      ],
      runbooks: ["FlinkBackpressured"],
    },
    {
      id: 303,
      kind: "timeseries",
      title: "Where the time goes",
      description: `Mean over all subtasks of the job: working, held back by what comes after, waiting for input. The three make up the whole. ${SLOW}`,
      unit: "percentunit",
      min: 0,
      max: 1,
      stacked: true,
      width: 8,
      height: 8,
      queries: [
        { expr: promql`avg by (${JOB}) (${busy} >= 0) / 1000`, legend: "busy", mayBeEmpty: LEGACY },
        { expr: promql`avg by (${JOB}) (${heldBack}) / 1000`, legend: "back-pressured" },
        { expr: promql`avg by (${JOB}) (${idle}) / 1000`, legend: "idle" },
      ],
    },
    {
      id: 304,
      kind: "timeseries",
      title: "Records read by vertices",
      description:
        "Records per second that each vertex reads from the vertices before it, from its counter. On Flink 1.20 a source stands at 0 here.",
      unit: "recps",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        { expr: promql`sum by (${TASK}) (rate(${read}[$__rate_interval]))`, legend: "{{task_name}}" },
      ],
    },
    {
      id: 305,
      kind: "timeseries",
      title: "Skew",
      description:
        "Records that the hottest subtask of each vertex reads, over the mean of its subtasks. 1 is even; above 3 more subtasks help little, because one key or partition carries the load.",
      unit: "short",
      min: 1,
      width: 8,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 3, color: "yellow" },
      ],
      queries: [
        {
          expr: promql`max by (${TASK}) (${readPerSecond}) / (avg by (${TASK}) (${readPerSecond}) > 0)`,
          legend: "{{task_name}}",
          mayBeEmpty: "no record flows",
        },
      ],
    },
  ],
};
