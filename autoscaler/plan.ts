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
  /** Slot-milliseconds that one change is worth: pause, replay and the unrest it brings. */
  readonly price: number;
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
  /** The best smaller level to have had now, where it would save something and not as much as a change costs. */
  readonly declined: { readonly level: Level; readonly gain: number } | null;
}

/**
 * The cheapest staircase over a path of loads: each step has one level, levels cost their slots, every change its
 * price, and load that is not carried much more. Compares now, later and never. Dynamic programming from the end:
 * cost(i, k) = hold(i, k) + min(cost(i + 1, k), price + min over j of cost(i + 1, j)). O(steps × levels).
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
  let next = levels.map(() => 0);
  let nothing = 0;
  const table: number[][] = [];
  for (let i = path.length - 1; i >= 0; i--) {
    const load = path[i] ?? 0;
    const least = Math.min(...next);
    const costs = next.map((stay, k) => hold(load, levels[k] ?? present) + Math.min(stay, price + least));
    nothing += hold(load, present);
    table.unshift(next);
    next = costs;
  }
  const best = cheapest(
    next.map((cost, k) => (levels[k]?.laterOnly === true ? Number.POSITIVE_INFINITY : cost)),
    0,
    price,
  );
  const course = walk(table, price);
  return {
    now: levels[best] ?? present,
    cost: costTo(next, best, 0, price),
    costOfWaiting: next[0] ?? 0,
    costOfNothing: nothing,
    nextChangeMs: course.first === undefined ? null : course.first * stepMs,
    changes: course.changes,
    declined: best === 0 ? declinedOf(levels, next) : null,
  };
}

/** What the cheapest course that begins smaller would save against the one that waits, its first change not counted. */
function declinedOf(levels: readonly Level[], costs: readonly number[]): Plan["declined"] {
  let found: Plan["declined"] = null;
  for (const [k, level] of levels.entries()) {
    if (level.laterOnly === true || level.slots >= (levels[0]?.slots ?? 0)) continue;
    const gain = (costs[0] ?? 0) - (costs[k] ?? 0);
    if (gain > (found?.gain ?? 0)) found = { level, gain };
  }
  return found;
}

const costTo = (costs: readonly number[], to: number, from: number, price: number): number =>
  (costs[to] ?? 0) + (to === from ? 0 : price);

/** The level to go on with; where two cost the same the one that stays. */
function cheapest(costs: readonly number[], from: number, price: number): number {
  let best = from;
  for (let k = 0; k < costs.length; k++) {
    if (costTo(costs, k, from, price) < costTo(costs, best, from, price) - 1e-6) best = k;
  }
  return best;
}

/** Follows the cheapest course that begins with the present level: at which step it first changes, and how often. */
function walk(
  table: readonly (readonly number[])[],
  price: number,
): { readonly first: number | undefined; readonly changes: number } {
  let level = 0;
  let changes = 0;
  let first: number | undefined;
  // The last entry is what comes after the path: nothing.
  for (const [i, after] of table.slice(0, -1).entries()) {
    const best = cheapest(after, level, price);
    if (best === level) continue;
    level = best;
    changes += 1;
    first ??= i + 1;
  }
  return { first, changes };
}
