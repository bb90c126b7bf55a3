import type { Attempt, EarlierRestore, Instant, JobKey } from "../../model/index.ts";
import type { DecisionHistory, Store } from "../store/port.ts";

const PAGE = 50;
/** More than any budget counts: of one job, and of all. */
const MOST = { job: 50, all: 500 };

/** Every restore that was begun, oldest first: of one job, or of all since then. At most the newest of them. */
export function earlierRestores(
  store: Store,
  query: { readonly job?: JobKey; readonly since?: Instant } = {},
): readonly EarlierRestore[] {
  const found: EarlierRestore[] = [];
  let before: string | null | undefined;
  const most = query.job === undefined ? MOST.all : MOST.job;
  while (before !== null && found.length < most) {
    const page: ReturnType<typeof store.decisions<"restore">> = store.decisions({
      kind: "restore",
      acts: true,
      attempted: true,
      limit: PAGE,
      ...(query.job === undefined ? {} : { job: query.job }),
      ...(before === undefined ? {} : { before }),
    });
    found.push(...page.items.flatMap(earlierOf));
    const oldest = page.items.at(-1)?.record.at ?? 0;
    before = query.since !== undefined && oldest < query.since ? null : page.next;
  }
  return found.toReversed();
}

function earlierOf({ record, attempts, outcome }: DecisionHistory<"restore">): readonly EarlierRestore[] {
  const first = attempts[0];
  const plan = record.effective;
  if (first === undefined || plan === null) return [];
  const running = outcome?.timings?.["running"];
  const { fault, since } = record.inputs.diagnosis;
  return [
    {
      decision: record.id,
      job: record.job,
      flinkJobId: record.flinkJobId,
      action: plan.action,
      at: first.at,
      endedAt: outcome?.at ?? null,
      snapshot: plan.snapshot,
      fingerprint: fault?.fingerprint ?? null,
      succeeded: outcome === null || outcome.verdict === "superseded" ? null : outcome.verdict === "reached",
      cancelled: attempts.some((a) => a.step === "cancel" && wasAsked(a)),
      // The outcome counts from the fault.
      runningAfterMs: running === undefined ? null : Math.max(0, (fault?.at ?? since) + running - first.at),
    },
  ];
}

/** Flink may have heard it. */
const wasAsked = (a: Attempt): boolean => a.status !== "failed" && a.status !== "abandoned";
