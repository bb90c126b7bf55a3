import type { Instant, Milliseconds, VertexId } from "../../../model/index.ts";
import type { CheckpointsView, CheckpointView } from "../view.ts";
import type { CheckpointPlan } from "../world.ts";
import type { EdgeRun } from "./edge-run.ts";
import type { Random } from "./random.ts";
import type { VertexRun } from "./vertex-run.ts";

/** What a completed checkpoint can bring back. */
export interface RestorePoint {
  readonly id: number;
  /** By source: the position in each partition when the barrier started. */
  readonly positions: ReadonlyMap<VertexId, Float64Array>;
  /** By window: records in panes and results not yet sent. */
  readonly windows: Map<VertexId, { readonly pane: number; readonly outbox: number }>;
  /** By edge (`from>to`), unaligned only: records that the barrier overtook. */
  readonly inFlight: Map<string, number>;
}

/** One barrier on its way. */
interface Ongoing extends RestorePoint {
  readonly triggeredAt: Instant;
  readonly isSavepoint: boolean;
  readonly vertices: readonly VertexRun[];
  /** Records that a vertex read behind the barrier in the tick in which it passed: a tick is not cut in two. */
  readonly surplus: Map<VertexId, number>;
  readonly passed: Set<VertexId>;
  stateBytes: number;
  /** When the last subtask will have written its state, as far as known. */
  endsAt: Instant;
}

const KEPT = 10;
/** Fewer records than this before a barrier are rounding. */
const ROUNDING = 1e-6;

/** The checkpoint coordinator of one job. It outlives attempts; a barrier does not. */
export class Checkpoints implements CheckpointsView {
  triggered = 0;
  completed = 0;
  failed = 0;
  history: readonly CheckpointView[] = [];
  latestCompleted: CheckpointView | undefined;
  latestFailed: CheckpointView | undefined;
  restored: CheckpointsView["restored"];
  restorePoint: RestorePoint | undefined;
  /** Until then every checkpoint fails (scripted). */
  failUntil: Instant = 0;
  private readonly plan: CheckpointPlan | undefined;
  private readonly directory: string;
  private ongoing: Ongoing | undefined;
  private nextAt: Instant = Number.POSITIVE_INFINITY;
  private fresh = true;
  private readonly random: Random;

  constructor(plan: CheckpointPlan | undefined, directory: string, random: Random) {
    this.plan = plan;
    this.directory = directory;
    this.random = random;
  }

  /**
   * An attempt runs. After a restart Flink waits for a random part of an interval, so that jobs which restarted
   * together do not checkpoint together (`CheckpointCoordinator.getRandomInitDelay`); a world begins with a whole one.
   */
  started(now: Instant): void {
    const { intervalMs = Number.POSITIVE_INFINITY, minPauseMs = 0 } = this.plan ?? {};
    const least = Math.min(minPauseMs, intervalMs);
    this.nextAt = now + (this.fresh ? intervalMs : least + this.random.next() * (intervalMs - least));
    this.fresh = false;
  }

  get inProgress(): number {
    return this.ongoing === undefined ? 0 : 1;
  }

  /** After the records of a tick have moved: triggers, carries barriers on, completes. True: one completed. */
  tick(now: Instant, vertices: readonly VertexRun[]): boolean {
    const { plan } = this;
    if (plan === undefined) return false;
    if (this.ongoing === undefined && now >= this.nextAt) this.trigger(now, vertices);
    const { ongoing } = this;
    if (ongoing === undefined) return false;
    for (const vertex of vertices) carry(ongoing, vertex, plan, now);
    if (now - ongoing.triggeredAt > plan.timeoutMs) {
      this.fail(now, "Checkpoint expired before completing.");
      return false;
    }
    if (ongoing.passed.size < vertices.length || now < ongoing.endsAt) return false;
    if (now < this.failUntil) {
      this.fail(now, "Asynchronous task checkpoint failed.");
      return false;
    }
    return this.complete(ongoing, plan);
  }

  /** Starts a checkpoint now; its id. `undefined` without checkpointing, or while one is under way. */
  trigger(now: Instant, vertices: readonly VertexRun[]): number | undefined {
    if (this.plan === undefined || this.ongoing !== undefined) return undefined;
    this.triggered += 1;
    const id = this.triggered;
    this.nextAt = now + this.plan.intervalMs;
    const positions = new Map<VertexId, Float64Array>();
    for (const { id: vertex, source } of vertices) {
      if (source !== undefined) positions.set(vertex, source.broker.positions.slice());
    }
    this.ongoing = {
      id,
      positions,
      windows: new Map(),
      inFlight: new Map(),
      triggeredAt: now,
      isSavepoint: false,
      vertices,
      surplus: new Map(),
      passed: new Set(),
      stateBytes: 0,
      endsAt: now,
    };
    this.remember({ ...viewOf(this.ongoing), status: "IN_PROGRESS" });
    return id;
  }

