import { Failure, type FlinkJobId, type Instant, type Milliseconds } from "../../model/index.ts";
import { flow } from "./physics/flow.ts";
import { TICK_MS } from "./physics/grid.ts";
import { type JobHost, JobRun } from "./physics/job-run.ts";
import { type Placement, parallelismFor, place } from "./physics/slots.ts";
import { noticedAfterMs, TaskManager } from "./physics/task-managers.ts";
import { boundsOf, checkRequirements } from "./requirements.ts";
import { applyTrouble } from "./trouble.ts";
import { Refused, type SimulatedCluster } from "./view.ts";
import type { ClusterPlan, JobPlan, Requirements, World } from "./world.ts";

/** A TaskManager's death breaks the connections of its neighbours' tasks this soon. */
const CONNECTION_LOST_MS = 200;

interface Alarm {
  readonly everyMs: Milliseconds;
  readonly callback: (now: Instant) => void;
}

/**
 * The physics of a whole cluster. Deterministic: the same world and the same requests at the same virtual times
 * give the same run, however `advanceTo` cuts it up. Cost per tick: O(subtasks + partitions).
 */
export class Simulation implements SimulatedCluster, JobHost {
  readonly world: World;
  jobs: readonly JobRun[];
  taskManagers: readonly TaskManager[];
  private at: Instant;
  private readonly alarms: Alarm[] = [];
  /** Things that happen once, in the order of time. */
  private due: { readonly at: Instant; readonly act: () => void }[] = [];
  private readonly coreMs: Float64Array;
  private readonly stretch: Float64Array;
  /** Slots changed hands in this tick. */
  private unsettled = false;

  constructor(world: World) {
    this.world = world;
    this.at = world.epoch;
    const { taskManagers } = world.cluster;
    this.coreMs = new Float64Array(taskManagers);
    this.stretch = new Float64Array(taskManagers).fill(1);
    this.taskManagers = Array.from(
      { length: taskManagers },
      (_, i) => new TaskManager(world.cluster, i, this.now),
    );
    this.jobs = world.jobs.map((plan) => new JobRun(plan, this, world.epoch));
    for (const trouble of world.trouble)
      this.schedule(world.epoch + trouble.atMs, () => applyTrouble(this, trouble));
  }

  get plan(): ClusterPlan {
    return this.world.cluster;
  }

  get epoch(): Instant {
    return this.world.epoch;
  }

  get seed(): number {
    return this.world.seed;
  }

  now = (): Instant => this.at;

  onTick(everyMs: Milliseconds, callback: (now: Instant) => void): void {
    this.alarms.push({ everyMs, callback });
  }

  advanceTo(to: Instant): void {
    while (this.at + TICK_MS <= to) this.tick();
  }

  private tick(): void {
    const now = this.at + TICK_MS;
    this.at = now;
    while (this.due[0] !== undefined && this.due[0].at <= now) this.due.shift()?.act();
    const newSecond = (now - this.epoch) % 1_000 === 0;
    this.coreMs.fill(0);
    for (const job of this.jobs) {
      job.open(now, newSecond);
      if (job.running) flow(job.vertices, TICK_MS, this.stretchOf, job.warmUpAt(now), this.coreMs);
      job.close(now);
    }
    if (this.unsettled) this.reconsider();
    for (const tm of this.taskManagers) {
      tm.share(this.coreMs[tm.index] ?? 0, TICK_MS);
      this.stretch[tm.index] = tm.stretch;
    }
    for (const { everyMs, callback } of this.alarms) if ((now - this.epoch) % everyMs === 0) callback(now);
  }

  private readonly stretchOf = (taskManager: number): number => this.stretch[taskManager] ?? 1;

  /** Acts on the first tick at or after `at`. */
  schedule(at: Instant, act: () => void): void {
    this.due.push({ at, act });
    this.due.sort((a, b) => a.at - b.at);
  }

  jobNamed(name: string): JobRun {
    const job = this.jobs.find((j) => j.name === name);
    if (job === undefined) throw new Failure("not-found", `cannot find the simulated job; got ${name}`);
    return job;
  }

  /** The slots that a job may count on: free ones and its own. */
  private slotsFor(job: JobRun): number {
    return this.taskManagers
      .filter((tm) => tm.alive)
      .reduce((sum, tm) => sum + tm.freeSlots + (tm.used.get(job.id) ?? 0), 0);
  }

  /** What the job would run with now; `undefined`: nothing it would accept. */
  private wishOf(job: JobRun): ReadonlyMap<string, number> | undefined {
    const fixed = (p: number) => ({ lowerBound: p, upperBound: p });
    const requirements =
      job.requirements ?? Object.fromEntries(job.plan.vertices.map((v) => [v.id, fixed(v.parallelism)]));
    return parallelismFor(job.plan.vertices, requirements, this.slotsFor(job));
  }

