import type { Candidate, Instant, Milliseconds, ReplayWindow } from "../../model/index.ts";
import { choiceSentence, chooseCandidate, replayOf } from "../../recovery/index.ts";

/** A candidate as lists show it. */
export interface ShownCandidate extends Candidate {
  readonly ageMs: Milliseconds | null;
  /** What a restore from it would read again if it began now. */
  readonly replay: ReplayWindow | null;
  /** The one that a restore would take now. */
  readonly chosen: boolean;
}

/** What `GET /jobs/{key}/snapshots` answers. */
export interface RestorePoints {
  /** Newest first. */
  readonly items: readonly ShownCandidate[];
  readonly next: null;
  readonly choice: {
    /** Null: none could be taken now. */
    readonly snapshot: string | null;
    readonly sentence: string;
  };
}

/** Everything a job could be restored from, and which of them a restore would take. */
export function restorePointsOf(ranked: readonly Candidate[], now: Instant): RestorePoints {
  const choice = chooseCandidate(ranked);
  const taken = choice.undecided.length > 0 ? null : (choice.chosen?.path ?? null);
  return {
    items: ranked.map((candidate) => ({
      ...candidate,
      ageMs: candidate.takenAt === null ? null : Math.max(0, now - candidate.takenAt),
      replay: replayOf(candidate, now),
      chosen: candidate.path === taken,
    })),
    next: null,
    choice: { snapshot: taken, sentence: choiceSentence(choice, now) },
  };
}