  /** A restart ends a checkpoint that is under way. */
  abort(now: Instant, why: string): void {
    if (this.ongoing !== undefined) this.fail(now, why);
  }

  private fail(now: Instant, why: string): void {
    if (this.ongoing === undefined) return;
    const view: CheckpointView = { ...viewOf(this.ongoing), status: "FAILED", endedAt: now, failure: why };
    for (const { inputs } of this.ongoing.vertices) for (const edge of inputs) edge.beforeBarrier = undefined;
    this.ongoing = undefined;
    this.failed += 1;
    this.latestFailed = view;
    this.remember(view);
  }

  private complete(ongoing: Ongoing, plan: CheckpointPlan): true {
    const { endsAt } = ongoing;
    const view: CheckpointView = {
      ...viewOf(ongoing),
      status: "COMPLETED",
      endedAt: endsAt,
      durationMs: endsAt - ongoing.triggeredAt,
      path: `${this.directory}/chk-${ongoing.id}`,
    };
    this.ongoing = undefined;
    this.completed += 1;
    this.latestCompleted = view;
    this.restorePoint = ongoing;
    this.nextAt = Math.max(this.nextAt, endsAt + plan.minPauseMs);
    this.remember(view);
    return true;
  }

  private remember(view: CheckpointView): void {
    this.history = [view, ...this.history.filter((c) => c.id !== view.id)].slice(0, KEPT);
  }
}

/**
 * An aligned barrier waits behind the records before it; at a join what comes behind it on one edge is not read until
 * the barriers of the others have come, so that a slow input holds a fast one back. The vertex passes it when nothing
 * is left before it. An unaligned one passes at once, and what it overtook is part of the snapshot.
 */
function carry(ongoing: Ongoing, vertex: VertexRun, plan: CheckpointPlan, now: Instant): void {
  if (ongoing.passed.has(vertex.id)) return;
  const { inputs } = vertex;
  if (!plan.unaligned) for (const edge of inputs) arrive(ongoing, edge);
  if (!inputs.every((e) => ongoing.passed.has(e.from.id))) return;
  if (inputs.some((e) => e.beforeBarrier?.some((records) => records > ROUNDING) ?? false)) return;
  const surplus = inputs.reduce((n, e) => n + readBehind(e), 0);
  ongoing.passed.add(vertex.id);
  for (const edge of inputs) edge.beforeBarrier = undefined;
  let bytes = vertex.plan.stateBytes;
  if (vertex.plan.window === undefined) {
    ongoing.surplus.set(vertex.id, surplus);
  } else {
    const pane = Math.max(0, sum(vertex.pane) - surplus);
    ongoing.windows.set(vertex.id, { pane, outbox: sum(vertex.outbox) });
  }
  if (plan.unaligned) {
    for (const edge of inputs) {
      ongoing.inFlight.set(edgeKey(edge), sum(edge.queue));
      bytes += sum(edge.queue) * edge.plan.recordBytes;
    }
  }
  ongoing.stateBytes += bytes;
  const uploadMs = (bytes / vertex.parallelism / plan.bytesPerSecond) * 1_000;
  ongoing.endsAt = Math.max(ongoing.endsAt, now + plan.syncMs + uploadMs);
}

/** The sender has passed the barrier: what it sent stands before it, but for what it had read behind it. */
function arrive(ongoing: Ongoing, edge: EdgeRun): void {
  if (edge.beforeBarrier !== undefined || !ongoing.passed.has(edge.from.id)) return;
  const behind = (ongoing.surplus.get(edge.from.id) ?? 0) * edge.plan.selectivity;
  const even = 1 / edge.queue.length;
  edge.beforeBarrier = edge.queue.map((queued, t) => queued - behind * (edge.share?.[t] ?? even));
}

const readBehind = ({ beforeBarrier }: EdgeRun): number =>
  beforeBarrier?.reduce((n, records) => n + Math.max(0, -records), 0) ?? 0;

export const edgeKey = (edge: EdgeRun): string => `${edge.plan.from}>${edge.plan.to}`;

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

function viewOf(ongoing: Ongoing): CheckpointView {
  return {
    id: ongoing.id,
    status: "IN_PROGRESS",
    isSavepoint: ongoing.isSavepoint,
    triggeredAt: ongoing.triggeredAt,
    endedAt: undefined,
    durationMs: undefined,
    stateBytes: Math.round(ongoing.stateBytes),
    path: undefined,
    failure: undefined,
  };
}

/** Milliseconds that reading the state back takes: subtasks do it side by side. */
export function restoreMs(
  vertices: readonly { readonly stateBytes: number; readonly parallelism: number }[],
  bytesPerSecond: number,
): Milliseconds {
  return Math.max(0, ...vertices.map((v) => (v.stateBytes / v.parallelism / bytesPerSecond) * 1_000));
}
