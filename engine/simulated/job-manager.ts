import type { Instant, Milliseconds } from "../../model/index.ts";
import type { Machines } from "./machines.ts";
import type { JobRun } from "./physics/job-run.ts";
import type { JobManagerView } from "./view.ts";
import type { ClusterPlan } from "./world.ts";

/** What its death does to the cluster around it. */
export interface JobManagerHost {
  readonly plan: ClusterPlan;
  readonly machines: Machines;
  now(): Instant;
  schedule(at: Instant, act: () => void): void;
  /** Nobody coordinates the jobs any more; returns all of them. */
  orphanAll(): readonly JobRun[];
  /** Tasks of these jobs that still work end. */
  endOrphans(lost: readonly JobRun[]): void;
  /** These jobs are the next process's. */
  adopt(successors: readonly ((now: Instant) => JobRun)[]): void;
}

/**
 * The process that answers and coordinates. Its death leaves tasks that work on without it, until their TaskManagers
 * miss its heartbeat; without high availability nobody knows their jobs any more.
 */
export class JobManager implements JobManagerView {
  state: JobManagerView["state"] = "up";
  process = 1;
  private readonly cluster: JobManagerHost;

  constructor(cluster: JobManagerHost) {
    this.cluster = cluster;
  }

  /** Kills it. Another process answers after `backAfterMs`; with high availability it brings the jobs back. */
  lose(backAfterMs: Milliseconds): void {
    const { cluster } = this;
    const available = (cluster.plan.highAvailability ?? "none") !== "none";
    const now = cluster.now();
    this.process += 1;
    const { process } = this;
    this.state = available ? "electing" : "down";
    const jobs = cluster.orphanAll();
    cluster.machines.lookForLeader();
    const noticedMs = available ? backAfterMs : cluster.plan.heartbeatTimeoutMs;
    cluster.schedule(now + noticedMs, () => cluster.endOrphans(jobs));
    cluster.schedule(now + backAfterMs, () => {
      if (this.process === process) this.state = "up";
    });
    cluster.schedule(now + Math.max(noticedMs, backAfterMs), () => {
      if (this.process !== process) return;
      cluster.machines.registerAll();
      if (available) cluster.adopt(jobs.filter((job) => job.endTime === undefined).map(successorOf));
    });
  }
}

/** A job as the high-availability store gives it to the next JobManager: the same id, history and counts are gone. */
function successorOf(job: JobRun): (now: number) => JobRun {
  return (now) => {
    const successor = job.again(now);
    successor.checkpoints.takeOver(job.checkpoints);
    return successor;
  };
}
