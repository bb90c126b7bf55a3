import type { EarlierRestore, FlinkJobId, Instant, JobKey } from "../../model/index.ts";
import { sha256 } from "./sha256.ts";

/** What makes an act the one that it is: nothing in it changes from pass to pass while it waits. */
export interface Act {
  readonly job: JobKey;
  /** Of the life that is replaced or ended. */
  readonly flinkJobId: FlinkJobId;
  readonly action: "restore" | "stop";
  readonly snapshot: string | null;
  readonly earlier: readonly EarlierRestore[];
}

/**
 * Identity of a decision to act: the same act on the same life after the same restores before it. A pass that is
 * repeated arrives at the same record; a retry, which has one more restore before it, at a new one.
 */
export function actId(act: Act): string {
  const after = act.earlier.at(-1)?.decision ?? null;
  return idOf([act.job, act.flinkJobId, act.action, act.snapshot, after]);
}

/** Identity of a hold: the moment. */
export function holdId(job: JobKey, flinkJobId: FlinkJobId, at: Instant, reason: string): string {
  return idOf([job, flinkJobId, "hold", at, reason]);
}

/**
 * The Flink job id that a restore submits the job under. Flink refuses a second submission of an id that it knows, so
 * a request that is repeated, after a kill or for want of an answer, can never start a second copy.
 */
export function newJobIdOf(decision: string): FlinkJobId {
  return sha256(decision).slice(0, 32);
}

const idOf = (parts: readonly unknown[]): string => `r-${sha256(JSON.stringify(parts)).slice(0, 20)}`;
