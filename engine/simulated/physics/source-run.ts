import type { Instant } from "../../../model/index.ts";
import type { LoadCurve, SourcePlan } from "../world.ts";

/** The outside of a source: partitions that fill whether the job runs or not. It outlives attempts. */
export class Broker {
  readonly plan: SourcePlan;
  readonly epoch: Instant;
  /** Records of each partition that were read for good: where the next read begins. */
  readonly positions: Float64Array;
  /** Records that ever came into each partition. */
  readonly arrived: Float64Array;
  private curve: LoadCurve;
  /** Arrivals before `curve` took over (a changed load). */
  private before = 0;
  private since = 0;
  now: Instant;

  constructor(plan: SourcePlan, epoch: Instant) {
    this.plan = plan;
    this.epoch = epoch;
    this.now = epoch;
    this.curve = plan.load;
    this.positions = new Float64Array(plan.partitions);
    this.arrived = new Float64Array(plan.partitions);
  }

  get rate(): number {
    return this.curve.rateAt(this.now - this.epoch);
  }

  /** From now on this many records per second arrive, whatever the world's curve says. */
  setRate(rate: number): void {
    const ms = this.now - this.epoch;
    this.before += this.curve.arrivedBy(ms) - this.since;
    this.since = (ms * rate) / 1_000;
    this.curve = { rateAt: () => rate, arrivedBy: (t) => (t * rate) / 1_000 };
  }

  advanceTo(now: Instant): void {
    this.now = now;
    const total = this.before + this.curve.arrivedBy(now - this.epoch) - this.since;
    for (let s = 0; s < this.arrived.length; s++) this.arrived[s] = total * (this.plan.weights[s] ?? 0);
  }
}

/** The readers of a source during one attempt: partition s belongs to subtask s mod parallelism. */
export class SourceRun {
  readonly broker: Broker;
  readonly parallelism: number;

  constructor(broker: Broker, parallelism: number) {
    this.broker = broker;
    this.parallelism = parallelism;
  }

  partitionsOf(i: number): readonly number[] {
    const list: number[] = [];
    for (let s = i; s < this.broker.plan.partitions; s += this.parallelism) list.push(s);
    return list;
  }

  pendingOf(i: number): number {
    const { arrived, positions } = this.broker;
    let sum = 0;
    for (let s = i; s < arrived.length; s += this.parallelism) {
      sum += Math.max(0, (arrived[s] ?? 0) - (positions[s] ?? 0));
    }
    return sum;
  }

  /** Takes `records` of the `pending` ones, from each partition its part. */
  take(i: number, records: number, pending: number): void {
    if (pending <= 0) return;
    const part = records / pending;
    const { arrived, positions } = this.broker;
    for (let s = i; s < arrived.length; s += this.parallelism) {
      const at = positions[s] ?? 0;
      positions[s] = at + Math.max(0, (arrived[s] ?? 0) - at) * part;
    }
  }

  /** When the record that is read now arrived, by the present rate. */
  eventTimeOf(i: number): Instant {
    const { broker } = this;
    const weights = this.partitionsOf(i).reduce((sum, s) => sum + (broker.plan.weights[s] ?? 0), 0);
    const rate = broker.rate * weights;
    return rate <= 0 ? broker.now : Math.max(broker.epoch, broker.now - (this.pendingOf(i) / rate) * 1_000);
  }
}
