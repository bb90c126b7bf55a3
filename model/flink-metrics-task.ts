import { type FlinkMetric, metricsOf } from "./flink-metric.ts";

const task = metricsOf("task");

/** What a TaskManager's page holds of every subtask. */
export const FLINK_TASK_METRICS = {
  flink_taskmanager_job_task_busyTimeMsPerSecond: task(
    "gauge",
    "ms/s",
    "Time a subtask works, mean of 60 s; 1000 is always.",
    { sentinel: "NaN for legacy sources" },
  ),
  flink_taskmanager_job_task_idleTimeMsPerSecond: task(
    "meter",
    "ms/s",
    "Time a subtask waits for input; 1000 is always.",
  ),
  flink_taskmanager_job_task_backPressuredTimeMsPerSecond: task(
    "gauge",
    "ms/s",
    "Time a subtask is held back by those after it, mean of 60 s; 1000 is always.",
  ),
  flink_taskmanager_job_task_softBackPressuredTimeMsPerSecond: task(
    "meter",
    "ms/s",
    "Back-pressure that still lets mails through.",
  ),
  flink_taskmanager_job_task_hardBackPressuredTimeMsPerSecond: task(
    "meter",
    "ms/s",
    "Back-pressure that blocks the subtask.",
  ),
  flink_taskmanager_job_task_changelogBusyTimeMsPerSecond: task(
    "meter",
    "ms/s",
    "Time that the changelog backend holds the subtask.",
  ),
  flink_taskmanager_job_task_isBackPressured: task(
    "gauge",
    "bool",
    "Whether it is held back at this very moment.",
  ),
  flink_taskmanager_job_task_maxSoftBackPressureTimeMs: task(
    "gauge",
    "ms",
    "Longest soft back-pressure since the last look.",
  ),
  flink_taskmanager_job_task_maxHardBackPressureTimeMs: task(
    "gauge",
    "ms",
    "Longest hard back-pressure since the last look.",
  ),
  flink_taskmanager_job_task_accumulateBusyTimeMs: task(
    "counter",
    "ms",
    "Time working since the attempt began.",
    { sentinel: "NaN for legacy sources" },
  ),
  flink_taskmanager_job_task_accumulateIdleTimeMs: task(
    "counter",
    "ms",
    "Time waiting for input since the attempt began.",
  ),
  flink_taskmanager_job_task_accumulateBackPressuredTimeMs: task(
    "counter",
    "ms",
    "Time held back since the attempt began.",
  ),
  flink_taskmanager_job_task_numRecordsIn: task("counter", "records", "Records read.", {
    sentinel: "0 at sources: their operator counts",
  }),
  flink_taskmanager_job_task_numRecordsInPerSecond: task("meter", "records/s", "Records read.", {
    sentinel: "0 at sources: their operator counts",
  }),
  flink_taskmanager_job_task_numBytesIn: task("counter", "bytes", "Bytes read."),
  flink_taskmanager_job_task_numBytesInPerSecond: task("meter", "bytes/s", "Bytes read."),
  flink_taskmanager_job_task_numRecordsOut: task("counter", "records", "Records written.", {
    sentinel: "0 at sinks: their operator counts",
  }),
  flink_taskmanager_job_task_numRecordsOutPerSecond: task("meter", "records/s", "Records written.", {
    sentinel: "0 at sinks: their operator counts",
  }),
  flink_taskmanager_job_task_numBytesOut: task("counter", "bytes", "Bytes written."),
  flink_taskmanager_job_task_numBytesOutPerSecond: task("meter", "bytes/s", "Bytes written."),
  flink_taskmanager_job_task_numBuffersOut: task("counter", "1", "Buffers written."),
  flink_taskmanager_job_task_numBuffersOutPerSecond: task("meter", "1/s", "Buffers written."),
  flink_taskmanager_job_task_numFiredTimers: task("counter", "1", "Timers fired."),
  flink_taskmanager_job_task_numFiredTimersPerSecond: task("meter", "1/s", "Timers fired."),
  flink_taskmanager_job_task_currentInputWatermark: task(
    "gauge",
    "timestamp-ms",
    "Least watermark of the inputs.",
    { sentinel: "-9.2e18 before the first, 9.2e18 at the end of the input" },
  ),
  flink_taskmanager_job_task_checkpointAlignmentTime: task(
    "gauge",
    "ns",
    "How long the last barrier was aligned.",
  ),
  flink_taskmanager_job_task_checkpointStartDelayNanos: task(
    "gauge",
    "ns",
    "From the trigger of the last checkpoint to its first barrier.",
  ),
  flink_taskmanager_job_task_initializationTime: task("gauge", "ms", "From deployment to running."),
  flink_taskmanager_job_task_mailboxQueueSize: task("gauge", "1", "Mails waiting."),
  flink_taskmanager_job_task_mailboxMailsPerSecond: task("meter", "1/s", "Mails handled."),
  flink_taskmanager_job_task_mailboxLatencyMs: task("summary", "ms", "How long a mail waits."),
  flink_taskmanager_job_task_Shuffle_Netty_Input_Buffers_inPoolUsage: task(
    "gauge",
    "ratio",
    "Input buffers in use.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Input_Buffers_inputQueueLength: task(
    "gauge",
    "1",
    "Buffers queued at the input.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Input_Buffers_inputQueueSize: task(
    "gauge",
    "bytes",
    "Bytes queued at the input.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Input_Buffers_inputExclusiveBuffersUsage: task(
    "gauge",
    "ratio",
    "Exclusive input buffers in use.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Input_Buffers_inputFloatingBuffersUsage: task(
    "gauge",
    "ratio",
    "Floating input buffers in use.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Output_Buffers_outPoolUsage: task(
    "gauge",
    "ratio",
    "Output buffers in use.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Output_Buffers_outputQueueLength: task(
    "gauge",
    "1",
    "Buffers queued at the output.",
  ),
  flink_taskmanager_job_task_Shuffle_Netty_Output_Buffers_outputQueueSize: task(
    "gauge",
    "bytes",
    "Bytes queued at the output.",
  ),
} as const satisfies Record<string, FlinkMetric>;
