import type { Instant } from "../../../model/index.ts";
import type { ClusterPlan } from "../world.ts";

/** From 2.0 on rescales go by checkpoints. */
export const isFlink2 = ({ flinkVersion }: ClusterPlan): boolean => Number.parseInt(flinkVersion, 10) >= 2;

/**
 * When the adaptive scheduler really rescales a job that should run with another parallelism. 1.x: once the
 * cooldown since the last start is over. 2.x: then it also waits for the next completed checkpoint, at most
 * `max-delay`, so that little is replayed.
 */
export class RescaleTrigger {
  private readonly plan: ClusterPlan;
  private readonly waitsForCheckpoint: boolean;
  private startedAt: Instant = 0;
  private wanted = false;
  /** Since when a rescale could happen if a checkpoint completed. */
  private readySince: Instant | undefined;

  constructor(plan: ClusterPlan, checkpointing: boolean) {
    this.plan = plan;
    this.waitsForCheckpoint = checkpointing && isFlink2(plan);
  }

  /** The parallelism that the job should have differs from the one it has, or no longer does. */
  want(wanted: boolean): void {
    this.wanted = wanted;
    if (!wanted) this.readySince = undefined;
  }

  /** An attempt began. The cooldown counts from it, also from the very first one. */
  started(now: Instant): void {
    this.startedAt = now;
    this.readySince = undefined;
  }

  /** Asked once per tick of a running job; true: restart it now. */
  fires(now: Instant, checkpointCompleted: boolean): boolean {
    if (!this.wanted || now - this.startedAt < this.plan.rescaleCooldownMs) return false;
    if (!this.waitsForCheckpoint) return true;
    const ready = this.readySince !== undefined;
    this.readySince ??= now;
    return (ready && checkpointCompleted) || now - this.readySince >= this.plan.rescaleMaxDelayMs;
  }
}
