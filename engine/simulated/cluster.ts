import { Failure, type FlinkJobId, type Instant, isTerminal, type Milliseconds } from "../../model/index.ts";
import { Allocation } from "./allocation.ts";
import { arrivalRateOf, backlogOf, slotsOf } from "./job-figures.ts";
import { JobManager } from "./job-manager.ts";
import { JobNames } from "./job-names.ts";
import { launch } from "./launch.ts";
import { Machines } from "./machines.ts";
import type { BadLuck } from "./physics/bad-luck.ts";
import { flow } from "./physics/flow.ts";
import { TICK_MS, TICKS_MS } from "./physics/grid.ts";
import { JobRun } from "./physics/job-run.ts";
import type { JobHost } from "./physics/job-start.ts";
import type { Operation } from "./physics/operation.ts";
import type { Placement } from "./physics/slots.ts";
import type { TaskManager } from "./physics/task-managers.ts";
import { type JobProgress, progressOf } from "./progress.ts";
import { boundsOf, checkRequirements } from "./requirements.ts";
import { disposalOf, savepointOf } from "./savepoints.ts";
import { createSnapshotFolder, type SnapshotFolder } from "./snapshots/folder.ts";
import { applyTrouble } from "./trouble.ts";
import { Refused, type RunRequest, type SavepointRequest, type SimulatedCluster } from "./view.ts";
import type { ClusterPlan, JobPlan, Requirements, Trouble, World } from "./world.ts";

interface Alarm {
  readonly everyMs: Milliseconds;
  readonly callback: (now: Instant) => void;
}

/**
 * The physics of a whole cluster. Deterministic: the same world and the same requests at the same virtual times
 * give the same run, however `advanceTo` cuts it up. Cost per tick: O(subtasks + partitions).
 */
export class Simulation implements SimulatedCluster, JobHost<JobRun> {
  readonly world: World;
  readonly tickMs: Milliseconds;
  readonly machines: Machines;
  readonly jobManager: JobManager;
  /** Snapshots on disk; undefined where the world has no storage. */
  readonly keeper: SnapshotFolder | undefined;
  /** Those that the JobManager knows. */
  jobs: readonly JobRun[];
  /** Jobs without a JobManager whose tasks have not noticed yet. */
  orphans: readonly JobRun[] = [];
  /** What outlives the single job of a name. */
  readonly names = new JobNames();
  private at: Instant;
  private readonly alarms: Alarm[] = [];
  /** Things that happen once, in the order of time. */
  private due: { readonly at: Instant; readonly act: () => void }[] = [];
  private coreMs: Float64Array;
  private stretch: Float64Array;
  private readonly allocation: Allocation;

