import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt, Outcome, RestoreRecord } from "../../../model/index.ts";
import type { RunningOutrider } from "../support/outrider.ts";

/** Whom is asked about which job. */
export interface Asked {
  readonly outrider: RunningOutrider;
  readonly key: string;
}

/** A decision to restore and what happened to it, as the API tells. */
export interface RestoreHistory {
  readonly record: RestoreRecord;
  readonly attempts: readonly Attempt[];
  readonly outcome: Outcome | null;
}

interface ListedCandidate {
  readonly path: string;
  readonly state: string;
  readonly checkpointId: number | null;
}

export async function snapshotsOf({ outrider, key }: Asked): Promise<{ items: ListedCandidate[] }> {
  return outrider.get(`/api/v1/jobs/${encodeURIComponent(key)}/snapshots`);
}

/** Every decision about the job's state, oldest first. */
export async function restoresOf({ outrider, key }: Asked): Promise<readonly RestoreHistory[]> {
  const path = `/api/v1/decisions?limit=200&job=${encodeURIComponent(key)}`;
  const { items } = await outrider.get<{ items: (RestoreHistory & { record: { kind: string } })[] }>(path);
  return items.filter((d) => d.record.kind === "restore").toReversed();
}

/** Those of them that asked anything of Flink or of a store. */
export async function deedsOf(asked: Asked): Promise<readonly RestoreHistory[]> {
  return (await restoresOf(asked)).filter((h) => h.attempts.length > 0);
}

/** One decision in a line, for people. */
export const told = ({ record, outcome }: RestoreHistory): string =>
  `${record.reason}: ${record.sentence}${outcome === null ? "" : ` (${outcome.sentence})`}`;

/** Nobody needs to wait long for what an observer will not do. */
const OBSERVED_MS = 45_000;

/** The first decision that `wanted` accepts; its sentences so far stand in the error when none comes in time. */
export async function awaitRestore(
  asked: Asked,
  what: string,
  withinMs: number,
  wanted: (history: RestoreHistory) => boolean,
): Promise<RestoreHistory> {
  const waitMs = process.env["SUBJECT_OFF"] === "1" ? Math.min(withinMs, OBSERVED_MS) : withinMs;
  const deadline = Date.now() + waitMs;
  let seen: readonly RestoreHistory[] = [];
  while (Date.now() < deadline) {
    seen = await restoresOf(asked).catch(() => seen);
    const found = seen.find(wanted);
    if (found !== undefined) return found;
    await sleep(300);
  }
  const lines = seen.map((history) => `- ${told(history)}`).join("\n");
  throw new Error(`${what}: not within ${waitMs / 1_000} s; Outrider decided:\n${lines}`);
}

/** What a person was told of with the highest urgency. */
export async function pagesOf({ outrider }: Asked): Promise<readonly string[]> {
  const { items } = await outrider.get<{ items: { severity: string; sentence: string }[] }>(
    "/api/v1/events?limit=200",
  );
  return items.filter((event) => event.severity === "critical").map((event) => event.sentence);
}
