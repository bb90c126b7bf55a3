import type { FlinkJobId, Instant, JobState, VertexId } from "../../../model/index.ts";
import type { CheckpointsView, ClusterView, ExceptionView, JobView, SubtaskView } from "../view.ts";
import type { JobPlan, VertexPlan } from "../world.ts";

/** A job's execution graph as it was at one instant: what `/jobs/:id` and its kin answer from. */
export interface GraphCopy {
  readonly at: Instant;
  readonly plan: JobPlan;
  readonly id: FlinkJobId;
  readonly state: JobState;
  readonly startTime: Instant;
  readonly endTime: Instant | undefined;
  readonly timestamps: JobView["timestamps"];
  readonly restarts: number;
  readonly vertices: readonly VertexCopy[];
  readonly checkpoints: CheckpointsView;
  readonly exceptions: readonly ExceptionView[];
  readonly strategyName: string;
}

export interface VertexCopy {
  readonly id: VertexId;
  readonly plan: VertexPlan;
  readonly parallelism: number;
  /** Counters in here count only for a job that has ended; those of a live one come from the metric store. */
  readonly subtasks: readonly SubtaskView[];
}

/** Undefined for a job that the cluster does not know. */
export type GraphCache = (id: FlinkJobId) => GraphCopy | undefined;

/** Copies live for `refreshIntervalMs` (`web.refresh-interval`), across restarts too: as Flink's cache. */
export function createGraphCache(cluster: ClusterView): GraphCache {
  const copies = new Map<FlinkJobId, GraphCopy>();
  let process = cluster.jobManager.process;
  return (id) => {
    // It is in the memory of one JobManager.
    if (process !== cluster.jobManager.process) copies.clear();
    process = cluster.jobManager.process;
    const known = copies.get(id);
    const now = cluster.now();
    if (known !== undefined && now - known.at < cluster.plan.refreshIntervalMs) return known;
    const job = cluster.jobs.find((j) => j.id === id);
    if (job === undefined) return undefined;
    const copy = copyOf(job, now);
    copies.set(id, copy);
    return copy;
  };
}

export function copyOf(job: JobView, now: Instant): GraphCopy {
  const { checkpoints } = job;
  return {
    at: now,
    plan: job.plan,
    id: job.id,
    state: job.state,
    startTime: job.startTime,
    endTime: job.endTime,
    timestamps: { ...job.timestamps },
    restarts: job.restarts,
    vertices: job.vertices.map((v) => ({
      id: v.id,
      plan: v.plan,
      parallelism: v.parallelism,
      subtasks: v.subtasks.map((s) => ({ ...s, partitions: [...s.partitions] })),
    })),
    checkpoints: {
      triggered: checkpoints.triggered,
      completed: checkpoints.completed,
      failed: checkpoints.failed,
      inProgress: checkpoints.inProgress,
      history: checkpoints.history.map((c) => ({ ...c })),
      latestCompleted: checkpoints.latestCompleted && { ...checkpoints.latestCompleted },
      latestSavepoint: checkpoints.latestSavepoint && { ...checkpoints.latestSavepoint },
      latestFailed: checkpoints.latestFailed && { ...checkpoints.latestFailed },
      restored: checkpoints.restored && { ...checkpoints.restored },
    },
    exceptions: [...job.exceptions],
    strategyName: job.strategyName,
  };
}
