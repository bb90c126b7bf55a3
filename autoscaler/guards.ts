import {
  formatDuration,
  type GuardResult,
  type Instant,
  type Parallelism,
  type PastRescale,
  type ScaleInputs,
  type VertexInputs,
} from "../model/index.ts";
import { hottestShare } from "./align.ts";
import { boundsOf } from "./bounds.ts";
import { strayed } from "./demand.ts";
import { excludedPeriod } from "./excluded-period.ts";
import { hasMoved, loadAt } from "./oscillation.ts";
import type { Choice, VertexProposal } from "./propose.ts";
import type { ScaleReason } from "./reasons.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { slotsOf, sourceArrival, workOf } from "./sizing.ts";
import { stableFreeze } from "./stable-freeze.ts";
import {
  benefitBelowCost,
  catchingUp,
  checkpointUnhealthy,
  cpuStarved,
  memoryPressure,
  oscillationFrozen,
  restartLoop,
  shortageBorne,
  sinkBound,
  skewBound,
  snapshotInProgress,
  stabilizing,
  type Worth,
} from "./vetoes/index.ts";

export interface Proposed {
  readonly inputs: ScaleInputs;
  readonly config: AutoscalerConfig;
  /** By our own clock, as `foreignChangeAt` is; all other times of the inputs are the JobManager's, as `to` is. */
  readonly now: Instant;
  readonly proposal: Parallelism;
  readonly vertices: Readonly<Record<string, VertexProposal>>;
  readonly direction: "up" | "down" | "both" | "none";
  readonly choice: Choice;
}

interface Guard {
  readonly name: ScaleReason;
  readonly check: (p: Proposed) => Omit<GuardResult, "name">;
}

const pass = (sentence: string, numbers: Record<string, number> = {}) =>
  ({ verdict: "pass", sentence, numbers }) as const;
const veto = (sentence: string, numbers: Record<string, number> = {}) =>
  ({ verdict: "veto", sentence, numbers }) as const;

/** What of a vertex's numbers is missing; `undefined` when it can be decided on. */
function missingOf(v: VertexInputs): string | undefined {
  if (v.parallelism < 1) return "parallelism";
  if (v.arrivalRate === null) return v.source ? "pending records or consumption" : "arrival rate";
  if (v.arrivalRate > 0 && v.capacity === null) return "cost per record";
  return undefined;
}

const notAdaptive: Guard = {
  name: "not-adaptive",
  check: ({ inputs }) =>
    inputs.adaptive
      ? pass("the adaptive scheduler runs this job")
      : veto("the job does not run under the adaptive scheduler; set jobmanager.scheduler: adaptive"),
};

const metricMissing: Guard = {
  name: "metric-missing",
  check: ({ inputs }) => {
    for (const v of Object.values(inputs.vertices)) {
      const what = missingOf(v);
      if (what !== undefined) return veto(`${what} of vertex ${v.name} is missing; missing is not zero`);
    }
    return pass("every vertex has its numbers");
  },
};

const metricsStale: Guard = {
  name: "metrics-stale",
  check: ({ inputs, config }) => {
    const numbers = { newestAgeMs: inputs.newestAgeMs, coverage: inputs.coverage };
    if (inputs.newestAgeMs > config.staleAfterMs) {
      const age = formatDuration(inputs.newestAgeMs);
      return veto(
        `the newest reading of a source is ${age} old, more than ${formatDuration(config.staleAfterMs)}`,
        numbers,
      );
    }
    if (inputs.coverage < config.minCoverage) {
      return veto(
        `only ${percent(inputs.coverage)} of the readings came, less than ${percent(config.minCoverage)}`,
        numbers,
      );
    }
    return pass("the readings are fresh and complete enough", numbers);
  },
};

const anotherAutoscaler: Guard = {
  name: "another-autoscaler-active",
  check: ({ inputs, config, now }) => {
    if (inputs.foreignChangeAt === null) return pass("nobody else changed the requirements");
    const agoMs = now - inputs.foreignChangeAt;
    return agoMs < config.yieldToOthersMs
      ? veto(`somebody else changed the job's requirements ${formatDuration(agoMs)} ago`, { agoMs })
      : pass(`the last change by somebody else was ${formatDuration(agoMs)} ago`, { agoMs });
  },
};

