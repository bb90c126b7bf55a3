import {
  formatDuration,
  type GuardResult,
  type Milliseconds,
  type PastRescale,
  type ScaleInputs,
  type VertexInputs,
} from "../../model/index.ts";
import { hasMoved, loadAt } from "../oscillation.ts";
import type { Cause } from "../propose.ts";
import type { AutoscalerConfig } from "../settings.ts";
import { sourceArrival } from "../sizing.ts";
import { type Asked, lagMsAt, pass, type Verdict, veto } from "./verdict.ts";

/** Class loading, compiling and filling caches count as busy time: of vertices with little work, as most of it. */
const WARM_UP_MS: Milliseconds = 30_000;
/** What does not come because something above is down comes all at once afterwards. */
const IDLE_MS: Milliseconds = 1_800_000;
/** Busy for this share of its time: whatever its mean says, now it needs what it has. */
const BUSY_NOW = 0.95;

/** What is seen has to be steady: the job has run and was watched long enough, and its load is not just changing. */
export function stabilizing(inputs: ScaleInputs, asked: Asked, cause: Cause): Verdict {
  const { config, direction } = asked;
  const ranMs = inputs.to - inputs.runningSince;
  const numbers = { ranMs, watchedMs: inputs.watchedMs };
  if (ranMs < config.stabilizationMs) {
    return veto(`the job has run for ${formatDuration(ranMs)} since its last start`, numbers);
  }
  if (inputs.watchedMs < config.minWatchMs) {
    return veto(`the job has been watched for ${formatDuration(inputs.watchedMs)} so far`, numbers);
  }
  const newest = inputs.rescales.at(-1);
  const justRescaled = newest !== undefined && ranMs < WARM_UP_MS;
  if (direction === "up" && justRescaled && isWarmingUp(inputs, config, newest)) {
    return veto(
      `the job has run for ${formatDuration(ranMs)} since it was rescaled for the same load; what its tasks cost is not steady yet`,
      numbers,
    );
  }
  if (!inputs.loadSettled) {
    return veto("the load is changing and its newest readings still disagree", numbers);
  }
  return (
    (direction === "down" ? stillNeeded(inputs, asked, cause, numbers) : undefined) ??
    pass("the job is in steady running", numbers)
  );
}

/** Nothing speaks for more than its costs: the load is the same as when it was rescaled, and nothing that matters waits. */
function isWarmingUp(inputs: ScaleInputs, config: AutoscalerConfig, newest: PastRescale): boolean {
  // A backlog that is not known is not 0: it gives no reason to wait.
  if (inputs.backlog === null) return false;
  const arrival = sourceArrival(inputs);
  return lagMsAt(inputs.backlog, arrival) < config.lagObjectiveMs / 2 && !hasMoved(loadAt(newest), arrival);
}

/** Why what would be given back may be needed in a moment. What did harm is undone all the same. */
function stillNeeded(
  inputs: ScaleInputs,
  { proposal }: Asked,
  cause: Cause,
  numbers: GuardResult["numbers"],
): Verdict | undefined {
  const gives = cause !== "undo";
  const full = gives ? fullAndLess(inputs, proposal) : undefined;
  if (full !== undefined) {
    return veto(`vertex ${full.name} is busy all of its time this moment; nothing is taken from it`, numbers);
  }
  // Records of before it was kept do not tell.
  const idleMs = inputs.idleMs ?? IDLE_MS;
  if (gives && sourceArrival(inputs) <= 0 && idleMs < IDLE_MS) {
    return veto(
      `nothing arrives; an outage above looks the same and ends in a flood: ${formatDuration(IDLE_MS)} of it are waited for`,
      { ...numbers, idleMs },
    );
  }
  if (gives && inputs.loadRising === true) {
    return veto("the load is rising this moment; nothing is taken away while it does", numbers);
  }
  if (inputs.loadFalling) {
    return veto(
      `the load has just fallen; its peak of the last ${formatDuration(inputs.patienceMs)} has to pass first`,
      { patienceMs: inputs.patienceMs },
    );
  }
  return undefined;
}

const fullAndLess = (inputs: ScaleInputs, proposal: Asked["proposal"]): VertexInputs | undefined =>
  Object.entries(inputs.vertices).find(
    ([id, v]) => (proposal[id] ?? v.parallelism) < v.parallelism && (v.busyShare ?? 0) >= BUSY_NOW,
  )?.[1];
