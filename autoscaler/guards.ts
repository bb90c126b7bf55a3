import {
  formatDuration,
  type GuardResult,
  type Instant,
  type Parallelism,
  type ScaleInputs,
  type VertexInputs,
} from "../model/index.ts";
import { hottestShare } from "./align.ts";
import { boundsOf, type VertexProposal } from "./propose.ts";
import type { ScaleReason } from "./reasons.ts";
import type { AutoscalerConfig } from "./settings.ts";

export interface Proposed {
  readonly inputs: ScaleInputs;
  readonly config: AutoscalerConfig;
  readonly now: Instant;
  readonly proposal: Parallelism;
  readonly vertices: Readonly<Record<string, VertexProposal>>;
  readonly direction: "up" | "down" | "both" | "none";
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
        `the newest reading is ${age} old, more than ${formatDuration(config.staleAfterMs)}`,
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

const stabilizing: Guard = {
  name: "stabilizing",
  check: ({ inputs, config, now, direction }) => {
    const ranMs = now - inputs.runningSince;
    const numbers = { ranMs, watchedMs: inputs.watchedMs };
    if (ranMs < config.stabilizationMs) {
      return veto(`the job has run for ${formatDuration(ranMs)} since its last start`, numbers);
    }
    if (inputs.watchedMs < config.minWatchMs) {
      return veto(`the job has been watched for ${formatDuration(inputs.watchedMs)} so far`, numbers);
    }
    if (!inputs.loadSettled)
      return veto("the load is changing and its newest readings still disagree", numbers);
    if (inputs.loadFalling && direction === "down") {
      return veto(
        `the load has just fallen; its peak of the last ${formatDuration(inputs.patienceMs)} has to pass first`,
        { patienceMs: inputs.patienceMs },
      );
    }
    return pass("the job is in steady running", numbers);
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
      const own = boundsOf(config, id, v).max;
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
  check: ({ inputs, proposal, direction }) => {
    if (direction === "none" || direction === "down") return pass("no more slots are asked for");
    const before = slotsOf(inputs, (_, v) => v.parallelism);
    const after = slotsOf(inputs, (id, v) => proposal[id] ?? v.parallelism);
    if (inputs.slotsFree === null) return pass("free slots are not assessed", { before, after });
    const numbers = { before, after, free: inputs.slotsFree };
    return after - before > inputs.slotsFree
      ? veto(
          `the proposal needs ${after} slots, the job has ${before} and ${inputs.slotsFree} are free; add TaskManagers`,
          numbers,
        )
      : pass("the slots are there", numbers);
  },
};

const cooldown: Guard = {
  name: "cooldown",
  check: ({ inputs, config, now, direction }) => {
    if (direction === "none" || (direction === "up" && inputs.lastRescaleAt === null)) {
      return pass("no rescale is in the way");
    }
    // A job that we never rescaled has been as it is for at least as long as it was watched.
    const agoMs = inputs.lastRescaleAt === null ? inputs.watchedMs : now - inputs.lastRescaleAt;
    const waitMs = direction === "up" ? config.cooldownUpMs : config.cooldownDownMs;
    if (inputs.lastRescaleAt !== null && agoMs < waitMs) {
      return veto(`the last rescale was ${formatDuration(agoMs)} ago, ${formatDuration(waitMs)} are kept`, {
        agoMs,
        waitMs,
      });
    }
    if (direction !== "up" && (agoMs < inputs.patienceMs || inputs.watchedMs < inputs.patienceMs)) {
      const quietMs = Math.min(agoMs, inputs.watchedMs);
      return veto(
        `the load has to be low for ${formatDuration(inputs.patienceMs)} before scaling down, ${formatDuration(quietMs)} were seen`,
        { quietMs, patienceMs: inputs.patienceMs },
      );
    }
    return pass("the last rescale was long enough ago", { agoMs, waitMs });
  },
};

/** In the order in which their reasons count: the first veto is the reason, all are listed. */
const GUARDS: readonly Guard[] = [
  notAdaptive,
  metricMissing,
  metricsStale,
  stabilizing,
  anotherAutoscaler,
  sourcePartitions,
  noUsefulParallelism,
  clusterCapacity,
  cooldown,
];

export const runGuards = (p: Proposed): readonly GuardResult[] =>
  GUARDS.map((g) => ({ name: g.name, ...g.check(p) }));

/** Slots that a parallelism needs: per sharing group the largest one. */
export function slotsOf(inputs: ScaleInputs, parallelism: (id: string, v: VertexInputs) => number): number {
  const groups = new Map<string, number>();
  for (const [id, v] of Object.entries(inputs.vertices)) {
    groups.set(v.slotSharingGroup, Math.max(groups.get(v.slotSharingGroup) ?? 0, parallelism(id, v)));
  }
  return [...groups.values()].reduce((a, b) => a + b, 0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