/** A source at one subtask per partition bounds everything below it; growing others alone would not help. */
const sourcePartitions: Guard = {
  name: "source-partitions-cap",
  check: ({ inputs, vertices, direction }) => {
    for (const [id, v] of Object.entries(inputs.vertices)) {
      if (!v.source || v.partitions === null || vertices[id]?.capped !== true) continue;
      const atCap = hottestShare(v, v.parallelism) <= hottestShare(v, v.partitions);
      const numbers = { partitions: v.partitions, parallelism: v.parallelism };
      if (atCap && direction !== "down") {
        return veto(
          `source ${v.name} already reads its ${v.partitions} partitions with ${v.parallelism} subtasks and cannot read faster; add partitions`,
          numbers,
        );
      }
    }
    return pass("no source is bound by its partitions");
  },
};

const noUsefulParallelism: Guard = {
  name: "no-useful-parallelism",
  check: ({ inputs, config, vertices, direction }) => {
    const stuck = Object.entries(inputs.vertices).filter(([id]) => vertices[id]?.capped === true);
    for (const [id, v] of stuck) {
      const p = vertices[id];
      if (p === undefined || p.parallelism !== v.parallelism || direction !== "none") continue;
      const own = boundsOf(config, id, v, inputs.calendar).max;
      // Where its own bound would still help, a FORWARD edge to a bounded vertex holds it where it is.
      const max = hottestShare(v, own) < hottestShare(v, v.parallelism) ? v.parallelism : own;
      return veto(`vertex ${v.name} needs more than the ${max} subtasks that it may have`, { max });
    }
    return pass("the proposal carries the load, or as much of it as the bounds allow", {
      capped: stuck.length,
    });
  },
};

const clusterCapacity: Guard = {
  name: "cluster-capacity",
  check: ({ inputs, choice, proposal, direction }) => {
    const before = slotsOf(inputs);
    const after = slotsOf(inputs, proposal);
    const needed = Math.max(after, choice.slotsNeeded);
    if (direction === "down" || needed <= before) return pass("no more slots are asked for");
    if (inputs.slotsFree === null) return pass("free slots are not assessed", { before, after });
    const numbers = { before, after, needed, free: inputs.slotsFree };
    if (needed - before <= inputs.slotsFree) return pass("the slots are there", numbers);
    const short = `the load needs ${needed} slots, the job has ${before} and ${inputs.slotsFree} are free; add TaskManagers`;
    return direction === "none" || after - before > inputs.slotsFree
      ? veto(short, numbers)
      : { verdict: "amend", sentence: `${short}; until then it takes what there is`, numbers };
  },
};

/**
 * Nothing is taken back within this time after a growth where a plan weighs hours (loads that rose rise again), or
 * where the load is still what it was then (it was not the load that asked for less). But where the same load has become
 * less work, by more than one attempt of a job differs from the next, there was a reason.
 */
const AFTER_GROWTH_MS = 1_800_000;
const EASED = 0.5;

/** Work that does not follow what arrives wanders: what it asks for now it may not in a minute. */
const STRAYING_MS = 180_000;

/** Of a growth for the load. Where the work does not follow what arrives, that says nothing of it. */
const isSameLoad = (inputs: ScaleInputs, then: PastRescale): boolean =>
  then.reason === "scale-up" && !strayed(inputs) && !hasMoved(loadAt(then), sourceArrival(inputs));

/** What arrives is less than half the work that it was then; not where either is not known. */
const hasEased = (inputs: ScaleInputs, { workBefore = 0 }: PastRescale): boolean =>
  (workOf(inputs) ?? Number.POSITIVE_INFINITY) < EASED * workBefore;

