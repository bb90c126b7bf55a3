import {
  formatDuration,
  type GuardResult,
  type Instant,
  type Milliseconds,
  type Parallelism,
  type ScaleInputs,
} from "../../model/index.ts";
import { slotsOf } from "../sizing.ts";

/** Those of Outrider's own settings that hold for this policy too. */
export interface FlinkLimits {
  readonly enabled: boolean;
  /** How long somebody else's change is left alone. */
  readonly yieldToOthersMs: Milliseconds;
  /** Slots that the job may have in all; null: as many as there are. */
  readonly maxSlots: number | null;
}

/** What the Java autoscaler does not ask and Outrider does: whether the job can be rescaled, may be, and into what. */
export function ownGuards(
  inputs: ScaleInputs,
  proposal: Parallelism,
  limits: FlinkLimits,
  now: Instant,
): readonly GuardResult[] {
  return [
    notAdaptive(inputs),
    anotherHand(inputs, limits.yieldToOthersMs, now),
    slotQuota(inputs, proposal, limits.maxSlots),
  ];
}

function notAdaptive(inputs: ScaleInputs): GuardResult {
  return inputs.adaptive
    ? { name: "not-adaptive", verdict: "pass", sentence: "the adaptive scheduler runs this job", numbers: {} }
    : {
        name: "not-adaptive",
        verdict: "veto",
        sentence: "the job does not run under the adaptive scheduler; set jobmanager.scheduler: adaptive",
        numbers: {},
      };
}

/** The Java autoscaler would put its own numbers back at once; Outrider gives way for a while. */
function anotherHand(inputs: ScaleInputs, yieldMs: Milliseconds, now: Instant): GuardResult {
  const name = "another-autoscaler-active";
  const at = inputs.foreignChangeAt;
  if (at === null || now - at >= yieldMs) {
    return { name, verdict: "pass", sentence: "nobody else changed the job lately", numbers: {} };
  }
  const ago = formatDuration(now - at);
  return {
    name,
    verdict: "veto",
    sentence: `somebody else changed the job's parallelism ${ago} ago; it is left alone for ${formatDuration(yieldMs)}`,
    numbers: { agoMs: now - at, yieldMs },
  };
}

/** Growth beyond the slots that the job may have. Slots: the largest parallelism of each sharing group. */
function slotQuota(inputs: ScaleInputs, proposal: Parallelism, maxSlots: number | null): GuardResult {
  const name = "slot-quota";
  const before = slotsOf(inputs);
  const after = slotsOf(inputs, proposal);
  if (maxSlots === null || after <= maxSlots || after <= before) {
    return { name, verdict: "pass", sentence: "the job may have these slots", numbers: { before, after } };
  }
  const sentence = `${after} slots would be needed and the job may have ${maxSlots} (maxSlots)`;
  return { name, verdict: "veto", sentence, numbers: { before, after, maxSlots } };
}
