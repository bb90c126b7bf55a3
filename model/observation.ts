import type { Graph, VertexId } from "./graph.ts";
import type { FlinkJobId, JobKey, JobState } from "./job.ts";
import type { Reading } from "./reading.ts";
import type { CheckpointReadout, PressureReadout } from "./readout.ts";
import type { Instant, Milliseconds } from "./time.ts";

/**
 * What one vertex did between two readouts, by its own task clock. Rates are records per second of task time,
 * summed over subtasks; shares are 0..1 of task time.
 */
export interface VertexObservation {
  readonly parallelism: number;
  /** Task time that passed per subtask: Δ(busy + idle + back-pressured) / parallelism. */
  readonly taskMs: Reading;
  /** Records read per second; at a source what it consumed. */
  readonly inRate: Reading;
  readonly outRate: Reading;
  readonly busyShare: Reading;
  readonly idleShare: Reading;
  readonly backPressuredShare: Reading;
  /** Busy milliseconds per record read. */
  readonly costMs: Reading;
  readonly hottestBusyShare: Reading;
  readonly pendingRecords: Reading;
  /** Change of pending records per second of task time (sources). */
  readonly pendingGrowth: Reading;
  readonly sourcePartitions: Reading;
  /** Records read in the interval: the weight of `costMs`. */
  readonly readRecords: Reading;
  /** The subtask that read the most in the interval, and its share of all records; only where subtasks were read. */
  readonly hottest?: { readonly subtask: number; readonly share: number } | undefined;
}

/** Records written upstream and not yet read downstream. Where a vertex has several outputs or inputs, absent. */
export interface EdgeObservation {
  readonly from: VertexId;
  readonly to: VertexId;
  readonly inFlight: Reading;
}

/** One pass's meaning. Everything in it belongs to one attempt of one job. */
export interface Observation {
  readonly job: JobKey;
  readonly flinkJobId: FlinkJobId;
  readonly at: Instant;
  readonly state: JobState;
  readonly runningSince: Instant;
  readonly adaptive: boolean;
  readonly graph: Graph;
  readonly vertices: Readonly<Record<VertexId, VertexObservation>>;
  readonly edges: readonly EdgeObservation[];
  readonly slotsTotal: Reading;
  readonly slotsFree: Reading;
  readonly requirements: Readonly<Record<VertexId, number>> | undefined;
  readonly pressure?: PressureReadout | undefined;
  readonly checkpoints?: CheckpointReadout | undefined;
  /** Pending at all sources + in flight on all edges; missing if any source's pending records are. */
  readonly backlog: Reading;
}

/** The observations that a decision may look at, oldest first; bounded in number and age. */
export interface Window {
  readonly observations: readonly Observation[];
  readonly from: Instant;
  readonly to: Instant;
  /** Share of vertex readings in the window that have a value, 0..1. */
  readonly coverage: number;
  /** Since when the job has been watched without a gap that emptied the window. */
  readonly watchedMs: Milliseconds;
}
