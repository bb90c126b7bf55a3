import type { Instant, RestoreRecord } from "../../model/index.ts";
import { pageDue, RESTORE_REASONS, type RestoreConfig, type RestoreReason } from "../../recovery/index.ts";
import type { Progress } from "./executor.ts";
import type { RestorePermit } from "./permit.ts";

/** All that says whether a person has to be told. */
export interface PageQuestion {
  readonly record: RestoreRecord | undefined;
  /** The last one; undefined where the guards held it. */
  readonly permit: RestorePermit | undefined;
  readonly progress: Progress | undefined;
  readonly settings: RestoreConfig;
  readonly now: Instant;
}

/** Told to a person, once for each `about` of a life. */
export interface Page {
  readonly about: string;
  readonly sentence: string;
}

/**
 * When a person has to come: at once where nothing changes until somebody does something, else when the job is not
 * back after `escalateAfter`. `undefined`: not yet.
 */
export function pageOf({ record, permit, progress, settings, now }: PageQuestion): Page | undefined {
  if (record === undefined) return undefined;
  const { reason, sentence } = record;
  if (pageDue(record, settings, now) === "now") {
    return { about: reason, sentence: `${sentence} ${RESTORE_REASONS[reason as RestoreReason].instead}` };
  }
  if (progress?.escalate === true) {
    return { about: "slow", sentence: `${sentence} It takes long: ${progress.sentence}.` };
  }
  if (permit === undefined || permit.code === "allowed") return undefined;
  const late = now - record.inputs.diagnosis.since >= settings.escalateAfterMs;
  if (!permit.page && !late) return undefined;
  return { about: permit.code, sentence: `${sentence} Not done, ${permit.sentence}.` };
}
