import type { Instant, JobKey, RestoreDecision, RestoreRecord } from "../../model/index.ts";

/** What people may ask of recovery. Methods throw a `Failure` that says why there is no answer. */
export interface RecoveryDesk {
  /**
   * What would be done about a job now, by itself (`null`: nothing is wrong) or from a snapshot that a person names,
   * which is verified for it. Nothing is written, but that a named snapshot is known from then on.
   */
  plan(job: JobKey, from: string | null, now: Instant): Promise<RestoreDecision>;
  /**
   * Records what a person orders: an act that the next pass carries out, approved by that person, or a hold that says
   * why not. Throws `conflict` where the mode or a pause forbids any act.
   */
  order(job: JobKey, from: string | null, by: string, now: Instant): Promise<RestoreRecord>;
}
