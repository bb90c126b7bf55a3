import { formatDuration, type ScaleInputs } from "../../model/index.ts";
import { strayed } from "../demand.ts";
import { FREEZE_MS, frozenSince, hasMoved, loadAt } from "../oscillation.ts";
import { sourceArrival } from "../sizing.ts";
import { type Asked, pass, type Verdict, veto } from "./verdict.ts";

/**
 * Up, down and up again under the same load helps nobody. Vetoes for an hour, unless the load has moved since; a job
 * that falls behind may always grow, so that it is never frozen at a size that is too small.
 */
export function oscillationFrozen(inputs: ScaleInputs, proposed: Asked): Verdict {
  const { direction, now, vertices } = proposed;
  const last = frozenSince(inputs.rescales, now);
  if (last === null) return pass("the rescales of the last hours did not undo each other");
  const sinceMs = Math.max(0, now - last.at);
  const arrival = sourceArrival(inputs);
  const numbers = { sinceMs, freezeMs: FREEZE_MS, arrivalRate: arrival };
  if (direction === "none") return pass("no rescale is proposed", numbers);
  if (strayed(inputs)) return pass("the work does not follow the load, which says nothing of it", numbers);
  if (hasMoved(loadAt(last), arrival)) return pass("the load has moved since", numbers);
  const behind = Object.values(vertices).some((v) => v.utilization > 1);
  if (direction === "up" && behind) return pass("the job falls behind, so it may grow", numbers);
  return veto(
    `the last rescales undid each other under the same load, the last ${formatDuration(sinceMs)} ago; nothing is changed for ${formatDuration(FREEZE_MS)} unless the load moves by 20 %`,
    numbers,
  );
}
