import {
  formatDuration,
  type Instant,
  type Milliseconds,
  nameOf,
  parseLocation,
  type StoredFile,
  sentenceOf,
} from "../model/index.ts";
import { inParallel } from "./in-parallel.ts";
import { neededFiles, pathIn } from "./needed-files.ts";
import type { SnapshotStorage } from "./ports.ts";
import { directoryOfTarget, METADATA } from "./verify.ts";
import { within } from "./within.ts";

/** A file that no snapshot refers to. */
export interface Orphan {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: Instant;
}

export interface OrphanReport {
  /** Oldest first. */
  readonly orphans: readonly Orphan[];
  readonly bytes: number;
  /** Files looked at, snapshots read, files that snapshots refer to. */
  readonly looked: { readonly files: number; readonly snapshots: number; readonly referenced: number };
  /** Files that nobody refers to and that are too young, or of unknown age, to be called orphans. */
  readonly tooYoung: number;
  /** Why nothing may be called an orphan; empty when all snapshots could be read and all directories listed. */
  readonly problems: readonly { readonly path: string; readonly sentence: string }[];
  readonly sentence: string;
}

export interface OrphanOptions {
  readonly now: Instant;
  /** Files younger than this may belong to a checkpoint that is being written. */
  readonly minAgeMs: Milliseconds;
  readonly signal?: AbortSignal;
  /** Files that are kept in mind at most; 1,000,000. */
  readonly maxFiles?: number;
  readonly progress?: (files: number) => void;
}

const CONCURRENCY = 8;
const MAX_FILES = 1_000_000;
const MAX_LEVELS = 12;

/**
 * What lies below the roots and belongs to no snapshot there: the difference between a listing and everything that
 * every `_metadata` refers to. It reads and says; it removes nothing. One snapshot that cannot be read, or one
 * directory that cannot be listed, and nothing is called an orphan: what it refers to may lie anywhere. Memory grows
 * with the number of files (about 200 bytes each).
 */
export async function findOrphans(
  storage: SnapshotStorage,
  roots: readonly string[],
  options: OrphanOptions,
): Promise<OrphanReport> {
  const seen = await listAll(storage, roots, options);
  const referenced = new Set<string>();
  const problems = [...seen.problems];
  const metadata = [...seen.files.values()].filter((f) => nameOf(parseLocation(f.path)) === METADATA);
  await inParallel(metadata, CONCURRENCY, async ({ path }) => {
    const why = await addReferences(storage, path, referenced, options.signal);
    if (why !== undefined) problems.push({ path, sentence: why });
  });
  const own = new Set(metadata.map((f) => f.path));
  const unclaimed = [...seen.files.values()].filter((f) => !referenced.has(f.path) && !own.has(f.path));
  const old = unclaimed.flatMap(({ path, bytes, modifiedAt }) =>
    modifiedAt !== null && options.now - modifiedAt >= options.minAgeMs ? [{ path, bytes, modifiedAt }] : [],
  );
  const orphans = problems.length > 0 ? [] : old.sort((a, b) => a.modifiedAt - b.modifiedAt);
  const bytes = orphans.reduce((sum, o) => sum + o.bytes, 0);
  const looked = { files: seen.files.size, snapshots: metadata.length, referenced: referenced.size };
  const tooYoung = unclaimed.length - old.length;
  return {
    orphans,
    bytes,
    looked,
    tooYoung,
    problems,
    sentence: sentenceFor(orphans, looked, problems, options),
  };
}

async function listAll(storage: SnapshotStorage, roots: readonly string[], options: OrphanOptions) {
  const files = new Map<string, StoredFile>();
  const problems: { path: string; sentence: string }[] = [];
  const most = options.maxFiles ?? MAX_FILES;
  let level: readonly string[] = [...new Set(roots)];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_LEVELS) {
      problems.push({ path: level[0] ?? "", sentence: `lies more than ${MAX_LEVELS} levels deep` });
      break;
    }
    const next: string[] = [];
    await inParallel(level, CONCURRENCY, async (directory) => {
      try {
        for await (const page of storage.list(directory)) {
          options.signal?.throwIfAborted();
          for (const file of page.files) files.set(file.path, file);
          next.push(...page.directories);
          options.progress?.(files.size);
          if (files.size > most) throw new Error(`more than ${most} files`);
        }
      } catch (error) {
        problems.push({ path: directory, sentence: sentenceOf(error) });
      }
    });
    if (files.size > most) break;
    level = [...new Set(next)];
  }
  return { files, problems };
}

/** Adds what a snapshot refers to; the reason when that cannot be told. */
async function addReferences(
  storage: SnapshotStorage,
  metadata: string,
  into: Set<string>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const found = await referencedFiles(storage, metadata, signal);
    if (typeof found === "string") return found;
    for (const file of found) into.add(file);
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

/**
 * Normalised paths of all files that a snapshot refers to; a sentence where its `_metadata` does not tell. Throws the
 * `Failure` of the storage.
 */
export async function referencedFiles(
  storage: SnapshotStorage,
  metadata: string,
  signal?: AbortSignal,
): Promise<readonly string[] | string> {
  const reading = await within(storage.readMetadata(metadata), signal);
  if (!reading.ok) return reading.defect.sentence;
  const needed = neededFiles(reading.content.references, directoryOfTarget(metadata));
  const files = [...needed.directories].flatMap(([directory, names]) =>
    [...names.keys()].map((name) => pathIn(directory, name)),
  );
  return needed.refused[0]?.sentence ?? files;
}

function sentenceFor(
  orphans: readonly Orphan[],
  looked: OrphanReport["looked"],
  problems: OrphanReport["problems"],
  { minAgeMs, now }: OrphanOptions,
): string {
  const among = `${looked.files} files and ${looked.snapshots} snapshots`;
  const [problem] = problems;
  if (problem !== undefined) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more like it)` : "";
    return `Nothing is called an orphan: what ${problem.path} refers to is not known, ${problem.sentence}${more}.`;
  }
  const [oldest] = orphans;
  if (oldest === undefined) {
    return `No orphans older than ${formatDuration(minAgeMs)} among ${among}.`;
  }
  const age = formatDuration(now - oldest.modifiedAt);
  return `${orphans.length} files belong to no snapshot, the oldest written ${age} ago; ${among} were looked at.`;
}
