import { type FlinkMetric, metricsOf } from "./flink-metric.ts";

const operator = metricsOf("operator");
const split = metricsOf("split");

/** What a TaskManager's page holds of every operator and split. */
export const FLINK_OPERATOR_METRICS = {
  flink_taskmanager_job_task_operator_numRecordsIn: operator(
    "counter",
    "records",
    "Records read; at a source what it took from outside.",
  ),
  flink_taskmanager_job_task_operator_numRecordsInPerSecond: operator("meter", "records/s", "Records read."),
  flink_taskmanager_job_task_operator_numBytesIn: operator("counter", "bytes", "Bytes read.", {
    absent: "only sources and sinks",
  }),
  flink_taskmanager_job_task_operator_numBytesInPerSecond: operator("meter", "bytes/s", "Bytes read.", {
    absent: "only sources and sinks",
  }),
  flink_taskmanager_job_task_operator_numRecordsOut: operator(
    "counter",
    "records",
    "Records written; at a source what it took from outside.",
  ),
  flink_taskmanager_job_task_operator_numRecordsOutPerSecond: operator(
    "meter",
    "records/s",
    "Records written.",
  ),
  flink_taskmanager_job_task_operator_numBytesOut: operator("counter", "bytes", "Bytes written.", {
    absent: "only sources and sinks",
  }),
  flink_taskmanager_job_task_operator_numBytesOutPerSecond: operator("meter", "bytes/s", "Bytes written.", {
    absent: "only sources and sinks",
  }),
  flink_taskmanager_job_task_operator_numRecordsInErrors: operator(
    "counter",
    "records",
    "Records that a source could not read.",
    { absent: "only sources" },
  ),
  flink_taskmanager_job_task_operator_numRecordsOutErrors: operator(
    "counter",
    "records",
    "Records that a sink could not write (old name).",
    { absent: "only sinks" },
  ),
  flink_taskmanager_job_task_operator_numRecordsSend: operator(
    "counter",
    "records",
    "Records that a sink handed over.",
    { absent: "only sinks" },
  ),
  flink_taskmanager_job_task_operator_numBytesSend: operator(
    "counter",
    "bytes",
    "Bytes that a sink handed over.",
    { absent: "only sinks" },
  ),
  flink_taskmanager_job_task_operator_numRecordsSendErrors: operator(
    "counter",
    "records",
    "Records that a sink could not hand over.",
    { absent: "only sinks" },
  ),
  flink_taskmanager_job_task_operator_pendingRecords: operator(
    "gauge",
    "records",
    "Records waiting at the source's broker.",
    { absent: "only sources whose connector knows it" },
  ),
  flink_taskmanager_job_task_operator_sourceIdleTime: operator(
    "gauge",
    "ms",
    "How long the source has had nothing to read.",
    { absent: "only sources" },
  ),
  flink_taskmanager_job_task_operator_currentEmitEventTimeLag: operator(
    "gauge",
    "ms",
    "Age of a record when the source emits it; stands still while idle.",
    { sentinel: "-1 if unknown", absent: "only sources" },
  ),
  flink_taskmanager_job_task_operator_currentFetchEventTimeLag: operator(
    "gauge",
    "ms",
    "Age of a record when the source fetches it.",
    { sentinel: "-1 if unknown", absent: "only sources whose connector knows it" },
  ),
  flink_taskmanager_job_task_operator_watermarkLag: operator(
    "gauge",
    "ms",
    "How far the watermark is behind; stands still while idle.",
    { absent: "only sources after their first watermark" },
  ),
  flink_taskmanager_job_task_operator_currentInputWatermark: operator(
    "gauge",
    "timestamp-ms",
    "Least watermark of the inputs.",
    { sentinel: "-9.2e18 before the first, 9.2e18 at the end of the input", absent: "not at sources" },
  ),
  flink_taskmanager_job_task_operator_currentOutputWatermark: operator(
    "gauge",
    "timestamp-ms",
    "Watermark sent on.",
    { sentinel: "-9.2e18 before the first, 9.2e18 at the end of the input" },
  ),
  flink_taskmanager_job_task_operator_numLateRecordsDropped: operator(
    "counter",
    "records",
    "Records dropped because they came too late.",
    { absent: "only window operators" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_currentWatermark: split(
    "gauge",
    "timestamp-ms",
    "Watermark of one split.",
    { since: "2.3", sentinel: "-9.2e18 before the first" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_activeTimeMsPerSecond: split(
    "gauge",
    "ms/s",
    "Time reading; 1000 is always.",
    { since: "2.3" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_accumulatedActiveTimeMs: split(
    "counter",
    "ms",
    "Time reading since the attempt began.",
    { since: "2.3" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_idleTimeMsPerSecond: split(
    "gauge",
    "ms/s",
    "Time without records; 1000 is always.",
    { since: "2.3" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_accumulatedIdleTimeMs: split(
    "counter",
    "ms",
    "Time without records since the attempt began.",
    { since: "2.3" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_pausedTimeMsPerSecond: split(
    "gauge",
    "ms/s",
    "Time held back by watermark alignment; 1000 is always.",
    { since: "2.3" },
  ),
  flink_taskmanager_job_task_operator_split_watermark_accumulatedPausedTimeMs: split(
    "counter",
    "ms",
    "Time held back by watermark alignment since the attempt began.",
    { since: "2.3" },
  ),
} as const satisfies Record<string, FlinkMetric>;
