import {
  childOf,
  Failure,
  type Instant,
  type Location,
  locationText,
  nameOf,
  parentOf,
  parseLocation,
  type SnapshotContent,
  type SnapshotProblem,
  type SnapshotReading,
  type SnapshotReport,
  type SnapshotState,
  type StoredFile,
  sentenceOf,
} from "../model/index.ts";
import { neededFiles } from "./needed-files.ts";
import type { SnapshotStorage } from "./ports.ts";
import { lookForFiles, type Presence, type Suspect } from "./presence.ts";
import { lookAgain, lookInside } from "./second-look.ts";
import { problemOf, sentenceFor, unreadReport } from "./verify-report.ts";
import { eachWithin, within } from "./within.ts";

export const METADATA = "_metadata";

export interface VerifyOptions {
  readonly now: Instant;
  /** Ends the look: what was not seen by then is `unknown`. */
  readonly signal?: AbortSignal;
  /** Directories listed at once; 8. */
  readonly concurrency?: number;
  /** Called after each page: files seen so far, of all that are needed. */
  readonly progress?: (p: { readonly found: number; readonly of: number }) => void;
}

/** A report, and what tells this snapshot from a later one at the same place. */
export interface Verification extends SnapshotReport {
  /** When `_metadata` was written, by the store's clock; null where that is not known. */
  readonly writtenAt: Instant | null;
  readonly metadataBytes: number | null;
}

const CONCURRENCY = 8;

/**
 * Proves a snapshot whole, or says what it lacks: reads `_metadata`, then lists each directory that it refers to once,
 * in pages. `target` is the snapshot's directory or its `_metadata`, as normalised text; anything else is a `Failure`
 * `bad-request`. What the store does never throws: it makes the state `unknown`, unless a file is missing for certain.
 */
export async function verifySnapshot(
  storage: SnapshotStorage,
  target: string,
  options: VerifyOptions,
): Promise<Verification> {
  const directory = directoryOfTarget(target);
  const metadata = locationText(childOf(directory, METADATA));
  let reading: SnapshotReading;
  try {
    reading = await within(storage.readMetadata(metadata), options.signal);
  } catch (error) {
    const path = locationText(directory);
    if (error instanceof Failure && error.code === "not-found")
      return withoutMetadata(storage, path, metadata, options);
    const problem = { file: metadata, needed: null, found: null, sentence: sentenceOf(error) };
    return unreadReport(path, "unknown", problem, options.now);
  }
  if (!reading.ok) {
    const { state, sentence } = reading.defect;
    const problem = { file: metadata, needed: null, found: null, sentence };
    return unreadReport(locationText(directory), state, problem, options.now);
  }
  return verifyContent(storage, reading.content, directory, options);
}

/** The directory of a snapshot that is named by itself or by its `_metadata`. */
export function directoryOfTarget(target: string): Location {
  const location = parseLocation(target);
  return nameOf(location) === METADATA ? (parentOf(location) ?? location) : location;
}

/** Tells a directory that lacks `_metadata` from a directory that is not there, and a store that contradicts itself. */
async function withoutMetadata(
  storage: SnapshotStorage,
  path: string,
  metadata: string,
  { now, signal }: VerifyOptions,
): Promise<Verification> {
  const problem = (file: string, sentence: string): SnapshotProblem => ({
    file,
    needed: null,
    found: null,
    sentence,
  });
  try {
    let entries = 0;
    for await (const page of eachWithin(storage.list(path), signal)) {
      entries += page.files.length + page.directories.length;
      if (page.files.some((file) => file.path.endsWith(`/${METADATA}`))) {
        const sentence = "the store lists _metadata, but answers that it is not there";
        return unreadReport(path, "unknown", problem(metadata, sentence), now);
      }
    }
    if (entries > 0) return unreadReport(path, "incomplete", problem(metadata, UNFINISHED), now);
  } catch (error) {
    if (!(error instanceof Failure && error.code === "not-found"))
      return unreadReport(path, "unknown", problem(path, sentenceOf(error)), now);
  }
  return unreadReport(path, "incomplete", problem(path, NO_SNAPSHOT), now);
}

