import { Failure, type Parallelism } from "../../model/index.ts";
import type { DecisionHistory } from "../store/port.ts";
import type { HttpDeps } from "./route.ts";

/** How many newer records are looked through; an older decision than that is superseded in any case. */
const PAGE = 100;
const PAGES = 10;

/**
 * A person's word counts only for what is still on the table. Throws `Failure("conflict")` when the decision is a
 * hold, was acted on, belongs to an earlier submission of the job, or a newer decision scales differently.
 */
export function refuseSuperseded(history: DecisionHistory, deps: Pick<HttpDeps, "store" | "fleet">): void {
  const { record } = history;
  const refuse = (why: string): never => {
    throw new Failure("conflict", `the decision ${record.id} cannot be approved or rejected: ${why}`);
  };
  if (record.effective === null) refuse("it is a hold, so that there is nothing to carry out");
  if (history.outcome !== null) refuse(`it has its outcome already: ${history.outcome.sentence}`);
  if (history.attempts.length > 0) refuse("it is being carried out already");
  const job = deps.fleet.job(record.job);
  if (!job || job.state === "GONE") refuse("Flink no longer lists its job");
  else if (job.flinkJobId !== record.flinkJobId) refuse(`the job was submitted anew, as ${job.flinkJobId}`);
  const newer = newerDifferent(history, deps);
  if (newer !== null) refuse(`it is superseded by ${newer}`);
}

/** What supersedes the decision: a newer record of the same job that scales to something else. */
function newerDifferent({ record }: DecisionHistory, { store }: Pick<HttpDeps, "store">): string | null {
  let before: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { items, next } = store.decisions({
      job: record.job,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    for (const { record: other } of items) {
      if (other.id === record.id) return null;
      if (other.effective !== null && !isSame(other.effective, record.effective ?? {})) {
        return `the decision ${other.id}`;
      }
    }
    if (next === null) return null;
    before = next;
  }
  return `more than ${PAGE * PAGES} newer decisions`;
}

function isSame(a: Parallelism, b: Parallelism): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => a[k] === b[k]);
}
