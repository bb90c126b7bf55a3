import type { CalendarState, GuardResult, Parallelism, ScaleInputs } from "../model/index.ts";
import { amendment, cut, type Draft, draftOf, raise } from "./amend.ts";
import { plannedFor } from "./calendar/calendar-at.ts";
import { type Amended, limitChanges } from "./change-limits.ts";
import type { Choice } from "./propose.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { keepQuota } from "./slot-quota.ts";

/** What each voice would have, every vertex of the job; within the standing bounds, without the calendar. */
export interface Wishes {
  /** By the load and the backlog of now. */
  readonly reaction: Parallelism;
  /** By what is expected; null: nothing is, or nothing that could be relied on. */
  readonly forecast: Parallelism | null;
  /** What people planned for now; null: nothing. */
  readonly schedule: CalendarState | null;
}

export interface Arbitration {
  readonly proposal: Parallelism;
  /** Whose word made the size what it is. */
  readonly by: "schedule" | "forecast" | "reaction";
  /**
   * What was changed of the wish, in the order in which it was. The last one is a veto where nothing is left of the
   * wish: then its name is the reason of the hold.
   */
  readonly amended: readonly GuardResult[];
}

/** A choice by load and forecast as voices; made without the calendar, which is a voice of its own. */
export function voicesOf({ proposal, cause, plan }: Choice, inputs: ScaleInputs): Wishes {
  const { calendar: schedule, vertices } = inputs;
  const foreseen = cause === "forecast" || (cause === "saving" && plan !== null);
  if (!foreseen) return { reaction: proposal, forecast: null, schedule };
  const reaction = Object.fromEntries(Object.entries(vertices).map(([id, v]) => [id, v.parallelism]));
  return { reaction, forecast: proposal, schedule };
}

/**
 * Who wins, from the weakest to the strongest word:
 * 1. forecast: the size for what is expected;
 * 2. reaction: where the load of now needs more than runs, it is not refused for a forecast that says less;
 * 3. a scheduled floor: neither of them goes below it;
 * 4. the limits of one rescale;
 * 5. a scheduled ceiling, then the slot quota: nothing goes above, not even for lag.
 * Excluded vertices, and what FORWARD edges tie to them, stay as they are. Pure; O(vertices).
 */
export function arbitrate(inputs: ScaleInputs, config: AutoscalerConfig, wishes: Wishes): Arbitration {
  const draft = draftOf(inputs, config);
  const { wish, by } = outbid(inputs, wishes);
  const floors = keepFloors(draft, wish, wishes.schedule);
  const limits = limitChanges(draft, floors.proposal);
  const ceilings = keepCeilings(draft, limits.proposal, wishes.schedule);
  const { proposal, result } = keepQuota(draft, ceilings.proposal);
  const amended = [floors.result, limits.result, ceilings.result, result].filter((r) => r !== null);
  const planned = floors.result !== null || ceilings.result !== null;
  return {
    proposal,
    by: planned ? "schedule" : by,
    amended: isPresent(inputs, proposal) && !isPresent(inputs, wish) ? lastVetoes(amended) : amended,
  };
}

/** Reaction against forecast: lag that is here counts for more than a load that is expected. */
function outbid(
  inputs: ScaleInputs,
  { reaction, forecast }: Wishes,
): { readonly wish: Parallelism; readonly by: "forecast" | "reaction" } {
  if (forecast === null) return { wish: reaction, by: "reaction" };
  const ids = Object.entries(inputs.vertices);
  const urgent = ids.some(([id, { parallelism }]) => {
    const asked = reaction[id] ?? parallelism;
    return asked > parallelism && asked > (forecast[id] ?? parallelism);
  });
  if (!urgent) return { wish: forecast, by: "forecast" };
  // A rescale for more takes nothing away elsewhere.
  const wish = ids.map(([id, { parallelism }]) => [
    id,
    Math.max(parallelism, reaction[id] ?? parallelism, forecast[id] ?? parallelism),
  ]);
  return { wish: Object.fromEntries(wish), by: "reaction" };
}

function keepFloors(draft: Draft, wish: Parallelism, schedule: CalendarState | null): Amended {
  if (schedule === null) return { proposal: wish, result: null };
  const proposal = raise(draft, wish, ({ id, vertex, bounds }) => {
    const floor = plannedFor(schedule.floors, id, vertex.name);
    // What people or Flink allow at most is not lifted by a plan.
    return floor === null ? null : Math.min(floor, bounds.max);
  });
  const why = `scheduled floor (${schedule.plans.join(", ")})`;
  return { proposal, result: amendment("scheduled-floor", why, draft, wish, proposal) };
}

function keepCeilings(draft: Draft, wish: Parallelism, schedule: CalendarState | null): Amended {
  if (schedule === null) return { proposal: wish, result: null };
  const proposal = cut(draft, wish, ({ id, vertex }) => plannedFor(schedule.ceilings, id, vertex.name));
  const why = `scheduled ceiling (${schedule.plans.join(", ")})`;
  return { proposal, result: amendment("scheduled-ceiling", why, draft, wish, proposal) };
}

const isPresent = (inputs: ScaleInputs, proposal: Parallelism): boolean =>
  Object.entries(inputs.vertices).every(([id, v]) => (proposal[id] ?? v.parallelism) === v.parallelism);

/** The one that took the last of it is the reason. */
const lastVetoes = (amended: readonly GuardResult[]): readonly GuardResult[] =>
  amended.map((r, i) => (i === amended.length - 1 ? { ...r, verdict: "veto" } : r));
