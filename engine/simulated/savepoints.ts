import type { FlinkJobId } from "../../model/index.ts";
import type { JobRun } from "./physics/job-run.ts";
import { asCheckpointFailure, Operation } from "./physics/operation.ts";
import type { SnapshotKeeper } from "./physics/restore-point.ts";
import { StateFault } from "./physics/state-fault.ts";
import type { SavepointRequest } from "./view.ts";
import type { StoragePlan } from "./world.ts";

/** A savepoint of a job, or why there will be none: Flink accepts every request and tells later. */
export function savepointOf(
  job: JobRun | undefined,
  id: FlinkJobId,
  wish: SavepointRequest,
  storage: StoragePlan | undefined,
): Operation {
  const operation = new Operation();
  const target = wish.target ?? storage?.savepoints;
  const problem = problemOf(job, id);
  if (problem !== undefined) operation.fail(problem);
  else if (target !== undefined) job?.checkpoints.wish({ ...wish, target, operation });
  return operation;
}

function problemOf(job: JobRun | undefined, id: FlinkJobId): StateFault | undefined {
  if (job === undefined) {
    const name = "org.apache.flink.runtime.messages.FlinkJobNotFoundException";
    return new StateFault({ name, message: `Could not find Flink job (${id})` });
  }
  if (job.plan.checkpoints === undefined) {
    return new StateFault({
      name: "java.lang.IllegalStateException",
      message: `Job ${id} is not a streaming job.`,
    });
  }
  if (job.running) return undefined;
  const source = job.plan.vertices[0]?.name ?? "";
  return asCheckpointFailure(
    `Checkpoint triggering task ${source} (1/1) of job ${id} is not being executed at the moment. Aborting checkpoint. Failure reason: Not all required tasks are currently running.`,
  );
}

/** Deletes a snapshot with all its files, whichever job it was of. */
export function disposalOf(keeper: SnapshotKeeper | undefined, path: string): Operation {
  const operation = new Operation();
  try {
    if (keeper === undefined) throw missing(path);
    keeper.discard(keeper.read(path).kept);
    operation.complete("");
  } catch (error) {
    if (!(error instanceof StateFault)) throw error;
    operation.fail(error);
  }
  return operation;
}

/** What Flink says where nothing lies. */
export function missing(path: string): StateFault {
  return new StateFault({
    name: "java.io.FileNotFoundException",
    message: `Cannot find checkpoint or savepoint file/directory '${path}' on file system 'file'.`,
    frames: [
      "org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(AbstractFsCheckpointStorageAccess.java:275)",
      "org.apache.flink.runtime.checkpoint.CheckpointCoordinator.restoreSavepoint(CheckpointCoordinator.java:1850)",
    ],
  });
}
