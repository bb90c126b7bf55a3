import {
  type Candidate,
  formatDuration,
  type Instant,
  type JobKey,
  type Milliseconds,
  type Severity,
} from "../../model/index.ts";
import { chooseCandidate } from "../../recovery/index.ts";

/** What a job could be restored from now, as every surface shows it. */
export interface RestorePoint {
  readonly path: string;
  /** `verified`; anything else where no snapshot is proven: then it is the newest one that is known of. */
  readonly state: Candidate["state"];
  /** When it was taken. */
  readonly at: Instant | null;
  readonly ageMs: Milliseconds | null;
  readonly checkedAt: Instant | null;
  readonly sentence: string;
}

/** The newest proven one; where none is proven the newest of all; null where no snapshot is known of. */
export function restorePointOf(ranked: readonly Candidate[], now: Instant): RestorePoint | null {
  const shown = chooseCandidate(ranked).chosen ?? ranked[0];
  if (shown === undefined) return null;
  const { path, state, takenAt, checkedAt, sentence } = shown;
  const ageMs = takenAt === null ? null : Math.max(0, now - takenAt);
  return { path, state, at: takenAt, ageMs, checkedAt, sentence };
}

/** Something to tell people of a job's restore point. */
export interface RestorePointNews {
  readonly told: "proven" | "lost";
  readonly type: "restore-point-lost" | "restore-point-back";
  readonly severity: Severity;
  readonly sentence: string;
}

/**
 * What is new since people were told last. Only a verdict is news: a snapshot that is not looked at yet, or whose store
 * does not answer, changes nothing. A first proof is what everybody expects, so it is no news either.
 */
export function restorePointNews(
  job: JobKey,
  ranked: readonly Candidate[],
  before: "proven" | "lost" | null,
): RestorePointNews | "proven" | undefined {
  const newest = ranked.find((c) => c.state !== "unchecked" && c.state !== "unknown");
  if (newest === undefined) return undefined;
  if (newest.state === "verified") {
    if (before !== "lost") return before === null ? "proven" : undefined;
    const sentence = `Job ${job} has a proven restore point again: ${newest.sentence}.`;
    return { told: "proven", type: "restore-point-back", severity: "info", sentence };
  }
  if (before === "lost") return undefined;
  // What an earlier life left broken is no news while the present life's own first one is still to be looked at.
  const [first] = ranked;
  if (first?.state === "unchecked" && first.flinkJobId !== newest.flinkJobId) return undefined;
  const { chosen } = chooseCandidate(ranked);
  const sentence = `Job ${job} cannot be restored from its newest snapshot: ${newest.sentence}; ${instead(newest, chosen)}.`;
  const severity = chosen === null ? "critical" : "warning";
  return { told: "lost", type: "restore-point-lost", severity, sentence };
}

function instead(newest: Candidate, chosen: Candidate | null): string {
  if (chosen === null) return "no other one is proven";
  const name = chosen.path.slice(chosen.path.lastIndexOf("/") + 1);
  if (chosen.takenAt === null || newest.takenAt === null) return `the newest proven one is ${name}`;
  return `the newest proven one is ${name}, ${formatDuration(Math.max(0, newest.takenAt - chosen.takenAt))} older`;
}