const cooldown: Guard = {
  name: "cooldown",
  check: ({ inputs, config, direction, choice }) => {
    if (direction === "none" || (direction === "up" && inputs.lastRescaleAt === null)) {
      return pass("no rescale is in the way");
    }
    // A job that we never rescaled has been as it is for at least as long as it was watched.
    const agoMs = inputs.lastRescaleAt === null ? inputs.watchedMs : inputs.to - inputs.lastRescaleAt;
    const waitMs = direction === "up" ? config.cooldownUpMs : config.cooldownDownMs;
    if (inputs.lastRescaleAt !== null && agoMs < waitMs) {
      return veto(`the last rescale was ${formatDuration(agoMs)} ago, ${formatDuration(waitMs)} are kept`, {
        agoMs,
        waitMs,
      });
    }
    const newest = inputs.rescales.at(-1);
    const grown = newest?.direction === "up" && agoMs < AFTER_GROWTH_MS;
    const same = grown && isSameLoad(inputs, newest);
    const isKept = same ? !hasEased(inputs, newest) : choice.plan !== null;
    if (direction !== "up" && grown && isKept) {
      return veto(
        `the last rescale, ${formatDuration(agoMs)} ago, was for more; what it brought is kept for ${formatDuration(AFTER_GROWTH_MS)}`,
        { agoMs, waitMs: AFTER_GROWTH_MS },
      );
    }
    const patienceMs = strayed(inputs) ? Math.max(STRAYING_MS, inputs.patienceMs) : inputs.patienceMs;
    const quietMs = Math.min(agoMs, inputs.watchedMs);
    if (direction !== "up" && quietMs < patienceMs) {
      return veto(
        `the load has to be low for ${formatDuration(patienceMs)} before scaling down, ${formatDuration(quietMs)} were seen`,
        { quietMs, patienceMs },
      );
    }
    return pass("the last rescale was long enough ago", { agoMs, waitMs });
  },
};

const named = (
  name: ScaleReason,
  check: (inputs: ScaleInputs, proposed: Proposed) => Omit<GuardResult, "name">,
): Guard => ({ name, check: (p) => check(p.inputs, p) });

/**
 * What happened to the job has the JobManager's time, and so has `inputs.to`: a clock of ours that differs from that
 * one must not make a rescale of a minute ago one of an hour ago, or of the future.
 */
const byJobManagerClock = (name: ScaleReason, check: Parameters<typeof named>[1]): Guard =>
  named(name, (inputs, p) => check(inputs, { ...p, now: inputs.to }));

/** Of a change that saves slots, made or left: what it saves until the plan's end, against what one change is worth. */
function worthOf({ plan, cause }: Choice): Worth | null {
  if (plan === null) return null;
  const { declined, price: costSlotMs, horizonMs } = plan;
  if (cause === "none" && declined !== null) {
    return { gainSlotMs: declined.gain, costSlotMs: declined.price, horizonMs, slots: declined.level.slots };
  }
  if (cause !== "saving") return null;
  // What the plan gains by changing now rather than staying for ever already has the price of its changes taken off;
  // each is put back as what the first one costs.
  const gainSlotMs = plan.costOfNothing - plan.cost + costSlotMs * (plan.changes + 1);
  return { gainSlotMs, costSlotMs, horizonMs, slots: plan.now.slots };
}

/** In the order in which their reasons count: the first veto is the reason, all are listed. */
const GUARDS: readonly Guard[] = [
  notAdaptive,
  named("restart-loop", restartLoop),
  metricMissing,
  metricsStale,
  named("stabilizing", (inputs, p) => stabilizing(inputs, p, p.choice.cause)),
  anotherAutoscaler,
  named("excluded-period", excludedPeriod),
  named("stable-freeze", stableFreeze),
  named("snapshot-in-progress", snapshotInProgress),
  named("checkpoint-unhealthy", checkpointUnhealthy),
  named("skew-bound", skewBound),
  byJobManagerClock("sink-bound", sinkBound),
  named("shortage-borne", (_, p) => shortageBorne(p, p.choice.borne)),
  sourcePartitions,
  clusterCapacity,
  noUsefulParallelism,
  named("memory-pressure", memoryPressure),
  named("cpu-starved", cpuStarved),
  byJobManagerClock("catching-up", catchingUp),
  byJobManagerClock("oscillation-frozen", oscillationFrozen),
  cooldown,
  named("benefit-below-cost", (inputs, p) => benefitBelowCost(inputs, p, worthOf(p.choice))),
];

/** A way back from a rescale that did harm waits neither for its own measuring nor for quiet. */
const NOT_FOR_A_WAY_BACK: ReadonlySet<ScaleReason> = new Set([
  "catching-up",
  "oscillation-frozen",
  "cooldown",
  "benefit-below-cost",
]);

export const runGuards = (p: Proposed): readonly GuardResult[] =>
  GUARDS.filter((g) => p.choice.cause !== "undo" || !NOT_FOR_A_WAY_BACK.has(g.name)).map((g) => ({
    name: g.name,
    ...g.check(p),
  }));

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
