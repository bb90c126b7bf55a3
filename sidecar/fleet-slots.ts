import { type AutoscalerConfig, type SlotClaim, shareSlots } from "../autoscaler/index.ts";
import {
  type DecisionRecord,
  type Instant,
  type JobKey,
  type Milliseconds,
  parseJobKey,
  type ScaleDecision,
} from "../model/index.ts";
import type { Store } from "./store/port.ts";

/** Name under which the slots of a job are remembered: jobs behind a silent cluster hold theirs all the same. */
const NAME = "slots";

/** How long a job that got fewer slots than it wished decides within what it got, before it asks again. */
const CUT_FOR_MS: Milliseconds = 60_000;

/**
 * Counts the slots of all jobs against the budget of the fleet (`fleet.maxSlots`) and says who may have more.
 * Asking and taking are one step, so that two jobs never get the same slot.
 */
export class FleetSlots {
  private readonly total: number;
  private readonly store: Pick<Store, "remember" | "recallAll">;
  private readonly claims = new Map<JobKey, SlotClaim>();
  private readonly cuts = new Map<JobKey, { readonly slots: number; readonly until: Instant }>();

  constructor(total: number, store: Pick<Store, "remember" | "recallAll">) {
    this.total = total;
    this.store = store;
    for (const [job, held] of store.recallAll(NAME)) {
      // Nobody is in line until it asks, so its priority does not matter yet.
      if (typeof held === "number") this.claims.set(job, { job, priority: 0, held, wished: held });
    }
  }

  /** The settings a job decides with: within the slots that it got where it got fewer than it wished. */
  within(config: AutoscalerConfig, job: JobKey, now: Instant): AutoscalerConfig {
    const cut = this.cuts.get(job);
    if (cut === undefined || cut.until <= now) return config;
    return { ...config, maxSlots: Math.min(config.maxSlots ?? cut.slots, cut.slots) };
  }

  /** A decision tells how many slots its job holds; what it wishes it says only when it asks. */
  saw({ job, estimate }: ScaleDecision, priority: number): void {
    this.claim({ job, priority, held: estimate.slotsBefore, wished: estimate.slotsBefore });
  }

  /** Why the fleet has no slots for a decision; null: they are there, and taken from now on. */
  refuse({ job, estimate }: DecisionRecord, priority: number, now: Instant): string | null {
    const held = this.claims.get(job)?.held ?? estimate.slotsBefore;
    const wished = estimate.slotsAfter;
    if (wished <= held) return null;
    this.claim({ job, priority, held, wished });
    const claims = [...this.claims.values()];
    const granted = shareSlots(this.total, claims).get(job) ?? held;
    if (granted >= wished) {
      this.claim({ job, priority, held: wished, wished });
      this.cuts.delete(job);
      return null;
    }
    if (granted > held) this.cuts.set(job, { slots: granted, until: now + CUT_FOR_MS });
    const used = claims.reduce((sum, c) => sum + c.held, 0);
    const before = Math.max(0, this.total - used) - (granted - held);
    const others = before > 0 ? `, ${before} of the free ones go to jobs before it` : "";
    const some = granted > held ? `; it may have ${granted}` : "";
    return `the fleet may have ${this.total} slots and its jobs hold ${used}${others}; this job holds ${held} and asks for ${wished}${some}`;
  }

  /** Jobs of a cluster that run or are to be brought back; what others held is free. */
  keep(cluster: string, jobs: ReadonlySet<JobKey>): void {
    for (const job of [...this.claims.keys()]) {
      if (parseJobKey(job)?.cluster !== cluster || jobs.has(job)) continue;
      this.claims.delete(job);
      this.cuts.delete(job);
      this.store.remember(job, NAME, undefined);
    }
  }

  private claim(claim: SlotClaim): void {
    if (this.claims.get(claim.job)?.held !== claim.held) this.store.remember(claim.job, NAME, claim.held);
    this.claims.set(claim.job, claim);
  }
}
