import type { Instant, Milliseconds } from "../../../model/index.ts";
import type { ClusterPlan } from "../world.ts";
import type { BadLuck } from "./bad-luck.ts";
import type { KeptSnapshot, RestorePoint, SnapshotKeeper } from "./restore-point.ts";
import type { Placement } from "./slots.ts";
import type { Outside } from "./topic.ts";

/** What a job asks of the cluster around it. */
export interface JobHost<Job> {
  readonly plan: ClusterPlan;
  readonly seed: number;
  readonly epoch: Instant;
  /** Grid of its time. */
  readonly tickMs: Milliseconds;
  /** Undefined: nothing is written to disk. */
  readonly keeper: SnapshotKeeper | undefined;
  /** Gives the job's slots back and takes new ones; `undefined` when there are not enough. */
  place(job: Job): Placement | undefined;
  release(job: Job): void;
}

/** How a job begins. */
export interface JobStart {
  readonly outside: Outside;
  /** It has to be deployed first, unlike the jobs that a world begins with. */
  readonly cold: boolean;
  readonly badLuck: BadLuck;
  /** Undefined: with empty state. */
  readonly from?: JobOrigin | undefined;
}

/** The snapshot that a job begins with. */
export interface JobOrigin {
  readonly point: RestorePoint;
  readonly kept: KeptSnapshot;
  /** As it was asked for. */
  readonly path: string;
  /** The job owns it from now on, and deletes it once it is subsumed. */
  readonly claimed: boolean;
}
