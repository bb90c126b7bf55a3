import type { Instant, Milliseconds } from "../../model/index.ts";
import type { JobRun } from "./physics/job-run.ts";
import type { Trouble } from "./world.ts";

/** What trouble is done to. */
export interface Troubled {
  now(): Instant;
  jobNamed(name: string): JobRun;
  loseTaskManager(index: number, backAfterMs: Milliseconds | undefined): void;
}

/** Makes scripted trouble of the physical kind come true; what spoils replies is looked up by the REST side. */
export function applyTrouble(cluster: Troubled, trouble: Trouble): void {
  const now = cluster.now();
  switch (trouble.kind) {
    case "task-manager-lost":
      cluster.loseTaskManager(trouble.taskManager, trouble.backAfterMs);
      return;
    case "job-exception": {
      const job = cluster.jobNamed(trouble.job);
      const vertex = job.vertices.find((v) => v.plan.name === trouble.vertex || v.id === trouble.vertex);
      if (job.state !== "RUNNING" || vertex === undefined) return;
      job.fail(now, {
        name: trouble.exception,
        message: trouble.message,
        taskName: `${vertex.plan.name} (1/${vertex.parallelism})`,
        taskManager: vertex.subtasks[0]?.taskManager,
      });
      return;
    }
    case "checkpoints-fail":
      cluster.jobNamed(trouble.job).checkpoints.failUntil = now + trouble.forMs;
      return;
    case "sink-slow":
      cluster
        .jobNamed(trouble.job)
        .limits.set(trouble.vertex, { cap: trouble.cap, until: now + trouble.forMs });
      return;
    case "metrics-missing":
    case "rest-slow":
    case "rest-fails":
      return;
  }
}
