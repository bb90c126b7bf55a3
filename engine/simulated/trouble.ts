import type { Instant, Milliseconds } from "../../model/index.ts";
import type { Machines } from "./machines.ts";
import type { BadLuck } from "./physics/bad-luck.ts";
import type { JobRun } from "./physics/job-run.ts";
import { userException, vertexNamed } from "./physics/user-code.ts";
import type { SnapshotFolder } from "./snapshots/folder.ts";
import type { SnapshotDamage, Trouble } from "./world.ts";

/** What trouble is done to. */
export interface Troubled {
  readonly machines: Pick<Machines, "lose" | "press">;
  readonly jobManager: { lose(backAfterMs: Milliseconds): void };
  readonly keeper: SnapshotFolder | undefined;
  now(): Instant;
  jobNamed(name: string): JobRun;
  luckOf(name: string): BadLuck;
}

/** Makes scripted trouble of the physical kind come true; what spoils replies is looked up by the REST side. */
export function applyTrouble(cluster: Troubled, trouble: Trouble): void {
  const now = cluster.now();
  switch (trouble.kind) {
    case "task-manager-lost":
      cluster.machines.lose(trouble.taskManager, trouble.backAfterMs);
      return;
    case "job-exception": {
      const job = cluster.jobNamed(trouble.job);
      if (job.state !== "RUNNING" || vertexNamed(job.vertices, trouble.vertex) === undefined) return;
      job.fail(now, userException(thrownBy(trouble), job.vertices, job.name), trouble.terminal);
      return;
    }
    case "poison-record": {
      const job = cluster.jobNamed(trouble.job);
      const source = vertexNamed(job.vertices, trouble.source)?.id ?? trouble.source;
      const { position } = trouble;
      cluster.luckOf(trouble.job).poison.push({ ...thrownBy(trouble), source, position });
      return;
    }
    case "restart-loop": {
      const until = now + trouble.forMs;
      cluster.luckOf(trouble.job).loop = { ...thrownBy(trouble), everyMs: trouble.everyMs, until };
      return;
    }
    case "job-manager-lost":
      cluster.jobManager.lose(trouble.backAfterMs);
      return;
    case "snapshot-damaged":
      damageNewest(cluster, trouble.job, trouble.damage);
      return;
    case "storage-down":
      if (cluster.keeper !== undefined) cluster.keeper.downUntil = now + trouble.forMs;
      return;
    case "checkpoints-fail":
      cluster.jobNamed(trouble.job).checkpoints.failUntil = now + trouble.forMs;
      return;
    case "sink-slow":
      cluster
        .jobNamed(trouble.job)
        .limits.set(trouble.vertex, { cap: trouble.cap, until: now + trouble.forMs });
      return;
    case "memory-pressure": {
      const { gcShare, heapShare, forMs } = trouble;
      cluster.machines.press(trouble.taskManager, { gcShare, heapShare, until: now + forMs });
      return;
    }
    case "metrics-missing":
    case "rest-slow":
    case "rest-fails":
      return;
  }
}

function thrownBy(trouble: {
  readonly exception: string;
  readonly message: string;
  readonly vertex: string;
}) {
  return { name: trouble.exception, message: trouble.message, vertex: trouble.vertex };
}

/** Of the newest checkpoint that the job retains; nothing where there is none yet. */
function damageNewest(cluster: Troubled, name: string, damage: SnapshotDamage): void {
  const newest = cluster.jobNamed(name).checkpoints.retention.snapshots[0];
  if (newest !== undefined) cluster.keeper?.damage(newest.kept, damage);
}
