import { type AnyRecord, type DecisionRecord, Failure, parallelismOf } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import { doubtAbout, WORD_STANDS_MS } from "../still-valid.ts";
import type { Approval, DecisionHistory } from "../store/port.ts";
import type { HttpDeps } from "./route.ts";

type Verdict = Approval["verdict"];
type Deps = Pick<HttpDeps, "store" | "fleet" | "now">;

/**
 * A person's word counts only while it can mean something. Throws `Failure("conflict")`, which says why and what is on
 * the table now, when the decision is a hold, was acted on, or belongs to an earlier submission of the job. Where a
 * newer decision to act was recorded, a no is refused: it would hold nothing; a yes to a rescale stands as long as
 * `doubtAbout` finds nothing against it.
 */
export function refuseSuperseded(history: DecisionHistory, verdict: Verdict, deps: Deps): void {
  const { record } = history;
  const why = reasonAgainst(history, verdict, deps);
  if (why !== undefined) {
    throw new Failure("conflict", `the decision ${record.id} cannot be ${verdict}: ${why}`);
  }
}

function reasonAgainst(history: DecisionHistory, verdict: Verdict, deps: Deps): string | undefined {
  const { record } = history;
  if (record.effective === null) return "it is a hold, so that there is nothing to carry out";
  if (history.outcome !== null) return `it has its outcome already: ${history.outcome.sentence}`;
  if (history.attempts.length > 0) return "it is being carried out already";
  const job = deps.fleet.job(record.job);
  // A job that is gone is what a restore is for.
  const gone = job?.state === "GONE" && record.kind !== "restore";
  if (job === undefined || gone) return "Flink no longer lists its job";
  if (job.flinkJobId !== record.flinkJobId) return `the job was submitted anew, as ${job.flinkJobId}`;
  if (verdict === "approved" && record.kind === "scale") return whyNotNow(record, job, deps);
  const { newest } = deps.store.laterActs(record.id, record.kind);
  return newest === undefined ? undefined : `it is superseded${onTheTable(newest)}`;
}

/** What speaks against carrying out a decision that other records may have followed. */
function whyNotNow(record: DecisionRecord, job: JobView, { store, now }: Deps): string | undefined {
  const open = store.openDecisions().find((d) => d.record.job === record.job);
  if (open !== undefined) return `the decision ${open.record.id} is being carried out`;
  const newest = newestOf(job, store);
  if (newest === undefined || newest.id === record.id) return undefined;
  const { newest: act, ...later } = store.laterActs(record.id, "scale");
  // Only holds followed: it waits for them to pass, as long as a pass would still take it up.
  if (act === undefined && now() - record.at <= WORD_STANDS_MS) return undefined;
  const present = job.graph === null ? {} : parallelismOf(job.graph);
  const doubt = doubtAbout(record, { newest, present, ...later }, now());
  return doubt === undefined ? undefined : `${doubt.sentence}${onTheTable(newest)}`;
}

/** The record that the newest pass arrived at; after a hold that can be one that was stored before the hold. */
function newestOf(job: JobView, store: Deps["store"]): DecisionRecord | undefined {
  const shown = job.decision === null ? undefined : store.decision(job.decision)?.record;
  if (shown?.kind === "scale") return shown;
  return store.decisions({ job: job.key, kind: "scale", limit: 1 }).items[0]?.record;
}

const onTheTable = ({ id, effective, sentence }: AnyRecord): string =>
  effective === null ? "; no decision is on the table now" : `; on the table now is ${id}: ${sentence}`;
