import type { Instant } from "../../../model/index.ts";
import type { SourcePlan } from "../world.ts";
import type { Topic } from "./topic.ts";

/** How far one job has read a topic. It outlives attempts. */
export class Broker {
  readonly topic: Topic;
  /** Records of each partition that were read for good: where the next read begins. */
  readonly positions: Float64Array;

  constructor(topic: Topic) {
    this.topic = topic;
    this.positions = new Float64Array(topic.plan.partitions);
  }

  get plan(): SourcePlan {
    return this.topic.plan;
  }

  get epoch(): Instant {
    return this.topic.epoch;
  }

  get now(): Instant {
    return this.topic.now;
  }

  get arrived(): Float64Array {
    return this.topic.arrived;
  }

  get rate(): number {
    return this.topic.rate;
  }

  setRate(rate: number): void {
    this.topic.setRate(rate);
  }

  advanceTo(now: Instant): void {
    this.topic.advanceTo(now);
  }

  /** Of all partitions together. */
  get position(): number {
    return this.positions.reduce((sum, one) => sum + one, 0);
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

  /** The same of every subtask at once, in O(partitions). */
  pending(into: Float64Array): void {
    const { arrived, positions } = this.broker;
    for (let i = 0; i < this.parallelism; i++) {
      let sum = 0;
      for (let s = i; s < arrived.length; s += this.parallelism) {
        const waiting = (arrived[s] ?? 0) - (positions[s] ?? 0);
        if (waiting > 0) sum += waiting;
      }
      into[i] = sum;
    }
  }

  /** Takes `records` of the `pending` ones, from each partition its part. */
  take(i: number, records: number, pending: number): void {
    if (pending <= 0) return;
    const part = records / pending;
    const { arrived, positions } = this.broker;
    for (let s = i; s < arrived.length; s += this.parallelism) {
      const at = positions[s] ?? 0;
      const waiting = (arrived[s] ?? 0) - at;
      if (waiting > 0) positions[s] = at + waiting * part;
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
