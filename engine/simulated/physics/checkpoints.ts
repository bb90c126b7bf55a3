import type { Instant, JobState, SavepointFormat } from "../../../model/index.ts";
import type { CheckpointView } from "../view.ts";
import type { CheckpointPlan, JobPlan } from "../world.ts";
import { type Barrier, carry, endBarrier, startBarrier } from "./barrier.ts";
import { CheckpointLog } from "./checkpoint-log.ts";
import { asCheckpointFailure, type Operation } from "./operation.ts";
import type { Random } from "./random.ts";
import type { KeptSnapshot, RestorePoint, SnapshotKeeper } from "./restore-point.ts";
import { Retention } from "./retention.ts";
import { StateFault } from "./state-fault.ts";
import type { VertexRun } from "./vertex-run.ts";

/** From RUNNING until the first checkpoint, where nothing is waited for. */
const SOON_MS = 350;

/** A savepoint that somebody asked for. */
export interface SavepointWish {
  /** A directory in which its own is made. */
  readonly target: string;
  readonly format: SavepointFormat;
  /** What becomes of the job once it is complete. */
  readonly then: "run" | "finish" | "cancel";
  readonly operation: Operation;
}

/** A snapshot is complete; `savepoint` where it is one. */
export interface Completed {
  readonly savepoint: SavepointWish | undefined;
}

interface Ongoing extends Barrier {
  readonly savepoint: SavepointWish | undefined;
}

/** The checkpoint coordinator of one job. It outlives attempts; a barrier does not. */
export class Checkpoints extends CheckpointLog {
  restorePoint: RestorePoint | undefined;
  /** Where the restore point lies; undefined where nothing is written. */
  restoreFrom: KeptSnapshot | undefined;
  /** Until then every checkpoint fails (scripted). */
  failUntil: Instant = 0;
  readonly retention: Retention;
  private readonly plan: CheckpointPlan | undefined;
  private readonly job: JobPlan;
  private readonly keeper: SnapshotKeeper | undefined;
  private lastId = 0;
  private attempt = 0;
  /** First id of this attempt. */
  private since = 1;
  private ongoing: Ongoing | undefined;
  private wishes: readonly SavepointWish[] = [];
  private nextAt: Instant = Number.POSITIVE_INFINITY;
  private fresh = true;
  private readonly random: Random;

  constructor(job: JobPlan, keeper: SnapshotKeeper | undefined, random: Random) {
    super();
    this.job = job;
    this.plan = job.checkpoints;
    this.keeper = this.plan === undefined ? undefined : keeper;
    this.random = random;
    this.retention = new Retention(this.plan, this.keeper);
  }

  /** The job begins with this snapshot: ids go on from it. `claimed`: it is this job's own from now on. */
  beginFrom(point: RestorePoint, kept: KeptSnapshot | undefined, claimed: boolean): void {
    this.restorePoint = point;
    this.restoreFrom = kept;
    this.lastId = point.id;
    if (claimed && kept !== undefined) this.retention.add(point.id, kept);
  }

  /** What a high-availability store knows of the checkpoints of a lost JobManager's job. */
  takeOver(before: Checkpoints): void {
    this.lastId = before.lastId;
    this.restorePoint = before.restorePoint;
    this.restoreFrom = before.restoreFrom;
    for (const { id, kept } of before.retention.snapshots.toReversed()) this.retention.add(id, kept);
  }

  /**
   * An attempt runs. After a restart Flink waits for a random part of an interval, so that jobs which restarted
   * together do not checkpoint together (`CheckpointCoordinator.getRandomInitDelay`); a world begins with a whole one.
   * `soon`: with no wait, as Flink 2.x does after a rescale (seen: 0.2 to 1.2 s in 16 of 16).
   */
  started(now: Instant, attempt: number, soon = false): void {
    this.attempt = attempt;
    this.since = this.lastId + 1;
    const { intervalMs = Number.POSITIVE_INFINITY, minPauseMs = 0 } = this.plan ?? {};
    const least = Math.min(minPauseMs, intervalMs);
    const waits = () => {
      if (this.fresh) return intervalMs;
      return soon ? Math.min(SOON_MS, intervalMs) : least + this.random.next() * (intervalMs - least);
    };
    this.nextAt = now + waits();
    this.fresh = false;
  }

  get inProgress(): number {
    return this.ongoing === undefined ? 0 : 1;
  }

  /** After the records of a tick have moved: triggers, carries barriers on, completes. */
  tick(now: Instant, vertices: readonly VertexRun[]): Completed | undefined {
    const { plan } = this;
    if (plan === undefined) return undefined;
    if (this.ongoing === undefined) this.triggerNext(now, vertices);
    const { ongoing } = this;
    if (ongoing === undefined) return undefined;
    for (const vertex of vertices) carry(ongoing, vertex, plan, now);
    if (now - ongoing.triggeredAt > plan.timeoutMs) {
      this.fail(now, "Checkpoint expired before completing.");
      return undefined;
    }
    if (ongoing.passed.size < vertices.length || now < ongoing.endsAt) return undefined;
    if (now < this.failUntil) {
      this.fail(now, "Asynchronous task checkpoint failed.");
      return undefined;
    }
    return this.complete(ongoing, plan, now);
  }

