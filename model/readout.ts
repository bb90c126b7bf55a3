import type { Graph, VertexId } from "./graph.ts";
import type { FlinkJobId, JobState } from "./job.ts";
import type { Reading } from "./reading.ts";
import type { Instant } from "./time.ts";

/**
 * What one source (REST or reporter pages) says of one vertex, summed over its subtasks. All counters start
 * from 0 with every attempt. They come with their own clock: task time so far = busy + idle + back-pressured.
 */
export interface VertexReadout {
  readonly readRecords: Reading;
  readonly writeRecords: Reading;
  /** Accumulated milliseconds over all subtasks. */
  readonly busyMs: Reading;
  readonly idleMs: Reading;
  readonly backPressuredMs: Reading;
  /** Records waiting outside Flink, in the source's broker; only sources can have it. */
  readonly pendingRecords: Reading;
  /** Splits or partitions that the source reads, where its metrics tell. */
  readonly sourcePartitions: Reading;
  /** Records read by each subtask since the attempt began; only where one seems hotter than the others. */
  readonly subtaskReads?: readonly number[] | undefined;
  /** Busy share of the hottest subtask in ms/s: a 60-second gauge, which lies for 75 s after a start. */
  readonly hottestBusyMsPerSecond: Reading;
}

/** For a source: the counters that came in the same reply as its pending records, so that they agree in time. */
export interface SourceReadout {
  readonly consumedRecords: Reading;
  readonly pendingRecords: Reading;
  readonly busyMs: Reading;
  readonly idleMs: Reading;
  readonly backPressuredMs: Reading;
}

export interface CheckpointReadout {
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
  readonly latestCompletedAt: Reading;
  readonly latestDurationMs: Reading;
  readonly latestPath: string | undefined;
  /** Configured time between checkpoints; absent where they are not periodic or the settings could not be read. */
  readonly intervalMs?: Reading;
  /** Configured time after which a checkpoint is given up. */
  readonly timeoutMs?: Reading;
}

/** The fullest, busiest and slowest of a cluster's TaskManagers, each figure of its own worst one. */
export interface PressureReadout {
  /** `Status.JVM.GarbageCollector.All.TimeMsPerSecond` / 1000: 0..1. */
  readonly gcShare: Reading;
  /** `Status.JVM.Memory.Heap.Used` / `.Max`: 0..1. */
  readonly heapShare: Reading;
  /** `Status.JVM.CPU.Load`: 0..1. */
  readonly cpuLoad: Reading;
}

/** One consistent look at one job: graph and counters belong to the same attempt. */
export interface JobReadout {
  readonly flinkJobId: FlinkJobId;
  readonly name: string;
  readonly state: JobState;
  /** JobManager time of the reply, so that a skewed clock of ours does not matter. */
  readonly at: Instant;
  /** When the current attempt began to run; changes with every restart and rescale. */
  readonly runningSince: Instant;
  /** True when the adaptive scheduler runs the job, so that its requirements can be set while it runs. */
  readonly adaptive: boolean;
  readonly graph: Graph;
  readonly vertices: Readonly<Record<VertexId, VertexReadout>>;
  readonly sources: Readonly<Record<VertexId, SourceReadout>>;
  /** Slots of the cluster: all, and those nobody uses. */
  readonly slotsTotal: Reading;
  readonly slotsFree: Reading;
  /** Upper bounds that Flink holds for the job now; `undefined` where Flink has none (not adaptive). */
  readonly requirements: Readonly<Record<VertexId, number>> | undefined;
  readonly checkpoints: CheckpointReadout | undefined;
  /** Absent where the TaskManagers were not asked. */
  readonly pressure?: PressureReadout | undefined;
}
