import { type Fault, formatDuration, type HealthReadout } from "../../model/index.ts";
import type { Finding } from "./finding.ts";
import { firstOf } from "./first-fault.ts";
import type { DiagnosisQuestion } from "./question.ts";
import type { HealthTrail } from "./trail.ts";
import { ago, plural, since, withFault } from "./wording.ts";

/** Of tasks that wait for a slot or for their deployment, not of those that restore their state. */
const WAITING = ["CREATED", "SCHEDULED", "DEPLOYING"] as const;

/** An exception is older than what it does to the job by much less than this. */
const EXCEPTION_LEAD_MS = 10_000;

/** Why the job does not run now: the failure that stopped it. */
export function failureBefore(trail: HealthTrail): Fault | null {
  const began = trail.notRunningSince ?? trail.stateSince;
  return firstOf(trail.failures.filter((f) => f.fault.at >= began - EXCEPTION_LEAD_MS));
}

/** A job that does not run in full for too long; null where it is not too long yet. */
export function stuck(q: DiagnosisQuestion, health: HealthReadout, trail: HealthTrail): Finding | null {
  const began = trail.notRunningSince ?? trail.stateSince;
  const lasts = ago(began, health.at);
  if (lasts < q.settings.stuckAfterMs || restoresState(health)) return null;
  const fault = failureBefore(trail);
  const tasks =
    health.state === "RUNNING"
      ? ` with ${health.tasksRunning} of ${plural(health.tasksTotal, "task")} running`
      : "";
  return {
    kind: "stuck",
    since: began,
    sentence: `Stuck: ${health.state}${tasks} for ${formatDuration(lasts)}${slotClause(q, health)}${withFault("; ", fault)}.`,
    fault,
    numbers: {
      stuckMs: lasts,
      stuckAfterMs: q.settings.stuckAfterMs,
      ...slotsOf(q),
      tasksRunning: health.tasksRunning,
      tasksTotal: health.tasksTotal,
    },
  };
}

/** Tasks that load a large state take their time; that is no standstill. */
function restoresState({ state, tasksByState }: HealthReadout): boolean {
  if (state !== "RUNNING" || tasksByState === undefined) return false;
  const waiting = WAITING.some((s) => (tasksByState[s] ?? 0) > 0);
  return !waiting && (tasksByState["INITIALIZING"] ?? 0) > 0;
}

/** What the job occupied when it ran last, and what there is. */
function slotsOf(q: DiagnosisQuestion): { slotsNeeded?: number; slotsFree?: number; slotsTotal?: number } {
  const widest = Math.max(0, ...Object.values(q.life?.parallelism ?? {}));
  const found = q.cluster?.taskManagers;
  return {
    ...(widest > 0 ? { slotsNeeded: widest } : {}),
    ...(found === undefined
      ? {}
      : {
          slotsFree: found.reduce((sum, t) => sum + t.freeSlots, 0),
          slotsTotal: found.reduce((sum, t) => sum + t.slots, 0),
        }),
  };
}

function slotClause(q: DiagnosisQuestion, health: HealthReadout): string {
  const { slotsNeeded, slotsFree, slotsTotal } = slotsOf(q);
  const waits = health.state === "CREATED" || health.state === "RESTARTING" || health.state === "RUNNING";
  if (!waits || slotsFree === undefined) return "";
  const free = `${slotsFree} of ${plural(slotsTotal ?? 0, "slot")} ${slotsFree === 1 ? "is" : "are"} free`;
  if (slotsNeeded === undefined) return slotsFree === 0 ? `; ${free}` : "";
  return slotsFree < slotsNeeded
    ? `; it ran in ${plural(slotsNeeded, "slot")} and ${free}: ${slotsNeeded - slotsFree} missing`
    : "";
}

/** In a transition that is not too long yet: no verdict. */
export function underWay(q: DiagnosisQuestion, health: HealthReadout, trail: HealthTrail): Finding {
  const began = trail.notRunningSince ?? trail.stateSince;
  const fault = failureBefore(trail);
  const doing = restoresState(health)
    ? `${health.tasksByState?.["INITIALIZING"] ?? 0} of ${plural(health.tasksTotal, "task")} restore their state`
    : health.state === "RUNNING"
      ? `${health.tasksRunning} of ${plural(health.tasksTotal, "task")} run`
      : `the job is ${health.state}`;
  return {
    kind: "not-assessed",
    since: began,
    sentence: `No verdict yet: ${doing} for ${since(began, health.at)}${withFault(" after ", fault)}; it is stuck after ${formatDuration(q.settings.stuckAfterMs)}.`,
    fault,
    numbers: { notRunningMs: ago(began, health.at), stuckAfterMs: q.settings.stuckAfterMs },
  };
}
