import type { HealthReadout } from "../../model/index.ts";
import type { Finding } from "./finding.ts";
import type { Loop } from "./loop.ts";
import type { DiagnosisQuestion } from "./question.ts";
import { failureBefore } from "./standstill.ts";
import type { HealthTrail } from "./trail.ts";
import { ago, faultClause, plural, since } from "./wording.ts";

/** Faults that missing processes explain; a failure of the program is no matter of processes. */
const OF_PROCESSES: ReadonlySet<string> = new Set(["process-lost", "network", "resources"]);

/**
 * Whether a job does not run in full because TaskManagers are missing; null where they are not, or where its own fault
 * says something else.
 */
export function processesMissing(
  q: DiagnosisQuestion,
  health: HealthReadout,
  trail: HealthTrail,
  loop: Loop | null,
): Finding | null {
  const registered = q.cluster?.taskManagers.length;
  const expected = q.expectedTaskManagers;
  const began = trail.notRunningSince ?? trail.stateSince;
  const fault = loop?.fault ?? failureBefore(trail);
  const doing =
    health.state === "RUNNING"
      ? `${health.tasksRunning} of ${plural(health.tasksTotal, "task")} run`
      : `the job is ${health.state}`;
  const state = `${doing} for ${since(began, health.at)}`;
  const found = {
    since: began,
    fault,
    numbers: { registered, expected, notRunningMs: ago(began, health.at) },
  };
  if (registered === undefined || expected === null || registered >= expected) {
    if (fault?.class !== "process-lost") return null;
    return {
      ...found,
      kind: "task-managers-lost",
      sentence: `TaskManagers lost: ${faultClause(fault)}; ${state}.`,
    };
  }
  if (fault !== null && !OF_PROCESSES.has(fault.class)) return null;
  const told = `${registered} of ${plural(expected, "expected TaskManager")} ${registered === 1 ? "is" : "are"} registered`;
  const down = registered <= q.settings.clusterHealthRatio * expected;
  return down
    ? { ...found, kind: "cluster-down", sentence: `Cluster down: ${told}; ${state}.` }
    : { ...found, kind: "task-managers-lost", sentence: `TaskManagers lost: ${told}; ${state}.` };
}
