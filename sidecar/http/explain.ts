import { formatInstant, type Mode, type Pause } from "../../model/index.ts";
import type { JobView } from "../fleet.ts";
import type { DecisionHistory } from "../store/port.ts";
import { presentJob } from "./job.ts";
import type { HttpDeps } from "./route.ts";

/** Why a job is treated as it is: the newest decision, who held it, and what would have to change. */
export function explain(view: JobView, deps: HttpDeps) {
  const job = presentJob(view, deps);
  const decision =
    (view.decision === null ? undefined : deps.store.decision(view.decision)) ??
    deps.store.decisions({ job: view.key, limit: 1 }).items[0] ??
    null;
  return {
    job: job.key,
    state: job.state,
    mode: job.mode,
    pause: job.pause,
    verdict: job.verdict,
    sentence: job.sentence,
    decision,
    permits: decision?.permits ?? [],
    wouldChange: changesNeeded(job.state, job.mode, job.pause, decision),
    said: deps.fleet.lastSaid(view.key) ?? null,
  };
}

/** One sentence per obstacle between here and an act; wisdom (guards) before permission. */
export function changesNeeded(
  state: JobView["state"],
  mode: Mode,
  pause: Pause | null,
  decision: DecisionHistory | null,
): readonly string[] {
  if (state === "UNREACHABLE") return ["the cluster has to answer again"];
  if (state === "GONE" && decision?.record.kind !== "restore") return ["the job has to be submitted again"];
  if (decision === null) return ["a first decision has to be made: Outrider is still collecting"];
  const { record, outcome } = decision;
  const needed = record.guards
    .filter((g) => g.verdict === "veto")
    .map((g) => `the guard ${g.name} has to pass: ${g.sentence}`);
  if (record.effective === null && needed.length === 0) {
    return ["nothing is wanted: the load has to change before the parallelism should"];
  }
  if (outcome !== null) return [];
  if (pause !== null) {
    needed.push(`the pause of ${pause.owner} has to end, at ${formatInstant(pause.until)} or by a resume`);
  }
  if (mode === "observe") needed.push("the mode has to be approve or act; now it is observe");
  if (mode === "approve" && record.effective !== null && decision.approval === null) {
    needed.push(`a person has to approve the decision ${record.id}`);
  }
  if (decision.approval?.verdict === "rejected") {
    needed.push(`another decision has to be made: ${decision.approval.by} rejected this one`);
  }
  return needed;
}
