import type { GuardResult, Parallelism, ScaleInputs } from "../model/index.ts";
import type { ScaleReason } from "./reasons.ts";
import { sourceArrival } from "./sizing.ts";

const records = (n: number): string => Math.round(n).toLocaleString("en-US");
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `work 1 → 5, count 1 → 3`, in the graph's order. */
export function changesOf(inputs: ScaleInputs, proposal: Parallelism): string {
  return Object.entries(inputs.vertices)
    .filter(([id, v]) => proposal[id] !== undefined && proposal[id] !== v.parallelism)
    .map(([id, v]) => `${v.name} ${v.parallelism} → ${proposal[id]}`)
    .join(", ");
}

/** The one line that every surface shows. Every number in it is a field of the record, rounded. */
export function sentenceFor(
  reason: ScaleReason,
  inputs: ScaleInputs,
  proposal: Parallelism,
  vetoed: GuardResult | undefined,
): string {
  const changes = changesOf(inputs, proposal);
  const arrival = records(sourceArrival(inputs));
  const backlog = inputs.backlog === null ? "not assessed" : `${records(inputs.backlog)} records`;
  const busiest = busiestOf(inputs);
  switch (reason) {
    case "scale-up":
      return `Scale up ${changes}: ${arrival} records/s arrive and ${busiest}; backlog ${backlog}.`;
    case "scale-down":
      return `Scale down ${changes}: ${arrival} records/s arrive and ${busiest}; backlog ${backlog}.`;
    case "roll-back":
      return `Undo the last rescale, ${changes}: it was measured and did not help; ${arrival} records/s arrive; backlog ${backlog}.`;
    case "rebalance":
      return `Change ${changes} to fit the configured bounds; ${arrival} records/s arrive.`;
    case "within-target":
      return `Hold: ${arrival} records/s arrive and ${busiest}; every vertex has what it needs; backlog ${backlog}.`;
    case "disabled":
      return "Hold: the autoscaler is switched off for this job.";
    default: {
      const wish = changes === "" || reason === "metric-missing" ? "" : ` Proposed: ${changes}.`;
      return `Hold: ${vetoed?.sentence ?? reason}.${wish}`;
    }
  }
}

function busiestOf(inputs: ScaleInputs): string {
  let name: string | undefined;
  let most = -1;
  for (const v of Object.values(inputs.vertices)) {
    if (v.utilization !== null && v.utilization > most) {
      most = v.utilization;
      name = v.name;
    }
  }
  return name === undefined
    ? "no vertex has a measured capacity"
    : `${name} needs ${percent(most)} of its capacity`;
}
