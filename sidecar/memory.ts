import { type History, type Learned, NOTHING_LEARNED } from "../autoscaler/index.ts";
import type { FlinkJobId, Instant, JobKey, Milliseconds, Parallelism } from "../model/index.ts";
import type { Store } from "./store/port.ts";

/** What is kept of a job between passes and across restarts of the process, beside what it taught. */
export interface JobMemory extends Omit<History, "learned" | "restartPauseMs"> {
  readonly flinkJobId: FlinkJobId | null;
  /** Upper bounds as last seen or last set by us; a difference to Flink's means somebody else changed them. */
  readonly requirements: Parallelism | null;
  /** How many attempts have come to an end: part of a decision's identity, so that a retry is a new decision. */
  readonly concluded: number;
  /** A refused attempt is not repeated before this instant. */
  readonly retryAt: Instant | null;
  /** Refusals in a row, for the back-off. */
  readonly refusals: number;
}

const EMPTY: JobMemory = {
  lastRescaleAt: null,
  foreignChangeAt: null,
  flinkJobId: null,
  requirements: null,
  concluded: 0,
  retryAt: null,
  refusals: 0,
};

const NAME = "history";

export function recallMemory(store: Store, job: JobKey): JobMemory {
  const kept = store.recall(job, NAME);
  return typeof kept === "object" && kept !== null ? { ...EMPTY, ...(kept as Partial<JobMemory>) } : EMPTY;
}

const LEARNED = "learned";

/** What the job taught; read once, then handed from pass to pass. */
export function recallLearned(store: Store, job: JobKey): Learned {
  const kept = store.recall(job, LEARNED);
  return typeof kept === "object" && kept !== null
    ? { ...NOTHING_LEARNED, ...(kept as Partial<Learned>) }
    : NOTHING_LEARNED;
}

/**
 * Kept when a step of the load has ended, or when a rescale taught something: every few minutes, not at every pass.
 * What is lost by a crash is less than one step of the load.
 */
export function keepLearned(store: Store, job: JobKey, before: Learned, after: Learned): void {
  const same =
    before.load === after.load &&
    before.rescales === after.rescales &&
    before.pausesMs === after.pausesMs &&
    before.bounds === after.bounds &&
    before.flink?.history === after.flink?.history;
  if (!same) store.remember(job, LEARNED, after);
}

/** Writes only when something changed: a steady job costs no writes. */
export function keepMemory(store: Store, job: JobKey, before: JobMemory, after: JobMemory): JobMemory {
  if (JSON.stringify(before) !== JSON.stringify(after)) store.remember(job, NAME, after);
  return after;
}

/**
 * Compares Flink's requirements with what we knew. The first look at a Flink job id only learns them; a later
 * difference that is not what we asked for was made by somebody else.
 */
export function noticeRequirements(
  memory: JobMemory,
  flinkJobId: FlinkJobId,
  seen: Parallelism | undefined,
  asked: Parallelism | null,
  now: Instant,
): JobMemory {
  if (seen === undefined) return memory;
  if (memory.flinkJobId !== flinkJobId || memory.requirements === null) {
    return { ...memory, flinkJobId, requirements: seen };
  }
  if (sameParallelism(seen, memory.requirements)) return memory;
  const ours = asked !== null && sameParallelism(seen, asked);
  return { ...memory, requirements: seen, foreignChangeAt: ours ? memory.foreignChangeAt : now };
}

/** 10 s, 20 s, 40 s … at most 10 min between attempts that Flink refuses. */
export function backOff(refusals: number): Milliseconds {
  return Math.min(600_000, 10_000 * 2 ** Math.max(0, refusals - 1));
}

export function sameParallelism(a: Parallelism, b: Parallelism): boolean {
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => a[id] === b[id]);
}