const UNFINISHED = "is missing, which is written last: the snapshot is under way, or was given up";
const NO_SNAPSHOT = "there is no snapshot: no file lies there";

/** Whether the report says that nothing at all lies at its path. */
export function isAbsent({ path, problems }: SnapshotReport): boolean {
  return problems.some((p) => p.file === path && p.sentence === NO_SNAPSHOT);
}

async function verifyContent(
  storage: SnapshotStorage,
  content: SnapshotContent,
  directory: Location,
  options: VerifyOptions,
): Promise<Verification> {
  const metadata = locationText(childOf(directory, METADATA));
  const needed = neededFiles(content.references, directory);
  const { files, bytes, refused } = needed;
  const report = (found: Found): Verification =>
    reportOf(content, directory, { files, bytes }, found, options.now);
  if (!content.proven) return report({ state: "unsupported", problems: [], more: 0, metadata: undefined });
  if (refused.length > 0)
    return report({ state: "corrupt", problems: refused, more: 0, metadata: undefined });

  const presence = await lookForFiles(storage, needed, {
    // Listed too, so that a store which shows another `_metadata` than it gave us is found out.
    watched: { directory: locationText(directory), name: METADATA, bytes: content.metadataBytes },
    concurrency: options.concurrency ?? CONCURRENCY,
    signal: options.signal,
    progress: options.progress,
  });
  return report(await judge(storage, presence, content, metadata, options.signal));
}

/** What the listings and second looks came to. */
interface Found {
  readonly state: SnapshotState;
  readonly problems: readonly SnapshotProblem[];
  /** Problems beyond those. */
  readonly more: number;
  readonly metadata: StoredFile | undefined;
}

/** A file that is missing for certain decides, whatever else could not be seen; then comes what could not be seen. */
async function judge(
  storage: SnapshotStorage,
  presence: Presence,
  { metadataBytes }: SnapshotContent,
  metadata: string,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const { suspects, watched, unasked, moreSuspects } = presence;
  const packed = await lookInside(storage, presence.packed, signal);
  const again = await lookAgain(storage, [...suspects, ...packed.suspects], signal);
  const isOdd = (s: Suspect): boolean =>
    s.file === metadata && (storage.stat === undefined || s.found !== null);
  const proven = again.proven.filter((s) => !isOdd(s));
  const odd = [...again.proven.filter(isOdd).map(contradiction), ...tooLong(watched, metadataBytes)];
  const open = [...again.open, ...packed.open, ...odd, ...unasked];
  const more = proven.length > 0 || again.open.length > 0 ? moreSuspects : 0;
  const state = proven.length > 0 ? "incomplete" : open.length > 0 ? "unknown" : "verified";
  return { state, problems: [...proven.map(problemOf), ...open], more, metadata: watched };
}

function contradiction({ file, needed, found }: Suspect): SnapshotProblem {
  const shows = found === null ? "lacks it" : `shows ${found}`;
  const sentence = `gave ${needed} bytes when read, but the listing ${shows}: the store contradicts itself`;
  return { file, needed, found, sentence };
}

function tooLong(watched: StoredFile | undefined, read: number): readonly SnapshotProblem[] {
  if (watched === undefined || watched.bytes <= read) return [];
  return [contradiction({ file: watched.path, needed: read, found: watched.bytes })];
}

function reportOf(
  content: SnapshotContent,
  directory: Location,
  references: { readonly files: number; readonly bytes: number },
  { state, problems, more, metadata }: Found,
  now: Instant,
): Verification {
  const shown = problems.slice(0, MOST_PROBLEMS);
  const { version, kind, format, checkpointId, operators, metadataBytes } = content;
  const report = {
    path: locationText(directory),
    state,
    kind,
    format,
    version,
    checkpointId,
    operators,
    references,
    problems: shown,
    moreProblems: problems.length - shown.length + more,
    checkedAt: now,
    writtenAt: metadata?.modifiedAt ?? null,
    metadataBytes,
  };
  return { ...report, sentence: sentenceFor(report) };
}

const MOST_PROBLEMS = 1_000;
