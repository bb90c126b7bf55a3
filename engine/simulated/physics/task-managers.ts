import type { Instant, Milliseconds } from "../../../model/index.ts";
import type { TaskManagerView } from "../view.ts";
import type { ClusterPlan } from "../world.ts";
import { taskManagerId } from "./vertex-run.ts";

/** Flink gives a silent connection up after two failed heartbeats of a fifth of the timeout each. */
const HEARTBEAT_SHARE = 0.2;
const FAILED_HEARTBEATS_MS = 700;

/** One TaskManager, from its registration until its heartbeat timed out. */
export class TaskManager implements TaskManagerView {
  readonly id: string;
  readonly index: number;
  readonly slots: number;
  readonly cores: number;
  readonly startedAt: Instant;
  /** Slots by job. */
  readonly used = new Map<string, number>();
  /** How much longer CPU work takes here than alone; above 1 the cores are short. */
  stretch = 1;
  coresUsed = 0;
  lostAt: Instant | undefined;
  /** Ids of the jobs that had slots here when it died. */
  readonly heldBy = new Set<string>();
  /** Known to the JobManager that leads: one that lost its own looks for the next one only after a while. */
  registered = true;
  /** Scripted trouble with its memory. */
  pressure: { readonly gcShare: number; readonly heapShare: number; readonly until: Instant } | undefined;
  private readonly now: () => Instant;

  constructor(plan: ClusterPlan, index: number, now: () => Instant) {
    this.id = taskManagerId(index);
    this.index = index;
    this.slots = plan.slotsPerTaskManager;
    this.cores = plan.coresPerTaskManager;
    this.startedAt = now();
    this.now = now;
  }

  get alive(): boolean {
    return this.lostAt === undefined;
  }

  /** Its scripted share of time in collections now. */
  get gcShare(): number {
    return this.pressed?.gcShare ?? 0;
  }

  /** Of its heap, what a collection leaves behind; undefined: what is usual. */
  get heapShare(): number | undefined {
    return this.pressed?.heapShare;
  }

  private get pressed(): TaskManager["pressure"] {
    return this.pressure !== undefined && this.now() < this.pressure.until ? this.pressure : undefined;
  }

  /** How much longer CPU work takes: cores are short, and collectors stop everything. */
  get slowdown(): number {
    return this.pressure === undefined ? this.stretch : this.stretch / (1 - this.gcShare);
  }

  get lastHeartbeatAt(): Instant {
    return this.lostAt ?? this.now();
  }

  get freeSlots(): number {
    let used = 0;
    for (const n of this.used.values()) used += n;
    return this.slots - used;
  }

  /**
   * Shares the cores after a tick in which `coreMs` were wanted: where they are short all tasks stretch until
   * demand meets them. The root damps it: the stretch is a feedback, and a full step would overshoot.
   */
  share(coreMs: number, dt: Milliseconds): void {
    const wanted = coreMs / dt;
    this.coresUsed = Math.min(this.cores, wanted);
    const load = wanted / this.cores;
    if (load > 1 || this.stretch > 1)
      this.stretch = Math.max(1, this.stretch * Math.sqrt(Math.max(load, 1e-3)));
  }
}

/** When Flink notices that a TaskManager is gone: by failed heartbeats, at the latest by their timeout. */
export function noticedAfterMs(plan: ClusterPlan): Milliseconds {
  return Math.min(plan.heartbeatTimeoutMs, plan.heartbeatTimeoutMs * HEARTBEAT_SHARE + FAILED_HEARTBEATS_MS);
}
