import { type Instant, isTerminal, type JobState, type Milliseconds } from "../../../model/index.ts";
import type { ExceptionView, JobView } from "../view.ts";
import type { ClusterPlan, JobPlan, Requirements } from "../world.ts";
import { deploy } from "./attempt.ts";
import { Checkpoints, restoreMs } from "./checkpoints.ts";
import { endPane } from "./flow.ts";
import { onGrid } from "./grid.ts";
import { createRandom } from "./random.ts";
import { RescaleTrigger } from "./rescale-trigger.ts";
import type { Placement } from "./slots.ts";
import { Broker } from "./source-run.ts";
import type { VertexRun } from "./vertex-run.ts";

const KEPT_EXCEPTIONS = 20;
/** Flink's exponential-delay restart strategy: 1 s, × 1.5, at most 1 min, forgotten after an hour without failures. */
const BACKOFF = { firstMs: 1_000, factor: 1.5, mostMs: 60_000, forgottenMs: 3_600_000 };

/** What a job asks of the cluster around it. */
export interface JobHost {
  readonly plan: ClusterPlan;
  readonly seed: number;
  /** Gives the job's slots back and takes new ones; `undefined` when there are not enough. */
  place(job: JobRun): Placement | undefined;
  release(job: JobRun): void;
}

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
  /** Scripted limits of the outside world, by vertex name or id. */
  readonly limits = new Map<string, { readonly cap: number; readonly until: Instant }>();
  private readonly host: JobHost;
  private attempts = 0;
  /** When the next attempt may begin; `undefined` while one runs. */
  private resumeAt: Instant | undefined;
  /** When the tasks of this attempt begin to read, and now. */
  private readsFrom: Instant = 0;
  private at: Instant = 0;
  private backoff: { readonly ms: Milliseconds; readonly at: Instant } | undefined;
  private readonly panes = new Map<string, number>();

  constructor(plan: JobPlan, host: JobHost, now: Instant) {
    this.plan = plan;
    this.host = host;
    this.startTime = now;
    this.timestamps = { INITIALIZING: now, CREATED: now };
    this.brokers = new Map(
      plan.vertices.flatMap((v) =>
        v.source === undefined ? [] : [[v.id, new Broker(v.source, now)] as const],
      ),
    );
    const random = createRandom(host.seed, `${plan.id}/checkpoints`);
    this.checkpoints = new Checkpoints(plan.checkpoints, `file:///checkpoints/${plan.id}`, random);
    this.rescale = new RescaleTrigger(host.plan, plan.checkpoints !== undefined);
    const bounds = (p: number) => ({ lowerBound: 1, upperBound: p });
    this.requirements =
      host.plan.scheduler === "adaptive"
        ? Object.fromEntries(plan.vertices.map((v) => [v.id, bounds(v.parallelism)]))
        : undefined;
    this.resumeAt = now;
    this.begin(now);
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
    if (newSecond) for (const vertex of this.vertices) vertex.drawNoise();
    for (const [name, { cap, until }] of this.limits) {
      const vertex = this.vertices.find((v) => v.plan.name === name || v.id === name);
      if (vertex !== undefined) vertex.trouble = now < until ? cap : undefined;
      if (now >= until) this.limits.delete(name);
    }
  }

  /** After the records of a tick have moved. */
  close(now: Instant): void {
    if (!this.running) return;
    this.endPanes(now);
    const completed = this.checkpoints.tick(now, this.vertices);
    if (this.rescale.fires(now, completed)) {
      this.rescales += 1;
      this.restart(now, 0);
    }
  }

  private endPanes(now: Instant): void {
    for (const vertex of this.vertices) {
      if (vertex.plan.window === undefined) continue;
      const pane = Math.floor(now / vertex.plan.window.sizeMs);
      if (pane !== (this.panes.get(vertex.id) ?? pane)) endPane(vertex);
      this.panes.set(vertex.id, pane);
    }
  }

  /** Something threw. Without checkpoints Flink has no restart strategy by default: then the job has failed. */
  fail(now: Instant, exception: Omit<ExceptionView, "at">): void {
    if (isTerminal(this.state)) return;
    this.exceptions = [{ at: now, ...exception }, ...this.exceptions].slice(0, KEPT_EXCEPTIONS);
    if (this.plan.checkpoints === undefined) {
      this.end("FAILED", now);
      return;
    }
    const last = this.backoff;
    const grown =
      last === undefined || now - last.at > BACKOFF.forgottenMs ? BACKOFF.firstMs : last.ms * BACKOFF.factor;
    this.backoff = { ms: Math.min(BACKOFF.mostMs, grown), at: now };
    this.restart(now, this.backoff.ms);
  }

  cancel(now: Instant): void {
    if (isTerminal(this.state)) return;
    this.checkpoints.abort(now, "The job is canceled.");
    this.timestamps = { ...this.timestamps, CANCELLING: now };
    this.end("CANCELED", now);
  }

  private end(state: "CANCELED" | "FAILED", now: Instant): void {
    this.host.release(this);
    this.resumeAt = undefined;
    this.stalled = false;
    this.enter(state, now);
    this.endTime = now;
  }

  private restart(now: Instant, delayMs: Milliseconds): void {
    this.checkpoints.abort(now, "The job is restarting.");
    this.restarts += 1;
    this.stalled = false;
    this.enter("RESTARTING", now);
    const { baseMs, bytesPerSecond } = this.plan.restart;
    const states = this.vertices.map((v) => ({
      stateBytes: v.plan.stateBytes,
      parallelism: this.nextParallelism(v),
    }));
    this.resumeAt = now + delayMs + baseMs + restoreMs(states, bytesPerSecond);
  }

  private nextParallelism(vertex: VertexRun): number {
    return this.requirements?.[vertex.id]?.upperBound ?? vertex.parallelism;
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
    this.readsFrom = now + (this.attempts === 1 ? 0 : onGrid(this.plan.restart.startMs));
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
    if (from !== undefined) this.checkpoints.restored = { id: from.id, at: now, isSavepoint: false };
    this.resumeAt = undefined;
    this.enter("RUNNING", now);
    this.rescale.started(now);
    this.checkpoints.started(now);
  }

  private enter(state: JobState, now: Instant): void {
    this.state = state;
    this.timestamps = { ...this.timestamps, [state]: now };
  }
}
