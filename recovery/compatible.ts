import type { FlinkJobId, JobLife, SnapshotOperator } from "../model/index.ts";

/** What is known of the job that would be restored; vertices by Flink's ids. */
export type RunningJob = Pick<JobLife, "flinkJobId" | "maxParallelism" | "parallelism">;

/** What a verified snapshot says of itself. */
export interface SnapshotFacts {
  /** Of the job that wrote it. */
  readonly flinkJobId: FlinkJobId | null;
  readonly operators: readonly SnapshotOperator[];
}

/**
 * Whether a snapshot fits a job: true where the job wrote it itself, or where every operator with state is a vertex of
 * it with the same max parallelism; false where a vertex wants more subtasks than the snapshot has key groups. Else
 * null: Flink's REST API names a chain of operators by its head alone, and does not say whether a max parallelism was
 * set or derived, so that a difference proves nothing.
 */
export function judgeCompatibility(
  { flinkJobId, operators }: SnapshotFacts,
  job: RunningJob,
): boolean | null {
  if (flinkJobId !== null && flinkJobId === job.flinkJobId) return true;
  const stateful = operators.filter((o) => !o.finished && o.subtasks > 0);
  if (stateful.some((o) => (job.parallelism[o.id] ?? 0) > o.maxParallelism)) return false;
  const same = stateful.every((o) => job.maxParallelism[o.id] === o.maxParallelism);
  return same && stateful.length > 0 ? true : null;
}
