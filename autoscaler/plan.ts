import type { Milliseconds } from "../model/index.ts";

/** A size that the job could have. */
export interface Level {
  /** Load that it carries, as a multiple of the present one. */
  readonly factor: number;
  readonly slots: number;
  /** Not to be taken now, only later: it is below the load of now. */
  readonly laterOnly?: boolean;
}

export interface PlanQuestion {
  /** Load of each step as a multiple of the present one: what has to be carried. */
  readonly path: readonly number[];
  readonly stepMs: Milliseconds;
  readonly present: Level;
  readonly others: readonly Level[];
  /** Slot-milliseconds that any change is worth: replay and the unrest it brings. */
  readonly price: number;
  /** Slot-milliseconds that a change to this level costs beside, made while so much is to be carried: its pause. */
  readonly pausePrice?: (load: number, level: Level) => number;
  /** Slot-milliseconds that a millisecond costs in which the load is above what is carried, per unit that is missing. */
  readonly shortPrice: number;
}

/** Cost in slot-milliseconds over the whole path. */
export interface Plan {
  /** Level to have now. */
  readonly now: Level;
  /** Cheapest course, cheapest one that begins with the present level, and never changing at all. */
  readonly cost: number;
  readonly costOfWaiting: number;
  readonly costOfNothing: number;
  /** When the cheapest course that waits would change, counted from now; null: never. */
  readonly nextChangeMs: Milliseconds | null;
  readonly changes: number;
  /** The best smaller level to have had now, where it would save something and not as much as the change costs. */
  readonly declined: { readonly level: Level; readonly gain: number; readonly price: number } | null;
}

/**
 * The cheapest staircase over a path of loads: each step has one level, levels cost their slots, every change its
 * price, and load that is not carried much more. Compares now, later and never. Dynamic programming from the end:
 * cost(i, k) = hold(i, k) + min(cost(i + 1, k), min over j of price(i + 1, j) + cost(i + 1, j)). O(steps × levels).
 *
 * Example, price 10: path 1 1 4 1 at 1 slot a unit, present 4 slots: falling to 1 now, 4 for one step and 1 again
 * costs 3 changes + 7 slot-steps = 37, staying 16: it stays.
 */
export function cheapestPlan(question: PlanQuestion): Plan {
  const { path, stepMs, present, others, price } = question;
  const levels = [present, ...others];
  const hold = (load: number, level: Level): number => {
    const short = Math.max(0, load - level.factor);
    const missing = level.factor > 0 ? short / Math.max(load, 1e-9) : short > 0 ? 1 : 0;
    return stepMs * (level.slots + missing * question.shortPrice);
  };
  const priceAt = (load: number, level: Level) => price + (question.pausePrice?.(load, level) ?? 0);
  // To take each level at the step after; what comes after the path is changed to for nothing.
  let changed = levels.map(() => 0);
  let next = levels.map(() => 0);
  let nothing = 0;
  const table: Step[] = [];
  for (let i = path.length - 1; i >= 0; i--) {
    const load = path[i] ?? 0;
    const least = Math.min(...changed);
    table.unshift({ stay: next, changed });
    next = next.map((stay, k) => hold(load, levels[k] ?? present) + Math.min(stay, least));
    changed = next.map((cost, k) => cost + priceAt(load, levels[k] ?? present));
    nothing += hold(load, present);
  }
  const now: Step = {
    stay: next,
    changed: changed.map((cost, k) => (levels[k]?.laterOnly === true ? Number.POSITIVE_INFINITY : cost)),
  };
  const best = cheapest(now, 0);
  const course = walk(table);
  return {
    now: levels[best] ?? present,
    cost: costTo(now, best, 0),
    costOfWaiting: next[0] ?? 0,
    costOfNothing: nothing,
    nextChangeMs: course.first === undefined ? null : course.first * stepMs,
    changes: course.changes,
    declined: best === 0 ? declinedOf(levels, now) : null,
  };
}

/** Cost from a step to the end, by level: of having it already, and of changing to it there. */
interface Step {
  readonly stay: readonly number[];
  readonly changed: readonly number[];
}

/** What the cheapest course that begins smaller would save against the one that waits, its first change not counted. */
function declinedOf(levels: readonly Level[], { stay, changed }: Step): Plan["declined"] {
  let found: Plan["declined"] = null;
  for (const [k, level] of levels.entries()) {
    if (level.laterOnly === true || level.slots >= (levels[0]?.slots ?? 0)) continue;
    const gain = (stay[0] ?? 0) - (stay[k] ?? 0);
    const price = (changed[k] ?? 0) - (stay[k] ?? 0);
    if (gain > 0 && (found === null || gain - price > found.gain - found.price))
      found = { level, gain, price };
  }
  return found;
}

const costTo = ({ stay, changed }: Step, to: number, from: number): number =>
  (to === from ? stay[to] : changed[to]) ?? 0;

/** The level to go on with; where two cost the same the one that stays. */
function cheapest(step: Step, from: number): number {
  let best = from;
  for (let k = 0; k < step.stay.length; k++) {
    if (costTo(step, k, from) < costTo(step, best, from) - 1e-6) best = k;
  }
  return best;
}

/** Follows the cheapest course that begins with the present level: at which step it first changes, and how often. */
function walk(table: readonly Step[]): { readonly first: number | undefined; readonly changes: number } {
  let level = 0;
  let changes = 0;
  let first: number | undefined;
  // The last entry is what comes after the path: nothing.
  for (const [i, after] of table.slice(0, -1).entries()) {
    const best = cheapest(after, level);
    if (best === level) continue;
    level = best;
    changes += 1;
    first ??= i + 1;
  }
  return { first, changes };
}
