import type { VertexObservation, VertexReadout } from "../model/index.ts";
import type { Difference } from "./difference.ts";

/** With fewer records per subtask than this one of them is the hottest by chance. */
const LEAST_READS_PER_SUBTASK = 50;

/**
 * The subtask that read the most since `before`, or since the attempt began where its subtasks are read for the first
 * time. `undefined` with too few records to judge by, with counters that went back, and while the task clock stands.
 */
export function hottestOf(
  d: Difference,
  before: VertexReadout | undefined,
  now: VertexReadout,
  parallelism: number,
): VertexObservation["hottest"] {
  const reads = now.subtaskReads;
  if (d.kind !== "advanced" || reads === undefined || reads.length !== parallelism) return undefined;
  const read = reads.map((count, subtask) => count - (before?.subtaskReads?.[subtask] ?? 0));
  const sum = read.reduce((a, b) => a + b, 0);
  if (!(sum >= LEAST_READS_PER_SUBTASK * parallelism) || read.some((count) => count < 0)) return undefined;
  const most = Math.max(...read);
  return { subtask: read.indexOf(most), share: most / sum };
}