  constructor(world: World) {
    this.world = world;
    this.tickMs = world.tickMs ?? TICK_MS;
    if (!TICKS_MS.includes(this.tickMs)) {
      const expected = `expected one of ${TICKS_MS.join(", ")}`;
      throw new Failure("bad-config", `cannot run the world: tickMs; got ${this.tickMs}; ${expected}`);
    }
    this.at = world.epoch;
    this.coreMs = new Float64Array(world.cluster.taskManagers);
    this.stretch = new Float64Array(world.cluster.taskManagers).fill(1);
    this.keeper = createSnapshotFolder(world, this.now);
    this.machines = new Machines(this);
    this.allocation = new Allocation(this.machines);
    this.jobManager = new JobManager(this);
    this.jobs = world.jobs.map((plan) => this.created(plan, false));
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

  get taskManagers(): readonly TaskManager[] {
    return this.machines.registered;
  }

  now = (): Instant => this.at;

  onTick(everyMs: Milliseconds, callback: (now: Instant) => void): void {
    this.alarms.push({ everyMs, callback });
  }

  advanceTo(to: Instant): void {
    while (this.at + this.tickMs <= to) this.tick();
  }

  private tick(): void {
    const { tickMs } = this;
    const now = this.at + tickMs;
    this.at = now;
    while (this.due[0] !== undefined && this.due[0].at <= now) this.due.shift()?.act();
    const newSecond = (now - this.epoch) % 1_000 === 0;
    this.coreMs.fill(0);
    for (const job of this.lives()) {
      job.open(now, newSecond);
      if (job.running) flow(job.vertices, tickMs, this.stretch, job.warmUpAt(now), this.coreMs);
      job.close(now);
    }
    if (this.allocation.unsettled) this.reconsider();
    for (const tm of this.machines.all) {
      tm.share(this.coreMs[tm.index] ?? 0, tickMs);
      this.stretch[tm.index] = tm.slowdown;
    }
    // One job at a time cannot be two copies; worlds that lose nothing pay nothing for this.
    if (this.orphans.length > 0 || this.jobs.length !== this.world.jobs.length)
      this.names.countCopies(this.lives());
    for (const { everyMs, callback } of this.alarms) if ((now - this.epoch) % everyMs === 0) callback(now);
  }

  /** Acts on the first tick at or after `at`. */
  schedule(at: Instant, act: () => void): void {
    this.due.push({ at, act });
    this.due.sort((a, b) => a.at - b.at);
  }

  /** Every job that has or may have tasks, whether a JobManager knows it or not. */
  lives(): readonly JobRun[] {
    return this.orphans.length === 0 ? this.jobs : [...this.orphans, ...this.jobs];
  }

  /** The one that lives, else the newest of that name. */
  jobNamed(name: string): JobRun {
    const named = this.jobs.filter((j) => j.name === name);
    const job = named.findLast((j) => !isTerminal(j.state)) ?? named.at(-1);
    if (job === undefined) throw new Failure("not-found", `cannot find the simulated job; got ${name}`);
    return job;
  }

  /** Copies of a job whose tasks work now, orphans included: two are one too many. */
  liveCopies(name: string): number {
    return this.names.liveCopies(name, this.lives());
  }

  /** The most copies of a job that ever worked at the same time. */
  mostLiveCopies(name: string): number {
    return Math.max(this.names.mostLiveCopies(name), this.liveCopies(name));
  }

  /** How often a job was submitted while the simulation ran, by name. */
  get submissions(): ReadonlyMap<string, number> {
    return this.names.submissions;
  }

  /** Every life of every job, orphans first. */
  progress(): readonly JobProgress[] {
    return this.lives().map(progressOf);
  }

  /** Records per second that arrive now at all sources of a job together. */
  arrivalRate(name: string): number {
    return arrivalRateOf(this.jobNamed(name));
  }

  /** Records at the sources that a job has not done with, in flight ones included: divided by the arrival rate it is the lag. */
  backlog(name: string): number {
    return backlogOf(this.jobNamed(name));
  }

  /** Slots that a job holds now. */
  slotsOf(name: string): number {
    return slotsOf(this.jobNamed(name), this.machines.all);
  }

  luckOf(name: string): BadLuck {
    return this.names.luckOf(name);
  }

  private created(plan: JobPlan, cold: boolean): JobRun {
    return new JobRun(plan, this, this.at, {
      outside: this.names.outsideOf(plan, this.at),
      cold,
      badLuck: this.luckOf(plan.name),
    });
  }

  place(job: JobRun): Placement | undefined {
    return this.allocation.place(job);
  }

  release(job: JobRun): void {
    this.allocation.release(job);
  }

  reconsider(): void {
    this.allocation.reconsider(this.jobs);
  }

  putRequirements(id: FlinkJobId, wish: Requirements): void {
    const job = this.jobOf(id);
    checkRequirements(job, wish);
    job.requirements = boundsOf(job, wish);
    this.reconsider();
  }

  /** Submits another job now, as if somebody had deployed it: with empty state, and with topics that begin now. */
  submit(plan: JobPlan): void {
    this.names.forgetOutside(plan.name);
    this.jobs = [...this.jobs, this.created(plan, false)];
  }

  run(request: RunRequest): FlinkJobId {
    const job = launch(this, request);
    this.jobs = [...this.jobs, job];
    this.names.submitted(job.name);
    return job.id;
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

  triggerSavepoint(id: FlinkJobId, wish: SavepointRequest): Operation {
    return savepointOf(
      this.jobs.find((j) => j.id === id),
      id,
      wish,
      this.plan.storage,
    );
  }

  disposeSavepoint(path: string): Operation {
    return disposalOf(this.keeper, path);
  }

  /** From now on this many records per second arrive at every source of the job, whatever its load curve says. */
  setLoad(name: string, rate: number): void {
    for (const broker of this.jobNamed(name).brokers.values()) broker.setRate(rate);
  }

  /** Something that goes wrong now; kinds that only spoil replies do nothing here. */
  applyTrouble(trouble: Trouble): void {
    applyTrouble(this, trouble);
  }

  /** Another TaskManager joins the cluster. */
  addTaskManager(): void {
    const index = Math.max(-1, ...this.machines.all.map((tm) => tm.index)) + 1;
    if (index >= this.coreMs.length) {
      this.coreMs = new Float64Array(index + 1);
      this.stretch = Float64Array.from({ length: index + 1 }, (_, i) => this.stretch[i] ?? 1);
    }
    this.machines.start(index);
  }

  /** The JobManager died: what it knew is gone; jobs whose tasks work on are orphans now. Returns all of them. */
  orphanAll(): readonly JobRun[] {
    const lost = this.jobs;
    for (const job of lost) job.orphan();
    this.orphans = [...this.orphans, ...lost.filter((job) => job.working)];
    for (const job of lost) if (!job.working) this.release(job);
    this.jobs = [];
    return lost;
  }

  /** The TaskManagers give up waiting for the JobManager, and their tasks with it. */
  endOrphans(lost: readonly JobRun[]): void {
    for (const job of this.orphans) if (lost.includes(job)) this.release(job);
    this.orphans = this.orphans.filter((job) => !lost.includes(job));
  }

  /** The next JobManager takes these jobs over. */
  adopt(successors: readonly ((now: Instant) => JobRun)[]): void {
    this.jobs = [...this.jobs, ...successors.map((successor) => successor(this.at))];
  }

  private jobOf(id: FlinkJobId): JobRun {
    const job = this.jobs.find((j) => j.id === id);
    if (job === undefined) {
      throw new Refused(404, `org.apache.flink.runtime.rest.NotFoundException: Job ${id} not found`);
    }
    return job;
  }
}
