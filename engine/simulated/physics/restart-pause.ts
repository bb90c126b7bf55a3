import type { Milliseconds, VertexId } from "../../../model/index.ts";
import type { JobPlan } from "../world.ts";
import { restoreMs } from "./barrier.ts";

/** From cancelling the tasks of a job until its new ones are RUNNING: deploy them and read the state back. */
export function deploymentMs(job: JobPlan, parallelismOf: (id: VertexId) => number): Milliseconds {
  const states = job.vertices.map(({ id, stateBytes }) => ({ stateBytes, parallelism: parallelismOf(id) }));
  return job.restart.baseMs + restoreMs(states, job.restart.bytesPerSecond);
}

/** How long a rescale to these parallelisms keeps a job from reading, before rounding up to the grid. */
export function restartPauseMs(job: JobPlan, parallelism: Readonly<Record<VertexId, number>>): Milliseconds {
  const own = new Map(job.vertices.map((v) => [v.id, v.parallelism]));
  return deploymentMs(job, (id) => parallelism[id] ?? own.get(id) ?? 1) + job.restart.startMs;
}
