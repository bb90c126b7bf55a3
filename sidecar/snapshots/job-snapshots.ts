import type { Candidate, HealthReadout, Instant, JobKey, JobLife } from "../../model/index.ts";
import {
  type FoundSnapshots,
  gatherCandidates,
  jobDirectoryOf,
  rankCandidates,
} from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";

/** What is known of the snapshots of one job, and what of it survives a restart of the process. */
export interface JobSnapshots {
  readonly job: JobKey;
  health: HealthReadout | undefined;
  life: JobLife | undefined;
  /** By path; what was verified, or told of and not seen since. */
  readonly remembered: Map<string, Candidate>;
  found: FoundSnapshots | undefined;
  /** When the directories were last looked through, completely. */
  searchedAt: Instant | null;
  /** When Flink last told its history. */
  toldAt: Instant | null;
  /** What people were told last. */
  told: "proven" | "lost" | null;
  /** When it was last written down, and whether something has changed since. */
  keptAt: Instant | null;
  isChanged: boolean;
}

const NAME = "snapshots";

interface Kept {
  readonly candidates: readonly Candidate[];
  readonly told: JobSnapshots["told"];
}

export function recallSnapshots(store: Pick<Store, "recall">, job: JobKey): JobSnapshots {
  const kept = store.recall(job, NAME) as Partial<Kept> | undefined;
  const candidates = Array.isArray(kept?.candidates) ? kept.candidates : [];
  return {
    job,
    health: undefined,
    life: undefined,
    remembered: new Map(candidates.map((c) => [c.path, c])),
    found: undefined,
    searchedAt: null,
    toldAt: null,
    told: kept?.told ?? null,
    keptAt: null,
    isChanged: false,
  };
}

/** Drops all but the newest candidates. */
export function trimSnapshots(known: JobSnapshots, most: number): void {
  const newest = rankCandidates([...known.remembered.values()]).slice(0, most);
  known.remembered.clear();
  for (const candidate of newest) known.remembered.set(candidate.path, candidate);
}

/** Writes down what a restart should know. */
export function keepSnapshots(store: Pick<Store, "remember">, known: JobSnapshots, now: Instant): void {
  const candidates = rankCandidates([...known.remembered.values()]);
  store.remember(known.job, NAME, { candidates, told: known.told } satisfies Kept);
  known.keptAt = now;
  known.isChanged = false;
}

/** Everything that the job could be restored from, newest first. */
export function rankedCandidates(known: JobSnapshots): readonly Candidate[] {
  return rankCandidates(
    gatherCandidates({
      health: known.health,
      life: known.life,
      remembered: [...known.remembered.values()],
      found: known.found?.snapshots ?? [],
    }),
  );
}

/**
 * Takes in what Flink tells now. While a job runs, its checkpoints that Flink no longer tells of go from memory: Flink
 * deletes overtaken ones, and those that it retains beyond its history are found by `scan`. True where memory changed.
 */
export function noteReadout(known: JobSnapshots, readout: HealthReadout, life: JobLife | undefined): boolean {
  known.health = readout;
  known.life = life ?? known.life;
  const told = readout.snapshots.filter((s) => !s.discarded).map((s) => s.checkpointId);
  if (readout.state !== "RUNNING" || told.length === 0) return false;
  known.found = undefined;
  let changed = false;
  for (const [path, { kind, flinkJobId, checkpointId }] of known.remembered) {
    const isOwn = kind === "checkpoint" && flinkJobId === readout.flinkJobId;
    if (isOwn && !told.includes(checkpointId ?? -1)) changed = known.remembered.delete(path) || changed;
  }
  return changed;
}

/** Directories in which snapshots of this job and of its earlier lives lie. */
export function directoriesOf(known: JobSnapshots): readonly string[] {
  const own = known.life?.checkpointDirectory ?? null;
  const told = rankedCandidates(known).map((c) => jobDirectoryOf(c.path));
  return [...new Set([own, ...told])].filter((d) => d !== null && d !== undefined);
}
