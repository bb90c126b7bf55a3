import type { Parallelism, ScaleInputs, VertexId } from "../model/index.ts";
import type { Shortage } from "./bearable.ts";
import { carries } from "./capacity.ts";
import { demandOf, recentPeak, strays } from "./demand.ts";
import { CATCH_UP_SHARE, grow } from "./grow.ts";
import { fullShare, type LevelPlan, planLevels, UNSEEN } from "./levels.ts";
import { loadAt } from "./oscillation.ts";
import { type RollBack, rollBackOf } from "./roll-back.ts";
import type { AutoscalerConfig } from "./settings.ts";
import {
  allowed,
  type Bounded,
  byId,
  carriedFactor,
  parallelismFor,
  type Sized,
  sizedVertices,
  slotsFor,
  sourceArrival,
} from "./sizing.ts";
import { idleDrainRate, urgencyOf, utilizationOf } from "./urgency.ts";

/** What one vertex should get. */
export interface VertexProposal {
  readonly direction: "up" | "down" | "stay";
  readonly parallelism: number;
  /** Busy share of the hottest subtask at the present arrival rate and parallelism; above 1 it falls behind. */
  readonly utilization: number;
  /** True when it needs more than it may have. */
  readonly capped: boolean;
}

/** Why a change is proposed: load or lag of now, what is to come, bounds, slots to save, or a rescale that did harm. */
export type Cause = "load" | "lag" | "forecast" | "bounds" | "saving" | "undo" | "none";

export interface Choice {
  readonly proposal: Parallelism;
  readonly vertices: Readonly<Record<VertexId, VertexProposal>>;
  readonly cause: Cause;
  /** Null where there is no forecast to plan on. */
  readonly plan: LevelPlan | null;
  /** Slots that the need would take, were there enough. */
  readonly slotsNeeded: number;
  /** A vertex is a little short, and that is left so. */
  readonly borne: Shortage | null;
}

/** A load that has outgrown a growth of the last two hours is given twice as much more each time, up to this. */
const MOST_UNSEEN = 1.4;
const OUTGROWN_WITHIN_MS = 7_200_000;
const WORK_OUTGROWN_WITHIN_MS = 600_000;
const OUTGROWN = 1.05;
/** A growth for a backlog alone brings this much, or it is not worth its pause. */
const LEAST_CATCH_UP = 1.25;

interface Wish {
  readonly parallelism: Record<VertexId, number>;
  readonly cause: Cause;
  readonly needed: Readonly<Record<VertexId, number>>;
}

/**
 * What every vertex should have. Reaction first: what cannot keep up, or lags, grows at once, and then also for what
 * the plan sees coming. Otherwise the plan over the forecast decides; without one, slots are given back once the peak
 * of the patience allows it. Needs complete inputs (see the guard `metric-missing`).
 */
export function propose(inputs: ScaleInputs, config: AutoscalerConfig): Choice {
  const sized = sizedVertices(inputs, config);
  const present = presentOf(sized);
  const room =
    inputs.slotsFree === null ? Number.POSITIVE_INFINITY : slotsFor(sized, present) + inputs.slotsFree;
  const back = rollBackOf(inputs);
  const { cause: urgency, borne } = urgencyOf(inputs, sized, config);
  const demand = demandOf(inputs, urgency !== null);
  const plan = demand === null ? null : planLevels(inputs, sized, demand, config, room, urgency === "load");
  const ahead = Math.max(plan?.now.factor ?? 1, unseenOf(inputs, demand?.seasonal === true));
  const least = urgency === "lag" ? LEAST_CATCH_UP * carriedFactor(sized, present, 1) : 1;
  const wish =
    back !== null
      ? undone(back, sized)
      : urgency === null
        ? settledWish(inputs, sized, plan, config)
        : { cause: urgency, ...grow(inputs, sized, { ahead, least }, config, room) };
  const proposal = withinBounds(sized, wish.parallelism);
  const cause = isEqual(proposal, wish.parallelism)
    ? wish.cause
    : wish.cause === "none"
      ? "bounds"
      : wish.cause;
  return {
    proposal,
    vertices: explained(sized, proposal, wish.needed),
    cause: isEqual(proposal, present) ? "none" : cause,
    plan,
    slotsNeeded: slotsFor(sized, wish.needed),
    borne: back === null ? borne : null,
  };
}

/**
 * How many times its load a job is made ready for when it has to grow: what its season says is believed the first time.
 * Example: a ramp that outgrew two sizes within two hours is given 1.4 times its load the third time.
 */
