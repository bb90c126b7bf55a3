import type { FlinkJobId, Instant } from "../../../model/index.ts";
import type { SubtaskView, VertexView } from "../view.ts";
import type { Gauges, SubtaskGauges } from "./gauges.ts";

/** All that one subtask's metrics are made of, at one instant; whole numbers where Flink counts. */
export interface SubtaskFrame extends SubtaskGauges {
  readonly at: Instant;
  readonly index: number;
  readonly taskManager: string;
  /** Tells its attempt from those before and after. */
  readonly startedAt: Instant;
  readonly readRecords: number;
  readonly writeRecords: number;
  readonly busyMs: number;
  readonly idleMs: number;
  readonly backPressuredMs: number;
  readonly queued: number;
  readonly inPoolUsage: number;
  readonly pendingRecords: number;
  readonly partitions: readonly number[];
  readonly watermark: Instant | undefined;
}

/** Copies what is live. */
export function frameOf(
  job: FlinkJobId,
  vertex: Pick<VertexView, "id">,
  subtask: SubtaskView,
  gauges: Gauges,
  now: Instant,
): SubtaskFrame {
  return {
    ...gauges.of(job, vertex.id, subtask),
    at: now,
    index: subtask.index,
    taskManager: subtask.taskManager,
    startedAt: subtask.startedAt,
    readRecords: Math.floor(subtask.readRecords),
    writeRecords: Math.floor(subtask.writeRecords),
    busyMs: Math.round(subtask.busyMs),
    idleMs: Math.round(subtask.idleMs),
    backPressuredMs: Math.round(subtask.backPressuredMs),
    queued: Math.floor(subtask.queued),
    inPoolUsage: Math.min(1, Math.max(0, subtask.inPoolUsage)),
    pendingRecords: Math.floor(subtask.pendingRecords ?? 0),
    partitions: [...subtask.partitions],
    watermark: subtask.watermark,
  };
}
