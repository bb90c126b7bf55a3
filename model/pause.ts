import type { JobKey } from "./job.ts";
import type { Instant } from "./time.ts";

/** A person's stop sign. It has an owner, a reason and an end; after the end it is history. */
export interface Pause {
  readonly job: JobKey;
  readonly owner: string;
  readonly reason: string;
  readonly from: Instant;
  readonly until: Instant;
}

export const isPaused = (pause: Pause | undefined, now: Instant): pause is Pause =>
  pause !== undefined && pause.from <= now && now < pause.until;
