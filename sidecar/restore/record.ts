import type { RestoreDecision, RestoreRecord } from "../../model/index.ts";
import { newJobIdOf, restoreDecisionId } from "../../recovery/index.ts";
import type { Store } from "../store/port.ts";

/**
 * Writes a decision about a job's state. The id of the restored job follows from the record's: where the store gave
 * the record another one, because the same act was concluded before, the plan gets the id that belongs to it.
 */
export function recordRestore(store: Store, decision: RestoreDecision): RestoreRecord {
  const record = store.recordDecision(restoreDecisionId(decision), decision);
  const plan = record.effective;
  if (plan?.action !== "restore") return record;
  const newFlinkJobId = newJobIdOf(record.id);
  if (plan.newFlinkJobId === newFlinkJobId) return record;
  return store.recordDecision(record.id, { ...decision, effective: { ...plan, newFlinkJobId } });
}