  place(job: JobRun): Placement | undefined {
    const wish = this.wishOf(job);
    this.unsettled = true;
    return wish === undefined ? undefined : place(job.id, job.plan.vertices, wish, this.taskManagers);
  }

  release(job: JobRun): void {
    for (const tm of this.taskManagers) tm.used.delete(job.id);
  }

  /** After slots or requirements changed: which jobs should run with another parallelism than they do? */
  private reconsider(): void {
    this.unsettled = false;
    for (const job of this.jobs) {
      const wish = job.requirements === undefined ? undefined : this.wishOf(job);
      const differs = job.vertices.some((v) => v.parallelism !== (wish?.get(v.id) ?? v.parallelism));
      job.rescale.want(wish !== undefined && differs);
    }
  }

  putRequirements(id: FlinkJobId, wish: Requirements): void {
    const job = this.jobOf(id);
    checkRequirements(job, wish);
    job.requirements = boundsOf(job, wish);
    this.reconsider();
  }

  /** Submits another job now, as if somebody had deployed it. */
  submit(plan: JobPlan): void {
    this.jobs = [...this.jobs, new JobRun(plan, this, this.at)];
  }

  cancel(id: FlinkJobId): void {
    this.jobOf(id).cancel(this.at);
    this.reconsider();
  }

  triggerCheckpoint(id: FlinkJobId): number {
    const job = this.jobOf(id);
    const refuse = (why: string): never => {
      throw new Refused(500, `org.apache.flink.runtime.checkpoint.CheckpointException: ${why}`);
    };
    if (job.plan.checkpoints === undefined) refuse("Checkpointing has not been enabled.");
    if (!job.running) refuse("Not all required tasks are currently running.");
    const checkpoint = job.checkpoints.trigger(this.at, job.vertices);
    if (checkpoint === undefined) return refuse("The maximum number of queued checkpoint requests exceeded");
    return checkpoint;
  }

  /** From now on this many records per second arrive at every source of the job, whatever its load curve says. */
  setLoad(name: string, rate: number): void {
    for (const broker of this.jobNamed(name).brokers.values()) broker.setRate(rate);
  }

  /** Kills a TaskManager. Its jobs fail when a neighbour's connection breaks, or when its heartbeat is missed. */
  loseTaskManager(index: number, backAfterMs: Milliseconds | undefined): void {
    const tm = this.taskManagers.find((t) => t.index === index && t.alive);
    if (tm === undefined) return;
    tm.lostAt = this.at;
    for (const job of this.jobs) {
      const hosts = new Set(job.vertices.flatMap((v) => v.taskManagers));
      if (!hosts.has(index) || job.state !== "RUNNING") continue;
      job.stalled = true;
      if (hosts.size > 1)
        this.schedule(this.at + CONNECTION_LOST_MS, () =>
          this.failOf(
            job,
            tm,
            "io.network.netty.exception.RemoteTransportException",
            `Connection unexpectedly closed by remote task manager '${tm.id}'.`,
          ),
        );
    }
    this.schedule(this.at + noticedAfterMs(this.plan), () => this.forget(tm));
    if (backAfterMs !== undefined) this.schedule(this.at + backAfterMs, () => this.register(index));
  }

  private failOf(job: JobRun, tm: TaskManager, exception: string, message: string): void {
    if (!job.stalled) return;
    job.fail(this.at, {
      name: `org.apache.flink.runtime.${exception}`,
      message,
      taskName: undefined,
      taskManager: tm.id,
    });
  }

  private forget(tm: TaskManager): void {
    this.taskManagers = this.taskManagers.filter((t) => t !== tm);
    for (const job of this.jobs)
      this.failOf(
        job,
        tm,
        "resourcemanager.exceptions.ResourceManagerException",
        `TaskManager with id ${tm.id} is no longer reachable.`,
      );
    this.reconsider();
  }

  private register(index: number): void {
    const others = this.taskManagers.filter((t) => t.index !== index);
    this.taskManagers = [...others, new TaskManager(this.plan, index, this.now)].sort(
      (a, b) => a.index - b.index,
    );
    this.reconsider();
  }

  private jobOf(id: FlinkJobId): JobRun {
    const job = this.jobs.find((j) => j.id === id);
    if (job === undefined) {
      throw new Refused(404, `org.apache.flink.runtime.rest.NotFoundException: Job ${id} not found`);
    }
    return job;
  }
}
