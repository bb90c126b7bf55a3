import type { JobView } from "../fleet.ts";
import type { HttpDeps } from "./route.ts";

/** How far a job's newest decision has come, in one glance: what lists need without asking for every record. */
export function newestDecision(job: JobView, { store }: Pick<HttpDeps, "store">) {
  const history = job.decision === null ? undefined : store.decision(job.decision);
  if (history === undefined) return null;
  const { record, permits, approval, attempts, outcome } = history;
  return {
    id: record.id,
    at: record.at,
    since: record.since,
    times: record.times,
    acts: record.effective !== null,
    permit: permits.at(-1)?.code ?? null,
    approval: approval?.verdict ?? null,
    attempt: attempts.at(-1)?.status ?? null,
    outcome: outcome?.verdict ?? null,
  };
}
