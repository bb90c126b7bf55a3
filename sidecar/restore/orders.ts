import type { Instant, JobLife, Milliseconds, RestoreDecision, RestoreRecord } from "../../model/index.ts";
import type { DecisionHistory, Store } from "../store/port.ts";

/** How long a person's word can stand for a restore that did not begin yet. */
const WORD_STANDS_MS: Milliseconds = 300_000;

/**
 * The restore that a person agreed to and that is to be done now, the newest word first. What a person ordered is done
 * as it is; what Outrider proposed, while it still proposes to end or restore the same life in the same way. A word
 * that can never count again is given up with an outcome.
 */
export function dueOrder(
  store: Store,
  life: JobLife,
  job: string,
  fresh: RestoreDecision | null,
  now: Instant,
): RestoreRecord | undefined {
  for (const history of store.approvedDecisions(job, "restore")) {
    const { record } = history;
    const lost = lostBecause(record, life, now);
    if (lost !== undefined) giveUp(store, history, lost, now);
    else if (record.trigger === "request" || isProposed(record, fresh)) return record;
  }
  return undefined;
}

function lostBecause(record: RestoreRecord, life: JobLife, now: Instant): string | undefined {
  if (record.flinkJobId !== life.flinkJobId) return `the job runs as ${life.flinkJobId} since`;
  if (now - record.at > WORD_STANDS_MS) return "it is too old: at most 5 min count";
  return undefined;
}

/** To end a loop is the same whatever snapshot stays behind. */
function isProposed(record: RestoreRecord, fresh: RestoreDecision | null): boolean {
  const [plan, wanted] = [record.effective, fresh?.effective ?? null];
  if (plan === null || wanted === null || plan.action !== wanted.action) return false;
  return plan.action === "stop" || plan.snapshot === wanted.snapshot;
}

function giveUp(store: Store, history: DecisionHistory<"restore">, why: string, now: Instant): void {
  const by = history.approval?.by ?? "somebody";
  store.appendOutcome({
    decision: history.record.id,
    at: now,
    verdict: "superseded",
    expected: {},
    observed: {},
    tookMs: null,
    sentence: `not carried out, although ${by} approved it: ${why}`,
  });
}
