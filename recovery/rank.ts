import type { Candidate, Instant, ReplayWindow } from "../model/index.ts";

/**
 * Newest first, whatever their state. Checkpoints of one Flink job are ordered by their ids, because files may have been
 * copied since; across jobs the time at which they were taken decides. A candidate of unknown time is as old as the
 * next older one of its job, and without such the oldest of all.
 */
export function rankCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  const effective = new Map<Candidate, number>();
  for (const lineage of lineagesOf(candidates)) {
    let at = Number.NEGATIVE_INFINITY;
    for (const candidate of lineage) {
      at = Math.max(at, candidate.takenAt ?? Number.NEGATIVE_INFINITY);
      effective.set(candidate, at);
    }
  }
  const timeOf = (c: Candidate): number => effective.get(c) ?? Number.NEGATIVE_INFINITY;
  return [...candidates].sort(
    (a, b) =>
      descending(timeOf(a), timeOf(b)) ||
      ascendingText(a.flinkJobId ?? "", b.flinkJobId ?? "") ||
      descending(a.checkpointId ?? -1, b.checkpointId ?? -1) ||
      ascendingText(a.path, b.path),
  );
}

/** Which of the ranked candidates a restore would take, and what speaks against taking it now. */
export interface Choice {
  /** The newest verified one; null where there is none. */
  readonly chosen: Candidate | null;
  /** Newer than the chosen one and not known yet (`unknown`, `unchecked`): wait for them, do not fall back. */
  readonly undecided: readonly Candidate[];
  /** Newer than the chosen one, and known not to be restorable. */
  readonly passedOver: readonly Candidate[];
}

/** Chooses from candidates in the order of `rankCandidates`. */
export function chooseCandidate(ranked: readonly Candidate[]): Choice {
  const index = ranked.findIndex((c) => c.state === "verified");
  const newer = index === -1 ? ranked : ranked.slice(0, index);
  const isOpen = (c: Candidate): boolean => c.state === "unknown" || c.state === "unchecked";
  return {
    chosen: ranked[index] ?? null,
    undecided: newer.filter(isOpen),
    passedOver: newer.filter((c) => !isOpen(c)),
  };
}

/** What would be read again: from where the snapshot was taken to `to` (the fault, or now). Null: not known. */
export function replayOf(candidate: Candidate, to: Instant): ReplayWindow | null {
  const { takenAt } = candidate;
  return takenAt === null ? null : { from: takenAt, to, ms: Math.max(0, to - takenAt) };
}

/** Candidates with ids by Flink job, oldest first; those without are on their own. */
function lineagesOf(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const lineages = new Map<string, Candidate[]>();
  const alone: Candidate[][] = [];
  for (const candidate of candidates) {
    const { flinkJobId, checkpointId } = candidate;
    if (flinkJobId === null || checkpointId === null) {
      alone.push([candidate]);
      continue;
    }
    const lineage = lineages.get(flinkJobId) ?? [];
    lineage.push(candidate);
    lineages.set(flinkJobId, lineage);
  }
  const ordered = [...lineages.values()].map((lineage) =>
    lineage.sort((a, b) => (a.checkpointId ?? 0) - (b.checkpointId ?? 0)),
  );
  return [...ordered, ...alone];
}

const descending = (a: number, b: number): number => (a === b ? 0 : a > b ? -1 : 1);
const ascendingText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
