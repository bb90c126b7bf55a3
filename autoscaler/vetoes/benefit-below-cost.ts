import { formatDuration, type ScaleInputs } from "../../model/index.ts";
import { type Asked, pass, type Verdict, veto } from "./verdict.ts";

/** What a change brings and what it costs, in slot-milliseconds over the same time; from the plan. */
export interface Worth {
  readonly gainSlotMs: number;
  readonly costSlotMs: number;
  readonly horizonMs: number;
  /** What the job would hold after it. */
  readonly slots: number;
}

const slotHours = (slotMs: number): string => `${(slotMs / 3_600_000).toFixed(2)} slot-hours`;

/**
 * A change that saves less than the restart costs is not made: neither one that was proposed nor one that the plan
 * left for that reason. `worth` null: there is nothing to save, or no plan.
 */
export function benefitBelowCost(
  inputs: ScaleInputs,
  { direction }: Pick<Asked, "direction">,
  worth: Worth | null,
): Verdict {
  if (worth === null || direction === "up" || direction === "both")
    return pass("no saving is weighed against a restart");
  const { gainSlotMs, costSlotMs, horizonMs, slots } = worth;
  const numbers = { gainSlotMs, costSlotMs, horizonMs, slots, pauseMs: inputs.restartPauseMs };
  const saves = `${slots} slots would save ${slotHours(gainSlotMs)} within ${formatDuration(horizonMs)}`;
  return gainSlotMs >= costSlotMs
    ? pass(`${saves}, which is worth a restart: it counts as ${slotHours(costSlotMs)}`, numbers)
    : veto(`${saves}, which is not worth a restart: it counts as ${slotHours(costSlotMs)}`, numbers);
}