  private triggerNext(now: Instant, vertices: readonly VertexRun[]): void {
    const [wish, ...rest] = this.wishes;
    if (wish === undefined && now < this.nextAt) return;
    this.wishes = rest;
    this.start(now, vertices, wish);
  }

  /** Starts a checkpoint now; its id. `undefined` without checkpointing, or while one is under way. */
  trigger(now: Instant, vertices: readonly VertexRun[]): number | undefined {
    if (this.plan === undefined || this.ongoing !== undefined) return undefined;
    return this.start(now, vertices, undefined);
  }

  /** A savepoint as soon as no other snapshot is under way. */
  wish(savepoint: SavepointWish): void {
    this.wishes = [...this.wishes, savepoint];
  }

  private start(now: Instant, vertices: readonly VertexRun[], savepoint: SavepointWish | undefined): number {
    const { plan } = this;
    this.lastId += 1;
    const id = this.lastId;
    this.ongoing = { ...startBarrier(id, now, vertices), savepoint };
    if (savepoint === undefined) this.nextAt = now + (plan?.intervalMs ?? Number.POSITIVE_INFINITY);
    this.hasBegun(viewOf(this.ongoing));
    try {
      if (savepoint === undefined) this.keeper?.begin(this.job.id, id);
    } catch (error) {
      this.fail(now, ...reasonOf(error, "Checkpoint triggering failed. IO-problem detected."));
      return id;
    }
    // Sources pass at once: what they send from here on is behind the barrier, whoever asked for it.
    if (plan !== undefined) for (const vertex of vertices) carry(this.ongoing, vertex, plan, now);
    return id;
  }

  /** A restart ends a snapshot that is under way, and those that wait for it. */
  abort(now: Instant, why: string): void {
    if (this.ongoing !== undefined) this.fail(now, why);
    for (const { operation } of this.wishes) operation.fail(asCheckpointFailure(why));
    this.wishes = [];
  }

  /** The JobManager is dead: nobody is told, and what a checkpoint has written so far stays where it is. */
  silence(): void {
    if (this.ongoing !== undefined) endBarrier(this.ongoing);
    this.ongoing = undefined;
    this.wishes = [];
  }

  /** The job has ended: what must not outlive it is deleted. */
  end(state: JobState): void {
    this.markDiscarded(this.retention.end(state));
  }

  private fail(now: Instant, why: string, fault?: StateFault): void {
    const { ongoing } = this;
    if (ongoing === undefined) return;
    const view: CheckpointView = { ...viewOf(ongoing), status: "FAILED", endedAt: now, failure: why };
    endBarrier(ongoing);
    this.ongoing = undefined;
    this.hasFailed(view);
    if (ongoing.savepoint === undefined) this.keeper?.abandon(this.job.id, ongoing.id);
    else ongoing.savepoint.operation.fail(asCheckpointFailure(why, fault));
  }

  private complete(ongoing: Ongoing, plan: CheckpointPlan, now: Instant): Completed | undefined {
    const { endsAt, savepoint } = ongoing;
    let kept: KeptSnapshot | undefined;
    try {
      kept = this.keeper?.write({
        job: this.job,
        point: ongoing,
        kind: savepoint === undefined ? "checkpoint" : "savepoint",
        format: savepoint?.format ?? "canonical",
        target: savepoint?.target,
        attempt: this.attempt,
        since: this.since,
      });
    } catch (error) {
      this.fail(now, ...reasonOf(error, "Failure to finalize checkpoint."));
      return undefined;
    }
    const view: CheckpointView = {
      ...viewOf(ongoing),
      status: "COMPLETED",
      endedAt: endsAt,
      durationMs: endsAt - ongoing.triggeredAt,
      path: kept?.path ?? `file:///checkpoints/${this.job.id}/chk-${ongoing.id}`,
    };
    this.ongoing = undefined;
    this.nextAt = Math.max(this.nextAt, endsAt + plan.minPauseMs);
    this.hasCompleted(view);
    // Flink never restarts a job from a savepoint by itself.
    if (savepoint === undefined) this.keep(ongoing, kept);
    else savepoint.operation.complete(view.path ?? "");
    return { savepoint };
  }

  /** Restarts begin with it from now on; those before it go. */
  private keep(point: RestorePoint, kept: KeptSnapshot | undefined): void {
    this.restorePoint = point;
    this.restoreFrom = kept;
    if (kept !== undefined) this.markDiscarded(this.retention.add(point.id, kept));
  }
}

/** Flink's sentence for the history, and what was thrown below it. */
function reasonOf(error: unknown, sentence: string): [string, StateFault] {
  if (!(error instanceof StateFault)) throw error;
  return [`${sentence} Failure reason: ${error.thrown.message}`, error];
}

function viewOf(ongoing: Ongoing): CheckpointView {
  return {
    id: ongoing.id,
    status: "IN_PROGRESS",
    isSavepoint: ongoing.savepoint !== undefined,
    ...(ongoing.savepoint === undefined ? {} : { format: ongoing.savepoint.format }),
    triggeredAt: ongoing.triggeredAt,
    endedAt: undefined,
    durationMs: undefined,
    stateBytes: Math.round(ongoing.stateBytes),
    path: undefined,
    failure: undefined,
  };
}
