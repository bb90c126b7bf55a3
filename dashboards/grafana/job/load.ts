import { matches, promql } from "../../../model/index.ts";
import type { RowSpec } from "../panel.ts";
import { flinkOfJob, JOB, OPERATOR, ownOfJob, TASK } from "../selectors.ts";

/** How Flink names the operator of a source, whatever the connector. */
const SOURCE = { operator_name: matches("Source:.*") };

const taken = flinkOfJob("flink_taskmanager_job_task_operator_numRecordsIn", SOURCE);
const handedOver = flinkOfJob("flink_taskmanager_job_task_operator_numRecordsSend");
const pending = flinkOfJob("flink_taskmanager_job_task_operator_pendingRecords");
const pendingOfSources = flinkOfJob("flink_taskmanager_job_task_operator_pendingRecords", SOURCE);
const emitLag = flinkOfJob("flink_taskmanager_job_task_operator_currentEmitEventTimeLag");
const watermark = flinkOfJob("flink_taskmanager_job_task_currentInputWatermark");
const arrivals = ownOfJob("outrider_job_arrival_records_per_second");
const backlog = ownOfJob("outrider_job_backlog_records");

const NO_PENDING = "the source's connector does not tell how many records wait";
const NO_EVENT_TIME = "the records carry no event time";

/** Does the job keep up with what comes in? */
export const LOAD: RowSpec = {
  id: 200,
  title: "Load and lag",
  panels: [
    {
      id: 201,
      kind: "timeseries",
      title: "Records read by sources",
      description:
        "Records per second that each source takes in, from its counter, and what arrives at all sources together, read or not, as Outrider counts it: where it is above them, the job falls behind. Only sources are counted: a sum over all operators would count a record many times.",
      unit: "recps",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        {
          expr: promql`sum by (${OPERATOR}) (rate(${taken}[$__rate_interval]))`,
          legend: "{{operator_name}}",
          mayBeEmpty: "a source of the old interface (SourceFunction) is no operator named Source",
        },
        { expr: promql`max by (${JOB}) (${arrivals})`, legend: "arrive at the job", mayBeEmpty: NO_PENDING },
      ],
      runbooks: ["FlinkSourceStalled", "FlinkSourceLagGrowing"],
    },
    {
      id: 202,
      kind: "timeseries",
      title: "Records handed over by sinks",
      description: "Records per second that each sink gave to the outside, from its counter.",
      unit: "recps",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        {
          expr: promql`sum by (${OPERATOR}) (rate(${handedOver}[$__rate_interval]))`,
          legend: "{{operator_name}}",
          mayBeEmpty: "the sink does not count what it hands over",
        },
      ],
      runbooks: ["FlinkSourceStalled", "FlinkSourceLagGrowing"],
    },
    {
      id: 203,
      kind: "timeseries",
      title: "Records that wait",
      description:
        "Records pending at each source's broker and, as the backlog, those and what is in flight between the vertices, as Outrider counts it. What rises without end is a job that is too small.",
      unit: "short",
      min: 0,
      width: 8,
      height: 8,
      queries: [
        {
          expr: promql`sum by (${OPERATOR}) (${pending} >= 0)`,
          legend: "{{operator_name}}",
          mayBeEmpty: NO_PENDING,
        },
        { expr: promql`max by (${JOB}) (${backlog})`, legend: "backlog of the job", mayBeEmpty: NO_PENDING },
      ],
      runbooks: ["FlinkSourceStalled", "FlinkSourceLagGrowing"],
    },
    {
      id: 204,
      kind: "timeseries",
      title: "Lag in time",
      description:
        "Pending records over records read per second: how long the source would need at its present pace if nothing more came in. It is highest where a source stands still.",
      unit: "s",
      min: 0,
      width: 8,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 300, color: "yellow" },
      ],
      queries: [
        {
          expr: promql`sum by (${OPERATOR}) (${pendingOfSources} >= 0) / clamp_min(sum by (${OPERATOR}) (rate(${taken}[$__rate_interval])), 1)`,
          legend: "{{operator_name}}",
          mayBeEmpty: NO_PENDING,
        },
      ],
      runbooks: ["FlinkSourceStalled", "FlinkSourceLagGrowing"],
    },
    {
      id: 205,
      kind: "timeseries",
      title: "Event-time lag",
      description:
        "Age of the records when a source emits them, at the worst subtask. The value stands still while a source is idle.",
      unit: "ms",
      min: 0,
      width: 8,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 300_000, color: "yellow" },
      ],
      queries: [
        {
          expr: promql`max by (${OPERATOR}) (${emitLag} >= 0)`,
          legend: "{{operator_name}}",
          mayBeEmpty: NO_EVENT_TIME,
        },
      ],
    },
    {
      id: 206,
      kind: "timeseries",
      title: "Watermark lag",
      description:
        "How far the lowest watermark of each vertex is behind the clock. Windows that end later than that have not fired yet. Before the first watermark and after the end of the input there is no value.",
      unit: "s",
      min: 0,
      width: 8,
      height: 8,
      steps: [
        { from: null, color: "green" },
        { from: 300, color: "yellow" },
      ],
      queries: [
        {
          expr: promql`time() - min by (${TASK}) (${watermark} > 0 < 9e15) / 1000`,
          legend: "{{task_name}}",
          mayBeEmpty: NO_EVENT_TIME,
        },
      ],
    },
  ],
};
