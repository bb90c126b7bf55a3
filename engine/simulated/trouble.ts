import type { Simulation } from "./cluster.ts";
import type { Trouble } from "./world.ts";

/** Makes scripted trouble of the physical kind come true; what spoils replies is looked up by the REST side. */
export function applyTrouble(simulation: Simulation, trouble: Trouble): void {
  const now = simulation.now();
  switch (trouble.kind) {
    case "task-manager-lost":
      simulation.loseTaskManager(trouble.taskManager, trouble.backAfterMs);
      return;
    case "job-exception": {
      const job = simulation.jobNamed(trouble.job);
      const vertex = job.vertices.find((v) => v.plan.name === trouble.vertex || v.id === trouble.vertex);
      if (!job.running || vertex === undefined) return;
      job.fail(now, {
        name: trouble.exception,
        message: trouble.message,
        taskName: `${vertex.plan.name} (1/${vertex.parallelism})`,
        taskManager: vertex.subtasks[0]?.taskManager,
      });
      return;
    }
    case "checkpoints-fail":
      simulation.jobNamed(trouble.job).checkpoints.failUntil = now + trouble.forMs;
      return;
    case "sink-slow":
      simulation
        .jobNamed(trouble.job)
        .limits.set(trouble.vertex, { cap: trouble.cap, until: now + trouble.forMs });
      return;
    case "metrics-missing":
    case "rest-slow":
    case "rest-fails":
      return;
  }
}
