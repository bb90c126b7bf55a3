import type { Parallelism, VertexId } from "../../model/index.ts";

export const SOURCE = "a".repeat(32);
export const WORK = "b".repeat(32);
export const SINK = "c".repeat(32);
/** A step of the simulation; arrivals, pauses and passes are multiples of it. */
const STEP_MS = 100;

export interface LoadOptions {
  readonly startedAt: number;
  /** Records per second that arrive. */
  readonly arrival: number;
  /** Subtasks of `work`; the others have one. */
  readonly parallelism: number;
  /** From accepted requirements until every vertex runs with them; the second half of it nothing runs. */
  readonly rescaleMs: number;
}

interface Counters {
  read: number;
  busy: number;
  idle: number;
  held: number;
}

/** Busy milliseconds per record. `work` is the narrow place: 50 records/s per subtask. */
const COSTS: readonly (readonly [VertexId, number])[] = [
  [SOURCE, 0.1],
  [WORK, 20],
  [SINK, 0.5],
];

/** gen → work → sink: what arrives waits at the source until the slowest vertex takes it. */
export class LoadPhysics {
  arrival: number;
  pending = 0;
  runningSince: number;
  running = true;
  requirements: Record<VertexId, number>;
  parallelism: Record<VertexId, number>;
  /** Accepts requirements and never rescales, as a cluster without slots does. */
  stuck = false;
  private counters = new Map<VertexId, Counters>();
  private at: number;
  private readonly rescaleMs: number;
  private rescaleAt: number | undefined;

  constructor(options: LoadOptions) {
    this.arrival = options.arrival;
    this.rescaleMs = options.rescaleMs;
    this.at = options.startedAt;
    this.runningSince = options.startedAt;
    this.parallelism = { [SOURCE]: 1, [WORK]: options.parallelism, [SINK]: 1 };
    this.requirements = { ...this.parallelism };
  }

  of(id: VertexId): Counters {
    const known = this.counters.get(id) ?? { read: 0, busy: 0, idle: 0, held: 0 };
    this.counters.set(id, known);
    return known;
  }

  /** True when the wish differs from the requirements before. */
  require(wish: Parallelism): boolean {
    const changed = Object.entries(wish).some(([id, p]) => this.requirements[id] !== p);
    this.requirements = { ...wish };
    if (changed) this.rescaleAt = this.at + this.rescaleMs;
    return changed;
  }

  advanceTo(now: number): void {
    while (this.at + STEP_MS <= now) this.step();
  }

  private step(): void {
    this.at += STEP_MS;
    this.pending += (this.arrival * STEP_MS) / 1_000;
    if (this.rescaleAt !== undefined && !this.stuck) {
      this.running = this.at < this.rescaleAt - this.rescaleMs / 2;
      if (this.at >= this.rescaleAt) this.restart();
    }
    if (this.running) this.work();
  }

  /** Begins a new attempt: every counter starts from 0, what waits outside still waits. */
  restart(): void {
    this.rescaleAt = undefined;
    this.running = true;
    this.runningSince = this.at;
    this.parallelism = { ...this.requirements };
    this.counters = new Map();
  }

  private work(): void {
    const capacities = COSTS.map(([id, cost]) => ((this.parallelism[id] ?? 1) * STEP_MS) / cost);
    const narrowest = Math.min(...capacities);
    const flow = Math.min(this.pending, narrowest);
    const bottleneck = this.pending > narrowest ? capacities.indexOf(narrowest) : -1;
    this.pending -= flow;
    for (const [place, [id, cost]] of COSTS.entries()) {
      const counters = this.of(id);
      const busy = flow * cost;
      const rest = (this.parallelism[id] ?? 1) * STEP_MS - busy;
      counters.read += flow;
      counters.busy += busy;
      counters[place < bottleneck ? "held" : "idle"] += rest;
    }
  }
}
