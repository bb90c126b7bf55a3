import { Failure, type SnapshotProblem, type StoredFile, sentenceOf } from "../model/index.ts";
import type { SnapshotStorage } from "./ports.ts";
import type { Suspect } from "./presence.ts";
import { within } from "./within.ts";

/** Files that are looked up one by one at most: listings may be older than the files, but not by many of them. */
const MOST_LOOKUPS = 20;

/** What became of the suspects. */
export interface SecondLook {
  /** Missing or short for certain. */
  readonly proven: readonly Suspect[];
  /** What nobody can tell: the store did not answer, or its listing and its look-ups contradict each other. */
  readonly open: readonly SnapshotProblem[];
}

/**
 * Looks the first suspects up one by one, so that a listing which lags behind does not condemn a good snapshot. Once
 * one file is proven missing, the listing is believed for those that were not looked up.
 */
export async function lookAgain(
  storage: SnapshotStorage,
  suspects: readonly Suspect[],
  signal: AbortSignal | undefined,
): Promise<SecondLook> {
  if (storage.stat === undefined) return { proven: suspects, open: [] };
  const proven: Suspect[] = [];
  const open: SnapshotProblem[] = [];
  const looked = suspects.slice(0, MOST_LOOKUPS);
  const answers = await Promise.allSettled(looked.map((s) => within(lookUp(storage, s.file), signal)));
  for (const [index, suspect] of looked.entries()) {
    const answer = answers[index];
    if (answer?.status !== "fulfilled") {
      const sentence = `is not listed as it should be, and could not be looked up: ${sentenceOf(answer?.reason)}`;
      open.push({ ...suspect, sentence });
      continue;
    }
    const judged = judge(suspect, answer.value);
    if (judged !== undefined) proven.push(judged);
  }
  const rest = suspects.slice(looked.length);
  if (proven.length > 0) return { proven: [...proven, ...rest], open };
  const stale = rest.map((suspect) => ({ ...suspect, sentence: STALE }));
  return { proven, open: [...open, ...stale] };
}

/** What Flink writes before a changelog that it did not compress (`dstl.dfs.compression.enabled: false`). */
const NOT_COMPRESSED = 0;

/**
 * Tells by their first byte which of the files that are too short cannot be compressed. The first ones speak for the
 * rest, because compression is set for a whole cluster: no request per file.
 */
export async function lookInside(
  storage: SnapshotStorage,
  packed: readonly Suspect[],
  signal: AbortSignal | undefined,
): Promise<{ readonly suspects: readonly Suspect[]; readonly open: readonly SnapshotProblem[] }> {
  const looked = packed.slice(0, MOST_LOOKUPS);
  const bytes = await Promise.allSettled(looked.map((s) => within(firstByte(storage, s.file), signal)));
  const open = looked.flatMap((suspect, index) => {
    const answer = bytes[index];
    if (answer?.status === "fulfilled") return [];
    const sentence = `is shorter than needed, and it could not be read whether it is compressed: ${sentenceOf(answer?.reason)}`;
    return [{ ...suspect, sentence }];
  });
  const plain = looked.filter((_, index) => {
    const answer = bytes[index];
    return answer?.status === "fulfilled" && (answer.value ?? NOT_COMPRESSED) === NOT_COMPRESSED;
  });
  return { suspects: plain, open };
}

async function firstByte(storage: SnapshotStorage, file: string): Promise<number | undefined> {
  if (storage.firstByte === undefined) throw new Failure("not-supported", "this store reads no single bytes");
  return storage.firstByte(file);
}

const STALE = "is not listed as it should be, but this store's listings are behind its files";

/** Async, so that what a store throws at once is an answer as well. */
async function lookUp(storage: SnapshotStorage, file: string): Promise<StoredFile | undefined> {
  return storage.stat?.(file);
}

function judge(suspect: Suspect, file: StoredFile | undefined): Suspect | undefined {
  if (file === undefined) return { ...suspect, found: null };
  return file.bytes >= suspect.needed ? undefined : { ...suspect, found: file.bytes };
}
