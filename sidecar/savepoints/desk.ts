import type { Instant, JobKey, SavepointFormat, SavepointRecord } from "../../model/index.ts";
import type { TakenSavepoint } from "./memory.ts";

/** What a person may choose for one savepoint; null: what is configured. */
export interface SavepointWish {
  readonly format: SavepointFormat | null;
  readonly directory: string | null;
}

/** A savepoint that Outrider took, and whether it would be kept now. */
export interface ListedSavepoint extends Omit<TakenSavepoint, "removal"> {
  /** Why it stays; null: it would be removed. */
  readonly stays: string | null;
  /** Flink is asked to remove it. */
  readonly removing: boolean;
}

/** Newest first. */
export interface SavepointList {
  readonly items: readonly ListedSavepoint[];
  readonly next: null;
  /** When the calendar takes the next one; null: there is no calendar. */
  readonly nextDueAt: Instant | null;
}

/** What people may ask about savepoints. */
export interface SavepointDesk {
  /**
   * Records what a person orders: a savepoint that the next pass asks Flink for, or a hold that says why not. Throws
   * `conflict` where the mode or a pause forbids any act, `bad-request` where the directory is none.
   */
  order(job: JobKey, wish: SavepointWish, by: string, now: Instant): Promise<SavepointRecord>;
  list(job: JobKey, now: Instant): SavepointList;
}
