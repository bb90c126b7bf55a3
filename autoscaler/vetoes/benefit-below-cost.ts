import { formatDuration, type ScaleInputs } from "../../model/index.ts";
import { type Asked, pass, type Verdict, veto } from "./verdict.ts";

/** What a change brings and what it costs, in slot-milliseconds over the same time; from the plan. */
export interface Worth {
  readonly gainSlotMs: number;
  readonly costSlotMs: number;
  readonly horizonMs: number;
}

const slotHours = (slotMs: number): string => `${(slotMs / 3_600_000).toFixed(2)} slot-hours`;

/** A change that saves less than the restart costs is not made. `worth` null: nothing to save was proposed, or no plan. */
export function benefitBelowCost(
  inputs: ScaleInputs,
  { direction }: Pick<Asked, "direction">,
  worth: Worth | null,
): Verdict {
  if (worth === null || direction !== "down") return pass("no saving is weighed against a restart");
  const { gainSlotMs, costSlotMs, horizonMs } = worth;
  const numbers = { gainSlotMs, costSlotMs, horizonMs, pauseMs: inputs.restartPauseMs };
  const saves = `${slotHours(gainSlotMs)} saved within ${formatDuration(horizonMs)}`;
  return gainSlotMs >= costSlotMs
    ? pass(`${saves} are worth a restart, which counts as ${slotHours(costSlotMs)}`, numbers)
    : veto(`${saves} are not worth a restart, which counts as ${slotHours(costSlotMs)}`, numbers);
}
