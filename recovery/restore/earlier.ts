import type { EarlierRestore, FlinkJobId, Milliseconds, RestoreInputs } from "../../model/index.ts";
import { newJobIdOf } from "./identity.ts";

/**
 * The restores that led to this life without any of them having got somewhere, newest first. A life got somewhere that
 * completed a checkpoint and lasted for `lastingMs`: some jobs complete one in the second before they fail. The chain
 * is followed by job ids; a life that somebody else began ends it. Restores that began no life (given up, superseded)
 * tell nothing about the fault and are left out.
 */
export function inVain(inputs: RestoreInputs, lastingMs: Milliseconds): readonly EarlierRestore[] {
  const vain: EarlierRestore[] = [];
  let life = inputs.life.flinkJobId;
  let until = inputs.diagnosis.fault?.at ?? inputs.diagnosis.since;
  for (const e of inputs.earlier.toReversed()) {
    if (newJobIdOf(e.decision) === life) {
      const saved = e.succeeded === true || hasCheckpoint(inputs, life);
      if (saved && until - e.at >= lastingMs) break;
      if (e.succeeded !== null) vain.push(e);
      life = e.flinkJobId;
      until = e.at;
    } else if (e.flinkJobId !== life) {
      break;
    }
  }
  return vain;
}

/** Of those the newest that ended in the fault of now: the first did, and each other in the fault that the next answered. */
export function endedTheSame(inputs: RestoreInputs, lastingMs: Milliseconds): readonly EarlierRestore[] {
  const vain = inVain(inputs, lastingMs);
  const fingerprint = inputs.diagnosis.fault?.fingerprint;
  const other = vain.findIndex((e) => e.fingerprint !== fingerprint);
  return other === -1 ? vain : vain.slice(0, other + 1);
}

/** The restore that cancelled this life and did not come through: the job is down because of us, not of a person. */
export function leftCancelled(inputs: RestoreInputs): boolean {
  const last = inputs.earlier.at(-1);
  return (
    last?.flinkJobId === inputs.life.flinkJobId &&
    last.action === "restore" &&
    last.cancelled &&
    last.endedAt !== null &&
    last.succeeded === false
  );
}

/** Median time until RUNNING of this job's restores; null where none was measured. */
export function usualDuration(earlier: readonly EarlierRestore[]): Milliseconds | null {
  const known = earlier
    .map((e) => e.runningAfterMs)
    .filter((ms) => ms !== null)
    .sort((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)] ?? null;
}

function hasCheckpoint(inputs: RestoreInputs, life: FlinkJobId): boolean {
  return inputs.candidates.some(
    (c) => c.flinkJobId === life && c.kind === "checkpoint" && c.state !== "incomplete",
  );
}
