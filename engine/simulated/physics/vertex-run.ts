import type { Instant, Milliseconds } from "../../../model/index.ts";
import type { SubtaskView, VertexView } from "../view.ts";
import type { VertexPlan } from "../world.ts";
import type { EdgeRun } from "./edge-run.ts";
import { noiseFactor, type Random } from "./random.ts";
import { type Service, serviceOf } from "./service.ts";
import type { SourceRun } from "./source-run.ts";

/** One vertex during one attempt. Arrays have one entry per subtask; times in ms, records are fractions. */
export class VertexRun implements VertexView {
  readonly plan: VertexPlan;
  readonly parallelism: number;
  readonly startedAt: Instant;
  readonly source: SourceRun | undefined;
  readonly inputs: EdgeRun[] = [];
  readonly outputs: EdgeRun[] = [];
  readonly read: Float64Array;
  readonly written: Float64Array;
  readonly busyMs: Float64Array;
  readonly idleMs: Float64Array;
  readonly backPressuredMs: Float64Array;
  /** Index of the TaskManager of each subtask. */
  readonly taskManagers: readonly number[];
  /** Scratch of one tick: what could be read at most, then what may be read. */
  readonly flow: Float64Array;
  readonly available: Float64Array;
  /** Scratch: what part of everything readable is read. */
  readonly wanted: Float64Array;
  readonly costMs: Float64Array;
  /** Scratch: 0..1, what part of the output fits behind; under 1 the subtask is back-pressured. */
  readonly passing: Float64Array;
  /** Windows only: records of the open pane, and results that wait to go out. */
  readonly pane: Float64Array;
  readonly outbox: Float64Array;
  /** True in a tick in which the outside took no more. */
  capped = false;
  /** Records that its state had counted when this attempt began. */
  restored = 0;
  /** Ticks that this attempt has run. */
  ticks = 0;
  /** Records written per record done: what several outputs with the same records carry counts once. */
  writes = 0;
  /** Busy time that no record causes, of each subtask in this tick; and what it reads however busy that keeps it. */
  reservedMs = 0;
  leastRead = 0;
  /** Scripted limit of the outside world, beside the plan's own; undefined: none. */
  trouble: number | undefined;
  readonly service: Service;
  /** Of each subtask against that cost: fixed for the attempt, and × drawn for the present second. */
  private readonly fixed: Float64Array;
  readonly noise: Float64Array;
  private readonly random: Random;
  private inputWatermark: { readonly ticks: number; readonly at: Instant | undefined } | undefined;

  constructor(options: {
    readonly plan: VertexPlan;
    readonly taskManagers: readonly number[];
    readonly startedAt: Instant;
    readonly source: SourceRun | undefined;
    readonly random: Random;
  }) {
    const { plan, taskManagers } = options;
    const p = taskManagers.length;
    const zeros = (): Float64Array => new Float64Array(p);
    this.plan = plan;
    this.parallelism = p;
    this.taskManagers = taskManagers;
    this.startedAt = options.startedAt;
    this.source = options.source;
    this.random = options.random;
    this.read = zeros();
    this.written = zeros();
    this.busyMs = zeros();
    this.idleMs = zeros();
    this.backPressuredMs = zeros();
    this.flow = zeros();
    this.available = zeros();
    this.wanted = zeros();
    this.costMs = zeros();
    this.pane = zeros();
    this.outbox = zeros();
    this.passing = zeros().fill(1);
    this.fixed = zeros().map(() => noiseFactor(this.random, plan.subtaskNoise));
    this.noise = this.fixed.slice();
    this.service = serviceOf(plan, p, this.random);
  }

  /** All its outputs are there. */
  connected(): void {
    for (const selectivity of new Set(this.outputs.map((edge) => edge.plan.selectivity)))
      this.writes += selectivity;
  }

  /** How busy it is kept beside its records in a tick that ends `ms` after the epoch. */
  demandAt(ms: Milliseconds, dt: Milliseconds): void {
    const { busyDemand } = this.plan;
    if (busyDemand === undefined) return;
    const demand = busyDemand.subtasks.rateAt(ms);
    this.reservedMs = dt * Math.min(1, demand / this.parallelism);
    this.leastRead = (busyDemand.recordsPerSecond * dt) / 1_000 / Math.max(this.parallelism, demand);
  }

  get id(): string {
    return this.plan.id;
  }

  /** New noise; called once per second of virtual time. */
  drawNoise(): void {
    if (this.plan.noise === 0) return;
    for (let i = 0; i < this.parallelism; i++)
      this.noise[i] = (this.fixed[i] ?? 1) * noiseFactor(this.random, this.plan.noise);
  }

  /** Records per second that the outside takes now. */
  get cap(): number {
    return Math.min(this.plan.cap ?? Number.POSITIVE_INFINITY, this.trouble ?? Number.POSITIVE_INFINITY);
  }

  /** Records that it has worked on, those before a restore included where its state counts them. */
  get processed(): number {
    return this.read.reduce((sum, one) => sum + one, this.restored);
  }

  queuedAt(i: number): number {
    let sum = 0;
    for (const edge of this.inputs) sum += edge.queue[i] ?? 0;
    return sum;
  }

  get subtasks(): readonly SubtaskView[] {
    const watermarkOf = this.watermarks();
    return Array.from(this.read, (read, i) => {
      const room = this.inputs.reduce((sum, edge) => sum + edge.capacity, 0);
      const queued = this.queuedAt(i);
      return {
        index: i,
        taskManager: taskManagerId(this.taskManagers[i] ?? 0),
        readRecords: Math.floor(read),
        // Rounded up where reads are rounded down: nobody may seem to read what was not written.
        writeRecords: Math.ceil((this.written[i] ?? 0) - 1e-6),
        busyMs: this.busyMs[i] ?? 0,
        idleMs: this.idleMs[i] ?? 0,
        backPressuredMs: this.backPressuredMs[i] ?? 0,
        startedAt: this.startedAt,
        queued,
        inPoolUsage: room === 0 ? 0 : Math.min(1, queued / room),
        pendingRecords: this.source === undefined ? undefined : Math.floor(this.source.pendingOf(i)),
        partitions: this.source?.partitionsOf(i) ?? [],
        watermark: watermarkOf(i),
      };
    });
  }

  /** Event time that all of its inputs have reached; undefined while they have sent nothing. */
  get inputEventTime(): Instant | undefined {
    return this.leastInputWatermark();
  }

  /** Event time reached: of a source by the age of its backlog, elsewhere the least of what feeds it. */
  private watermarks(): (i: number) => Instant | undefined {
    const { source } = this;
    const of = source === undefined ? () => this.leastInputWatermark() : (i: number) => source.eventTimeOf(i);
    return (i) => ((this.read[i] ?? 0) > 0 ? of(i) : undefined);
  }

  private leastInputWatermark(): Instant | undefined {
    // Remembered for the tick: in a graph of diamonds every path would be walked otherwise.
    if (this.inputWatermark?.ticks === this.ticks) return this.inputWatermark.at;
    let at: Instant | undefined;
    for (const { from } of this.inputs) {
      const of = from.watermarks();
      for (let i = 0; i < from.parallelism; i++) {
        const one = of(i);
        if (one !== undefined && (at === undefined || one < at)) at = one;
      }
    }
    this.inputWatermark = { ticks: this.ticks, at };
    return at;
  }
}

export const taskManagerId = (index: number): string => `tm-${index + 1}`;
