import type { DecisionRecord, Instant, Mode, Parallelism, ScaleDecision } from "../model/index.ts";
import { sameParallelism } from "./memory.ts";
import { type Doubt, doubtAbout } from "./still-valid.ts";
import type { DecisionHistory, Store } from "./store/port.ts";

export interface Heeded {
  /** An approved decision that is to be carried out instead of what this pass would propose. */
  readonly due: DecisionRecord | undefined;
  /** Id of an approved decision that this pass gave up. */
  readonly givenUp: string | undefined;
}

export const NOTHING_HEEDED: Heeded = { due: undefined, givenUp: undefined };

/**
 * What becomes of people's approvals that were not carried out yet, the newest word first: one that still holds
 * against `newest`, the fresh decision of this pass, is due in mode `approve` (in `act` the newest itself is done);
 * one that can never hold again gets its outcome, at most one in a pass, so that each is told. Others wait.
 * Not to be asked while an attempt is under way. Killed at any line, the next pass comes to the same.
 */
export function heedApproval(
  store: Store,
  mode: Mode,
  newest: ScaleDecision,
  present: Parallelism,
  now: Instant,
): Heeded {
  const approved = store.approvedDecisions(newest.job, "scale").map((history) => {
    const { newest: stored, ...later } = store.laterActs(history.record.id, "scale");
    const doubt = doubtAbout(history.record, { newest, present, ...later }, now);
    return { history, doubt, proposedStill: stored === undefined && isProposed(history.record, newest) };
  });
  const due = approved.find((a) => a.doubt === undefined);
  if (mode === "approve" && due !== undefined) return { ...NOTHING_HEEDED, due: due.history.record };
  // What is proposed exactly so again is the record that this pass arrives at, however old the word.
  const lost = approved.findLast((a) => a.doubt?.final === true && !a.proposedStill);
  if (lost?.doubt === undefined) return NOTHING_HEEDED;
  giveUp(store, lost.history, lost.doubt, present, now);
  return { ...NOTHING_HEEDED, givenUp: lost.history.record.id };
}

function isProposed(record: DecisionRecord, newest: ScaleDecision): boolean {
  const { effective } = newest;
  return (
    effective !== null &&
    newest.flinkJobId === record.flinkJobId &&
    sameParallelism(effective, record.effective ?? {})
  );
}

function giveUp(
  store: Store,
  { record, approval }: DecisionHistory<"scale">,
  doubt: Doubt,
  observed: Parallelism,
  now: Instant,
): void {
  store.appendOutcome({
    decision: record.id,
    at: now,
    verdict: "superseded",
    expected: record.effective ?? {},
    observed,
    tookMs: null,
    sentence: `not carried out, although ${approval?.by ?? "somebody"} approved it: ${doubt.sentence}`,
  });
}
