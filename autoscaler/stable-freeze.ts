import {
  formatDuration,
  type GuardResult,
  type Instant,
  type Milliseconds,
  type ScaleInputs,
} from "../model/index.ts";
import { plannedFor } from "./calendar/calendar-at.ts";
import { fallsBehind } from "./falls-behind.ts";
import type { Proposed } from "./guards.ts";

/**
 * Guard `stable-freeze`: a job that nobody has rescaled for `freezeAfterStable` has found its size. From then on it is
 * only scaled up when it falls behind, or changed to keep a schedule; the first such rescale begins the time anew.
 */
export function stableFreeze(
  inputs: ScaleInputs,
  { config, now, direction }: Pick<Proposed, "config" | "now" | "direction">,
): Omit<GuardResult, "name"> {
  const afterMs = config.freezeAfterStableMs;
  if (afterMs === null) return { verdict: "pass", sentence: "jobs are not frozen", numbers: {} };
  const stableMs = stableForMs(inputs, now);
  const numbers = { stableMs, afterMs };
  const stable = `the job was not rescaled for ${formatDuration(stableMs)}`;
  if (stableMs < afterMs) return { verdict: "pass", sentence: `${stable}, which is not stable yet`, numbers };
  if (direction === "none") return { verdict: "pass", sentence: "nothing is to be changed", numbers };
  if (direction === "up" && fallsBehind(inputs, config)) {
    return { verdict: "pass", sentence: `${stable}, but it falls behind`, numbers };
  }
  if (isAskedByPlan(inputs)) {
    return { verdict: "pass", sentence: `${stable}, but a plan asks for a change`, numbers };
  }
  const frozen = `${stable}, so that it is only scaled up when it falls behind (freezeAfterStable ${formatDuration(afterMs)})`;
  return { verdict: "veto", sentence: frozen, numbers };
}

/**
 * A job that was never rescaled is as it is since it began to run, by the JobManager's clock; a change by somebody else
 * counts as one, and was noticed by ours.
 */
function stableForMs(
  { to, lastRescaleAt, runningSince, foreignChangeAt }: ScaleInputs,
  now: Instant,
): Milliseconds {
  return Math.min(to - (lastRescaleAt ?? runningSince), now - (foreignChangeAt ?? 0));
}

/** Whether some vertex runs outside of what is planned for now. */
function isAskedByPlan({ calendar, vertices }: ScaleInputs): boolean {
  if (calendar === null) return false;
  return Object.entries(vertices).some(([id, v]) => {
    const floor = plannedFor(calendar.floors, id, v.name) ?? 0;
    const ceiling = plannedFor(calendar.ceilings, id, v.name) ?? Number.POSITIVE_INFINITY;
    return v.parallelism < floor || v.parallelism > ceiling;
  });
}
