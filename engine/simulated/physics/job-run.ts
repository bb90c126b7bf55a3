import { type Instant, isTerminal, type JobState, type Milliseconds } from "../../../model/index.ts";
import type { ExceptionView, JobView } from "../view.ts";
import type { JobPlan, Requirements } from "../world.ts";
import { deploy } from "./attempt.ts";
import { type BadLuck, thrownNow } from "./bad-luck.ts";
import { Checkpoints } from "./checkpoints.ts";
import { onGrid } from "./grid.ts";
import type { JobHost, JobOrigin, JobStart } from "./job-start.ts";
import { Panes } from "./panes.ts";
import { createRandom } from "./random.ts";
import { isFlink2, RescaleTrigger } from "./rescale-trigger.ts";
import { deploymentMs } from "./restart-pause.ts";
import { Restarts } from "./restart-strategy.ts";
import type { RestorePoint } from "./restore-point.ts";
import { Broker } from "./source-run.ts";
import { StateFault } from "./state-fault.ts";
import { taskOf, userException } from "./user-code.ts";
import type { VertexRun } from "./vertex-run.ts";

const KEPT_EXCEPTIONS = 20;

/** One job from its submission to its end: its attempts, restarts and rescales. */
export class JobRun implements JobView {
  readonly plan: JobPlan;
  readonly startTime: Instant;
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly checkpoints: Checkpoints;
  readonly rescale: RescaleTrigger;
  state: JobState = "CREATED";
  endTime: Instant | undefined;
  timestamps: Partial<Record<JobState, Instant>>;
  restarts = 0;
  rescales = 0;
  vertices: readonly VertexRun[] = [];
  exceptions: readonly ExceptionView[] = [];
  requirements: Requirements | undefined;
  /** Tasks of it are dead, and Flink has not noticed yet. */
  stalled = false;
  /** Its JobManager is dead, its tasks are not: they work on until they notice. */
  orphaned = false;
  /** Scripted limits of the outside world, by vertex name or id. */
  readonly limits = new Map<string, { readonly cap: number; readonly until: Instant }>();
  private readonly host: JobHost<JobRun>;
  private attempts = 0;
  /** The restart under way is a rescale. */
  private rescaling = false;
  /** When the next attempt may begin; `undefined` while one runs. */
  private resumeAt: Instant | undefined;
  /** When the tasks of this attempt begin to read, and now. */
  private readsFrom: Instant = 0;
  private at: Instant = 0;
  private readonly badLuck: BadLuck;
  private readonly strategy: Restarts;
  private readonly origin: JobOrigin | undefined;
  /** Where this attempt began to read, by source. */
  private beganAt: ReadonlyMap<string, number> = new Map();
  private readonly panes = new Panes();

  constructor(plan: JobPlan, host: JobHost<JobRun>, now: Instant, start: JobStart) {
    this.plan = plan;
    this.host = host;
    this.badLuck = start.badLuck;
    this.origin = start.from;
    this.strategy = new Restarts(plan.restart.strategy, plan.checkpoints !== undefined);
    this.startTime = now;
    this.timestamps = { INITIALIZING: now, CREATED: now };
    this.brokers = new Map([...start.outside].map(([id, topic]) => [id, new Broker(topic)]));
    const random = createRandom(host.seed, `${plan.id}/checkpoints`);
    this.checkpoints = new Checkpoints(plan, host.keeper, random);
    const { from } = start;
    if (from !== undefined) this.checkpoints.beginFrom(from.point, from.kept, from.claimed);
    this.rescale = new RescaleTrigger(host.plan, plan.checkpoints !== undefined);
    const bounds = (p: number) => ({ lowerBound: 1, upperBound: p });
    this.requirements =
      host.plan.scheduler === "adaptive"
        ? Object.fromEntries(plan.vertices.map((v) => [v.id, bounds(v.parallelism)]))
        : undefined;
    this.resumeAt = now + (start.cold ? this.deploymentMs() : 0);
    if (start.cold) this.attempts = 1;
    else this.begin(now);
  }

  get id(): string {
    return this.plan.id;
  }

  get name(): string {
    return this.plan.name;
  }

  /** Its records move. */
  get running(): boolean {
    return this.state === "RUNNING" && !this.stalled && this.at > this.readsFrom;
  }

  /** Its tasks are at work, whether or not a JobManager knows. */
  get working(): boolean {
    return this.state === "RUNNING" && !this.stalled;
  }

  /** What every record costs more than it will, shortly after a start. */
  warmUpAt(now: Instant): number {
    const { warmUpMs, warmUpFactor } = this.plan.restart;
    const since = now - (this.timestamps.RUNNING ?? now);
    return warmUpMs <= 0 || since >= warmUpMs ? 1 : warmUpFactor + ((1 - warmUpFactor) * since) / warmUpMs;
  }

  /** Before the records of a tick move. */
  open(now: Instant, newSecond: boolean): void {
    this.at = now;
    for (const broker of this.brokers.values()) broker.advanceTo(now);
    if (this.resumeAt !== undefined && now >= this.resumeAt) this.begin(now);
    if (!this.running) return;
    for (const vertex of this.vertices) {
      if (newSecond) vertex.drawNoise();
      vertex.demandAt(now - this.host.epoch, this.host.tickMs);
    }
    for (const [name, { cap, until }] of this.limits) {
      const vertex = this.vertices.find((v) => v.plan.name === name || v.id === name);
      if (vertex !== undefined) vertex.trouble = now < until ? cap : undefined;
      if (now >= until) this.limits.delete(name);
    }
  }

