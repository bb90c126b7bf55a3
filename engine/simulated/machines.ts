import type { Instant, Milliseconds } from "../../model/index.ts";
import type { JobRun } from "./physics/job-run.ts";
import { noticedAfterMs, TaskManager } from "./physics/task-managers.ts";
import type { ClusterPlan } from "./world.ts";

/** A TaskManager's death breaks the connections of its neighbours' tasks this soon. */
const CONNECTION_LOST_MS = 200;

/** An attempt whose slots are on a dead TaskManager fails when its first task is sent there. */
const DEPLOY_FAILS_MS = 50;

/** What the machines need of the cluster around them. */
export interface MachineHost {
  readonly plan: ClusterPlan;
  readonly now: () => Instant;
  /** Jobs whose tasks may run on them, orphans included. */
  lives(): readonly JobRun[];
  schedule(at: Instant, act: () => void): void;
  /** Slots came or went. */
  reconsider(): void;
}

/** The TaskManagers of a cluster: their deaths and returns. */
export class Machines {
  /** Every process, in the order of their numbers; dead ones until Flink has noticed. */
  all: readonly TaskManager[];
  /** Those that the leading JobManager knows. */
  registered: readonly TaskManager[];
  private readonly host: MachineHost;

  constructor(host: MachineHost) {
    this.host = host;
    this.all = Array.from(
      { length: host.plan.taskManagers },
      (_, i) => new TaskManager(host.plan, i, host.now),
    );
    this.registered = this.all;
  }

  /** Kills a TaskManager. Its jobs fail when a neighbour's connection breaks, or when its heartbeat is missed. */
  lose(index: number, backAfterMs: Milliseconds | undefined): void {
    const { host } = this;
    const tm = this.all.find((t) => t.index === index && t.alive);
    if (tm === undefined) return;
    const now = host.now();
    tm.lostAt = now;
    for (const job of host.lives()) {
      const hosts = new Set(job.vertices.flatMap((v) => v.taskManagers));
      if (!hosts.has(index) || job.state !== "RUNNING") continue;
      job.stalled = true;
      tm.heldBy.add(job.id);
      if (hosts.size > 1)
        host.schedule(now + CONNECTION_LOST_MS, () =>
          this.failOf(
            job,
            tm,
            "io.network.netty.exception.RemoteTransportException",
            `Connection unexpectedly closed by remote task manager '${tm.id}'.`,
          ),
        );
    }
    host.schedule(now + noticedAfterMs(host.plan), () => this.forget(tm));
    if (backAfterMs !== undefined) host.schedule(now + backAfterMs, () => this.start(index));
  }

  /**
   * A job keeps its slots of a dead TaskManager until the JobManager drops it, so every attempt before that is sent
   * there again, however many slots are free elsewhere, and fails at once.
   */
  deploy(job: JobRun): void {
    const dead = this.registered.find((tm) => !tm.alive && tm.heldBy.has(job.id));
    if (dead === undefined) return;
    job.stalled = true;
    const told = `Could not send message [submitTask] to recipient [${dead.id}], because the recipient is unreachable.`;
    this.host.schedule(this.host.now() + DEPLOY_FAILS_MS, () =>
      this.failOf(job, dead, "rpc.exceptions.RecipientUnreachableException", told),
    );
  }

  /** Collectors stop the tasks of a TaskManager, or of all, for this share of the time. */
  press(index: number | undefined, pressure: NonNullable<TaskManager["pressure"]>): void {
    for (const tm of this.all) if (index === undefined || tm.index === index) tm.pressure = pressure;
  }

  private failOf(job: JobRun, tm: TaskManager, exception: string, message: string): void {
    if (!job.stalled) return;
    job.fail(this.host.now(), {
      name: `org.apache.flink.runtime.${exception}`,
      message,
      taskName: undefined,
      taskManager: tm.id,
    });
  }

  private forget(tm: TaskManager): void {
    this.set(this.all.filter((t) => t !== tm));
    for (const job of this.host.lives())
      this.failOf(
        job,
        tm,
        "resourcemanager.exceptions.ResourceManagerException",
        `TaskManager with id ${tm.id} is no longer reachable.`,
      );
    this.host.reconsider();
  }

  /** A new process takes the place of a lost one, or joins under a new number. It knows where the leader is. */
  start(index: number): void {
    const others = this.all.filter((t) => t.index !== index);
    const fresh = new TaskManager(this.host.plan, index, this.host.now);
    this.set([...others, fresh].sort((a, b) => a.index - b.index));
    this.host.reconsider();
  }

  /** Their JobManager died: the next one knows none of them yet. */
  lookForLeader(): void {
    for (const tm of this.all) tm.registered = false;
    this.set(this.all);
  }

  /** They found the JobManager that leads now. */
  registerAll(): void {
    for (const tm of this.all) tm.registered = true;
    this.set(this.all);
    this.host.reconsider();
  }

  private set(all: readonly TaskManager[]): void {
    this.all = all;
    this.registered = all.filter((tm) => tm.registered);
  }
}
