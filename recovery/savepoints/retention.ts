import type { Instant } from "../../model/index.ts";
import type { SavepointConfig } from "./settings.ts";

/** A savepoint of which Outrider's own records say that Outrider took it. */
export interface OwnSavepoint {
  /** Normalised directory. */
  readonly path: string;
  readonly takenAt: Instant;
  /** By the newest verification; null: not checked. */
  readonly verified: boolean | null;
}

export interface RetentionQuestion {
  readonly own: readonly OwnSavepoint[];
  /** Newest proven snapshot of the job, of whatever kind; null: none is proven. */
  readonly newestProven: string | null;
  /** Normalised paths of files that any snapshot that stays refers to; null: not all of them could be read. */
  readonly referenced: ReadonlySet<string> | null;
  /** A restore of this job is open, or one began from this path and has not completed a checkpoint since. */
  readonly restoring: boolean;
  readonly settings: Pick<SavepointConfig, "keep" | "keepForMs">;
  readonly now: Instant;
}

export interface RetentionPlan {
  /** Oldest first. */
  readonly remove: readonly string[];
  readonly keep: readonly { readonly path: string; readonly why: string }[];
}

/**
 * Which savepoints may go. Only Outrider's own are even looked at; of these the `keep` newest stay, whatever is
 * younger than `keepFor`, the newest proven one, and every one that holds a file which something else refers to.
 * While a restore is open, or the references are not all known, nothing goes.
 */
export function planRetention(q: RetentionQuestion): RetentionPlan {
  const newestFirst = [...q.own].sort((a, b) => b.takenAt - a.takenAt || (a.path < b.path ? 1 : -1));
  const newestOwnProven = newestFirst.find((s) => s.verified === true)?.path;
  const verdicts = newestFirst.map((savepoint, place) => ({
    path: savepoint.path,
    why: whyItStays(savepoint, place, q, newestOwnProven),
  }));
  return {
    remove: verdicts.flatMap((v) => (v.why === null ? [v.path] : [])).toReversed(),
    keep: verdicts.flatMap((v) => (v.why === null ? [] : [{ path: v.path, why: v.why }])),
  };
}

function whyItStays(
  savepoint: OwnSavepoint,
  place: number,
  q: RetentionQuestion,
  newestOwnProven: string | undefined,
): string | null {
  const { keep, keepForMs } = q.settings;
  if (q.restoring) return "a restore of the job is open";
  if (q.referenced === null) return "not every snapshot that might refer to it could be read";
  if (place < keep) return `it is one of the ${keep} newest`;
  if (q.now - savepoint.takenAt < keepForMs) return "it is younger than keepFor";
  if (savepoint.path === q.newestProven || savepoint.path === newestOwnProven)
    return "it is the newest proven one";
  const prefix = `${savepoint.path}/`;
  for (const file of q.referenced) if (file.startsWith(prefix)) return `another snapshot refers to ${file}`;
  return null;
}