  /** After the records of a tick have moved. */
  close(now: Instant): void {
    if (!this.running) return;
    this.panes.endAt(now, this.vertices);
    const ranMs = now - this.readsFrom;
    const thrown = thrownNow(this.badLuck, { now, ranMs, beganAt: this.beganAt, brokers: this.brokers });
    if (thrown !== undefined) {
      this.fail(now, userException(thrown, this.vertices, this.name));
      return;
    }
    if (this.orphaned) return;
    const completed = this.checkpoints.tick(now, this.vertices);
    if (completed?.savepoint?.then === "finish") this.end("FINISHED", now);
    else if (completed?.savepoint?.then === "cancel") this.cancel(now);
    else if (this.rescale.fires(now, completed !== undefined && completed.savepoint === undefined)) {
      this.rescales += 1;
      this.rescaling = true;
      this.restart(now, 0);
    }
  }

  /** Something threw. `terminal`: no restart strategy is asked. */
  fail(now: Instant, exception: Omit<ExceptionView, "at">, terminal = false): void {
    if (isTerminal(this.state)) return;
    // Nobody is there who would be told, or who would start the tasks again.
    if (this.orphaned) this.stalled = true;
    if (this.orphaned) return;
    this.exceptions = [{ at: now, ...exception }, ...this.exceptions].slice(0, KEPT_EXCEPTIONS);
    this.rescaling = false;
    const delayMs = terminal ? undefined : this.strategy.afterFailure(now);
    if (delayMs !== undefined) {
      this.restart(now, delayMs);
      return;
    }
    this.checkpoints.abort(now, "The job has failed.");
    this.timestamps = { ...this.timestamps, FAILING: now };
    this.end("FAILED", now);
  }

  /** The strategy's name, for those who read why it did not start the job again. */
  get strategyName(): string {
    return this.strategy.name;
  }

  cancel(now: Instant): void {
    if (isTerminal(this.state)) return;
    this.checkpoints.abort(now, "The job is canceled.");
    this.timestamps = { ...this.timestamps, CANCELLING: now };
    this.end("CANCELED", now);
  }

  /** The same job under the next JobManager, which still has to deploy it. Its checkpoints are to be handed over. */
  again(now: Instant): JobRun {
    const outside = new Map([...this.brokers].map(([id, { topic }]) => [id, topic]));
    const next = new JobRun(this.plan, this.host, now, { outside, cold: true, badLuck: this.badLuck });
    next.requirements = this.requirements;
    return next;
  }

  /** Its JobManager died: nothing is coordinated any more. */
  orphan(): void {
    this.orphaned = true;
    this.checkpoints.silence();
  }

  private end(state: "CANCELED" | "FAILED" | "FINISHED", now: Instant): void {
    this.host.release(this);
    this.resumeAt = undefined;
    this.stalled = false;
    this.enter(state, now);
    this.endTime = now;
    this.checkpoints.end(state);
  }

  private restart(now: Instant, delayMs: Milliseconds): void {
    this.checkpoints.abort(now, "The job is restarting.");
    this.restarts += 1;
    this.stalled = false;
    this.enter("RESTARTING", now);
    this.resumeAt = now + delayMs + this.deploymentMs();
  }

  /** Cancel and deploy, and read the state back. */
  private deploymentMs(): Milliseconds {
    const own = new Map(this.plan.vertices.map((v) => [v.id, v.parallelism]));
    return deploymentMs(this.plan, (id) => this.requirements?.[id]?.upperBound ?? own.get(id) ?? 1);
  }

  /** Begins an attempt, or goes on waiting for slots. */
  private begin(now: Instant): void {
    if (this.state === "RESTARTING") this.enter("CREATED", now);
    this.host.release(this);
    const placement = this.host.place(this);
    if (placement === undefined) return;
    const from = this.checkpoints.restorePoint;
    this.attempts += 1;
    // The very first start is over when the world begins.
    this.readsFrom = now + (this.attempts === 1 ? 0 : onGrid(this.plan.restart.startMs, this.host.tickMs));
    this.vertices = deploy({
      job: this.plan,
      cluster: this.host.plan,
      placement,
      brokers: this.brokers,
      startedAt: this.readsFrom,
      seed: this.host.seed,
      number: this.attempts,
      from,
    });
    this.beganAt = new Map([...this.brokers].map(([id, broker]) => [id, broker.position]));
    if (from !== undefined) this.checkpoints.restored = this.restoredView(from, now);
    this.resumeAt = undefined;
    this.enter("RUNNING", now);
    this.rescale.started(now);
    this.checkpoints.started(now, this.attempts, this.rescaling && isFlink2(this.host.plan));
    this.rescaling = false;
    const fault = this.brokenState();
    if (fault !== undefined) this.fail(now, { ...fault, ...taskOf(this.vertices) });
  }

  /** Flink says of a retained checkpoint too that it is a savepoint, once a new job was started from it. */
  private restoredView(from: RestorePoint, now: Instant): NonNullable<JobView["checkpoints"]["restored"]> {
    const { origin } = this;
    return origin?.point === from
      ? { id: from.id, at: now, isSavepoint: true, path: origin.path }
      : { id: from.id, at: now, isSavepoint: false };
  }

  /** Why the tasks cannot read their state back; undefined: they can. */
  private brokenState(): (Pick<ExceptionView, "name" | "message" | "causes"> & object) | undefined {
    const { restoreFrom } = this.checkpoints;
    if (restoreFrom === undefined) return undefined;
    try {
      this.host.keeper?.check(restoreFrom);
      return undefined;
    } catch (error) {
      if (!(error instanceof StateFault)) throw error;
      return { ...error.thrown, causes: error.causes };
    }
  }

  private enter(state: JobState, now: Instant): void {
    this.state = state;
    this.timestamps = { ...this.timestamps, [state]: now };
  }
}
