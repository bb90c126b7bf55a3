import {
  type Candidate,
  type HealthReadout,
  type Instant,
  type JobLife,
  type ListedSnapshot,
  locationText,
  type SnapshotOperator,
  type SnapshotReport,
} from "../model/index.ts";
import { judgeCompatibility } from "./compatible.ts";
import type { FoundSnapshot } from "./discover.ts";
import { checkpointIdIn, flinkJobIdOf } from "./storage-root.ts";
import { directoryOfTarget } from "./verify.ts";
import { kindByName } from "./verify-report.ts";

/** Everybody who may know of a snapshot of one job. */
export interface CandidateSources {
  /** What Flink tells now. */
  readonly health?: HealthReadout | undefined;
  /** What the job was when it ran last. */
  readonly life?: JobLife | undefined;
  /** What we knew before, of this and of earlier lives. */
  readonly remembered?: readonly Candidate[];
  /** What lies in the directories. */
  readonly found?: readonly FoundSnapshot[];
  /** The newest checkpoint id in Kubernetes HA metadata. */
  readonly haNewest?: number | null;
  /** A path that a person named. */
  readonly person?: string | null;
}

/** All snapshots that are told of, each path once; not ranked. What Flink says it has deleted is left out. */
export function gatherCandidates(sources: CandidateSources): readonly Candidate[] {
  const gone = new Set<string>();
  const told = [
    ...personal(sources.person ?? null),
    ...listed(sources.health, gone),
    ...(sources.remembered ?? []),
    ...(sources.found ?? []).filter((f) => f.hasMetadata !== false).map(ofDirectory),
    ...highlyAvailable(sources),
  ];
  const byPath = new Map<string, Candidate>();
  for (const candidate of told) {
    if (gone.has(candidate.path) && candidate.origin !== "person") continue;
    const known = byPath.get(candidate.path);
    byPath.set(candidate.path, known === undefined ? candidate : merged(known, candidate));
  }
  return [...byPath.values()];
}

/** The candidate with what its verification found. */
export function withReport(candidate: Candidate, report: SnapshotReport, life?: JobLife): Candidate {
  const read = report.version !== null;
  return {
    ...candidate,
    kind: report.kind === "unknown" ? candidate.kind : report.kind,
    format: report.format ?? candidate.format,
    checkpointId: report.checkpointId ?? candidate.checkpointId,
    takenAt: candidate.takenAt ?? writtenAtOf(report),
    state: report.state,
    checkedAt: report.checkedAt,
    bytes: read ? report.references.bytes : candidate.bytes,
    files: read ? report.references.files : candidate.files,
    compatible: read ? judged(candidate, report.operators, life) : candidate.compatible,
    sentence: report.sentence,
  };
}

/** A candidate of which nothing but the place is known. */
export function candidateAt(path: string, origin: Candidate["origin"], sentence: string): Candidate {
  return {
    path,
    flinkJobId: flinkJobIdOf(path),
    checkpointId: checkpointIdIn(path),
    kind: kindByName(path),
    format: null,
    takenAt: null,
    state: "unchecked",
    checkedAt: null,
    bytes: null,
    files: null,
    compatible: null,
    sentence,
    origin,
  };
}

function judged(
  candidate: Candidate,
  operators: readonly SnapshotOperator[],
  life: JobLife | undefined,
): boolean | null {
  if (life === undefined) return candidate.compatible;
  return judgeCompatibility({ flinkJobId: candidate.flinkJobId, operators }, life);
}

const writtenAtOf = (report: SnapshotReport & { writtenAt?: Instant | null }): Instant | null =>
  report.writtenAt ?? null;

/** Flink's own history, and what it restored from; the paths of deleted ones go to `gone`. */
function listed(health: HealthReadout | undefined, gone: Set<string>): readonly Candidate[] {
  if (health === undefined) return [];
  const restored = health.restoredFrom === null ? [] : [health.restoredFrom];
  return [...health.snapshots, ...restored].flatMap((snapshot) => {
    const path = normalPath(snapshot.path);
    if (path === undefined) return [];
    if (snapshot.discarded) {
      gone.add(path);
      return [];
    }
    const isOwn = snapshot !== health.restoredFrom;
    return [ofFlink(snapshot, path, isOwn ? health.flinkJobId : flinkJobIdOf(path))];
  });
}

function ofFlink(snapshot: ListedSnapshot, path: string, flinkJobId: string | null): Candidate {
  const { checkpointId, kind, format, triggeredAt, stateBytes } = snapshot;
  return {
    ...candidateAt(path, "flink", "Flink tells of it; not verified yet"),
    flinkJobId: flinkJobId ?? flinkJobIdOf(path),
    checkpointId,
    // Flink calls what it restored from a savepoint, whatever it was.
    kind: kindByName(path) === "unknown" ? kind : kindByName(path),
    format,
    takenAt: triggeredAt,
    bytes: stateBytes,
  };
}

function ofDirectory(found: FoundSnapshot): Candidate {
  const { path, kind, checkpointId, flinkJobId, writtenAt } = found;
  const candidate = candidateAt(path, "directory", "found in its directory; not verified yet");
  return { ...candidate, kind, checkpointId, flinkJobId, takenAt: writtenAt };
}

function personal(path: string | null): readonly Candidate[] {
  const normal = path === null ? undefined : normalPath(path);
  return normal === undefined ? [] : [candidateAt(normal, "person", "named by a person; not verified yet")];
}

function highlyAvailable({ haNewest, life }: CandidateSources): readonly Candidate[] {
  if (haNewest === null || haNewest === undefined) return [];
  const directory = life?.checkpointDirectory ?? null;
  if (directory === null || life === undefined) return [];
  const path = normalPath(`${directory}/chk-${haNewest}`);
  if (path === undefined) return [];
  const candidate = candidateAt(path, "outrider", "the newest one in HA metadata; not verified yet");
  return [{ ...candidate, flinkJobId: life.flinkJobId }];
}

/** Of the directory; undefined for what no place can be, such as `<checkpoint-not-externally-addressable>`. */
export function normalPath(path: string): string | undefined {
  try {
    return locationText(directoryOfTarget(path));
  } catch {
    return undefined;
  }
}

/** The first who told keeps the word; gaps and the newer verdict come from the other. */
function merged(first: Candidate, other: Candidate): Candidate {
  const verdict = (other.checkedAt ?? -1) > (first.checkedAt ?? -1) ? other : first;
  return {
    path: first.path,
    flinkJobId: first.flinkJobId ?? other.flinkJobId,
    checkpointId: first.checkpointId ?? other.checkpointId,
    kind: first.kind === "unknown" ? other.kind : first.kind,
    format: first.format ?? other.format,
    takenAt: takenAtOf(first, other),
    state: verdict.state,
    checkedAt: verdict.checkedAt,
    bytes: verdict.bytes ?? first.bytes ?? other.bytes,
    files: verdict.files ?? first.files ?? other.files,
    compatible: verdict.compatible ?? first.compatible ?? other.compatible,
    sentence: verdict.sentence,
    origin: first.origin,
  };
}

/** The trigger time that Flink tells is exact; the time of a file is later, and of a copy wrong. */
function takenAtOf(first: Candidate, other: Candidate): Instant | null {
  const exact = [first, other].find((c) => c.origin === "flink" && c.takenAt !== null);
  return exact?.takenAt ?? first.takenAt ?? other.takenAt;
}
