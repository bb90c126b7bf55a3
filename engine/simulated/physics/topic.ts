import type { Instant } from "../../../model/index.ts";
import type { LoadCurve, SourcePlan } from "../world.ts";

/** The outside of a source: partitions that fill whether a job reads them or not. It outlives jobs. */
export class Topic {
  readonly plan: SourcePlan;
  readonly epoch: Instant;
  /** Records that ever came into each partition. */
  readonly arrived: Float64Array;
  now: Instant;
  private curve: LoadCurve;
  /** Arrivals before `curve` took over (a changed load). */
  private before = 0;
  private since = 0;

  constructor(plan: SourcePlan, epoch: Instant) {
    this.plan = plan;
    this.epoch = epoch;
    this.now = epoch;
    this.curve = plan.load;
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

/** What the sources of one job read, by vertex. Lives of the same job share it. */
export type Outside = ReadonlyMap<string, Topic>;

/** Fresh partitions for every source of a job, which begin to fill at `epoch`. */
export function outsideOf(
  vertices: readonly { readonly id: string; readonly source: SourcePlan | undefined }[],
  epoch: Instant,
): Outside {
  return new Map(
    vertices.flatMap((v) => (v.source === undefined ? [] : [[v.id, new Topic(v.source, epoch)] as const])),
  );
}
