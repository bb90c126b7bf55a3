import type { JobState } from "../../../model/index.ts";
import type { CheckpointPlan, KeptPlan } from "../world.ts";
import type { KeptSnapshot, SnapshotKeeper } from "./restore-point.ts";

/** What worlds without a word on it have: as `execution.checkpointing.externalized-checkpoint-retention: RETAIN…`. */
export const KEPT_BY_DEFAULT: KeptPlan = { retained: 1, retention: "retain", incremental: false };

/** Whether checkpoints outlive a job that ended so (Flink's table; SUSPENDED is the end of a JobManager without HA). */
const OUTLIVES: Readonly<Record<KeptPlan["retention"], readonly JobState[]>> = {
  none: [],
  "delete-on-cancel": ["FAILED"],
  retain: ["FAILED", "CANCELED", "SUSPENDED"],
};

/** The newest checkpoints of a job, as many as are retained. Deletes what is subsumed or must not outlive the job. */
export class Retention {
  private readonly plan: KeptPlan;
  private readonly keeper: SnapshotKeeper | undefined;
  private list: readonly { readonly id: number; readonly kept: KeptSnapshot }[] = [];

  constructor(plan: CheckpointPlan | undefined, keeper: SnapshotKeeper | undefined) {
    this.plan = plan?.kept ?? KEPT_BY_DEFAULT;
    this.keeper = keeper;
  }

  /** The newest first. */
  get snapshots(): readonly { readonly id: number; readonly kept: KeptSnapshot }[] {
    return this.list.toReversed();
  }

  /** Takes one over; returns the ids of those that went for it. */
  add(id: number, kept: KeptSnapshot): readonly number[] {
    this.list = [...this.list, { id, kept }];
    const subsumed = this.list.slice(0, Math.max(0, this.list.length - this.plan.retained));
    this.list = this.list.slice(subsumed.length);
    for (const old of subsumed) this.keeper?.discard(old.kept);
    return subsumed.map((old) => old.id);
  }

  /** The job ended; returns the ids of checkpoints that went with it. */
  end(state: JobState): readonly number[] {
    if (OUTLIVES[this.plan.retention].includes(state)) return [];
    const gone = this.list;
    this.list = [];
    for (const { kept } of gone) this.keeper?.discard(kept);
    return gone.map(({ id }) => id);
  }
}