function unseenOf(inputs: ScaleInputs, seasonal: boolean): number {
  const arrival = sourceArrival(inputs);
  const outgrown = inputs.rescales.filter((r) => {
    if (r.direction !== "up") return false;
    // Where work does not follow what arrives, it is the work that has outgrown it.
    if (strays(inputs)) return inputs.to - r.at < WORK_OUTGROWN_WITHIN_MS;
    return inputs.to - r.at < OUTGROWN_WITHIN_MS && OUTGROWN * (loadAt(r) ?? arrival) < arrival;
  });
  const times = outgrown.length - (seasonal ? 1 : 0);
  return times < 0 ? 1 : Math.min(MOST_UNSEEN, 1 + (UNSEEN - 1) * 2 ** times);
}

const undone = ({ proposal }: RollBack, sized: readonly Sized[]): Wish => {
  const parallelism = { ...presentOf(sized), ...proposal };
  return { parallelism, needed: parallelism, cause: "undo" };
};

const presentOf = (sized: readonly Sized[]): Record<VertexId, number> =>
  Object.fromEntries(sized.map(({ id, vertex }) => [id, vertex.parallelism]));

/** Nothing is urgent: the plan decides, or the low mark. */
function settledWish(
  inputs: ScaleInputs,
  sized: readonly Sized[],
  plan: LevelPlan | null,
  config: AutoscalerConfig,
): Wish {
  const present = presentOf(sized);
  if (plan !== null && !isEqual(plan.parallelism, present)) {
    const up = plan.now.factor > carriedFactor(sized, present, fullShare(config));
    const pick = up ? Math.max : Math.min;
    const parallelism = Object.fromEntries(
      sized.map(({ id, vertex: { parallelism: p } }) => [id, pick(plan.parallelism[id] ?? p, p)]),
    );
    return { parallelism, cause: up ? "forecast" : "saving", needed: parallelism };
  }
  // A plan that stays knows better than the low mark.
  const less = plan === null ? lowered(inputs, sized, config) : present;
  // Fewer subtasks in the same slots save nothing that a restart would be worth.
  const parallelism = slotsFor(sized, less) < slotsFor(sized, present) ? less : present;
  return { parallelism, cause: isEqual(parallelism, present) ? "none" : "saving", needed: present };
}

/** What the peak of the patience needs at the target, and a little more, where a vertex is far enough below it. */
function lowered(
  inputs: ScaleInputs,
  sized: readonly Sized[],
  config: AutoscalerConfig,
): Record<VertexId, number> {
  const peak = recentPeak(inputs);
  const drain = sourceArrival(inputs) <= 0 ? idleDrainRate(inputs, config) : 0;
  const wanted = sized.map((one) => {
    const { vertex, excluded } = one;
    const low = utilizationOf(one) * peak < config.lowUtilization;
    if (excluded || !low) return vertex.parallelism;
    const enough = Math.max(
      parallelismFor(one, (vertex.arrivalRate ?? 0) * peak * UNSEEN, config.targetUtilization),
      parallelismFor(one, drain, CATCH_UP_SHARE),
    );
    return Math.min(vertex.parallelism, enough);
  });
  return byId(
    sized,
    allowed(sized, wanted, ({ vertex }) => vertex.parallelism),
  );
}

/** Bounds and floors hold whatever was wished; but while others grow nothing is taken from a vertex above its own. */
function withinBounds(
  sized: readonly Sized[],
  wanted: Readonly<Record<VertexId, number>>,
): Record<VertexId, number> {
  const strict = bounded(sized, wanted, () => 1);
  const growing = sized.some(({ id, vertex }) => (strict[id] ?? 0) > vertex.parallelism);
  return growing ? bounded(sized, wanted, ({ vertex }) => vertex.parallelism) : strict;
}

function bounded(
  sized: readonly Sized[],
  wanted: Readonly<Record<VertexId, number>>,
  leastOf: (one: Bounded) => number,
): Record<VertexId, number> {
  const given = sized.map((one) =>
    one.excluded ? one.vertex.parallelism : Math.max(one.bounds.min, wanted[one.id] ?? 1, leastOf(one)),
  );
  return byId(sized, allowed(sized, given, leastOf));
}

function explained(
  sized: readonly Sized[],
  proposal: Parallelism,
  needed: Parallelism,
): Record<VertexId, VertexProposal> {
  return Object.fromEntries(
    sized.map((one) => {
      const { id, vertex, curve } = one;
      const parallelism = proposal[id] ?? vertex.parallelism;
      const direction =
        parallelism > vertex.parallelism ? "up" : parallelism < vertex.parallelism ? "down" : "stay";
      const full =
        (vertex.arrivalRate ?? 0) > (carries(vertex, parallelism, curve) ?? Number.POSITIVE_INFINITY);
      const capped = (full && vertex.bound === null) || parallelism < (needed[id] ?? parallelism);
      return [id, { direction, parallelism, utilization: utilizationOf(one), capped }];
    }),
  );
}

const isEqual = (a: Parallelism, b: Parallelism): boolean => Object.keys(b).every((id) => a[id] === b[id]);
