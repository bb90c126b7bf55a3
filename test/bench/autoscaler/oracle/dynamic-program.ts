import { Choices } from "./choices.ts";
import { capacityAt, flowInto, type PlanEntry, type PreparedCourse } from "./course.ts";
import { LagGrid } from "./lag-grid.ts";
import { quietScale, readPlan } from "./read-plan.ts";

/**
 * How lateness is held down. Each late second has a price in slot-seconds; with `parts` those that are allowed are free,
 * and how many are left is part of the state, told apart in so many parts.
 */
export type Lateness = { readonly price: number; readonly parts?: number };

/** The best plans, one for each number of changes. */
export interface SolvedPlans {
  /** Least slot-seconds (+ price × late seconds), by the number of changes allowed. */
  readonly value: Float64Array;
  planFor(changes: number): PlanEntry[];
}

/**
 * Dynamic programming backwards over (step, level, backlog, changes left, late seconds left). A change is worth the same
 * from whatever level it is made, so it is valued once per backlog and not once per pair of levels.
 */
export function solve(
  course: PreparedCourse,
  maxChanges: number | "any number",
  lateness: Lateness,
): SolvedPlans {
  const program = new Program(course, maxChanges, lateness);
  for (let t = course.rate.length - 1; t >= 0; t -= 1) program.stepBack(t);
  return { value: program.values(), planFor: (changes) => program.plan(changes) };
}

class Program {
  readonly #course: PreparedCourse;
  readonly #grid: LagGrid;
  readonly #price: number;
  /** Numbers of changes left (0…most), and what a change takes of it. */
  readonly #counts: number;
  readonly #spent: 0 | 1;
  /** Amounts of late seconds left that are told apart, and how far apart they are. */
  readonly #parts: number;
  readonly #partSeconds: number;
  /** counts × parts. */
  readonly #allowances: number;
  readonly #seconds: number;
  /** Steps that a pause takes as a whole, and what it takes of the next one. */
  readonly #wholeSteps: number;
  readonly #restSeconds: number;
  readonly #scale: Float64Array;
  /** Values of the steps ahead that a change can reach, by step modulo their number. */
  readonly #ahead: Float64Array[];
  /** By backlog and allowance left after it. */
  readonly #changeValue: Float64Array;
  readonly #choices: Choices;
  readonly #stretch = { backlog: 0, late: 0 };

  constructor(course: PreparedCourse, maxChanges: number | "any number", lateness: Lateness) {
    this.#course = course;
    this.#grid = new LagGrid(NODES_PER_OBJECTIVE, mostBacklog(course));
    this.#price = lateness.price;
    this.#parts = (lateness.parts ?? 0) + 1;
    this.#partSeconds = Math.max(LEAST_SECONDS, course.mostLateSeconds) / (lateness.parts ?? 1);
    // Without a limit there is one count, and a change leads back to it.
    this.#counts = maxChanges === "any number" ? 1 : maxChanges + 1;
    this.#spent = maxChanges === "any number" ? 0 : 1;
    this.#allowances = this.#counts * this.#parts;
    this.#seconds = course.stepMs / 1_000;
    this.#wholeSteps = Math.floor(course.pauseMs / course.stepMs);
    this.#restSeconds = (course.pauseMs % course.stepMs) / 1_000;
    this.#scale = quietScale(course);
    const [steps, levels, nodes] = [course.rate.length, course.levels.length, this.#grid.nodes.length];
    const cells = levels * nodes * this.#allowances;
    this.#ahead = Array.from({ length: this.#wholeSteps + 2 }, () => new Float64Array(cells));
    this.#changeValue = new Float64Array(nodes * this.#allowances);
    this.#choices = new Choices(steps, levels, nodes, this.#allowances);
  }

  #valuesAt(step: number): Float64Array {
    const values = this.#ahead[step % this.#ahead.length];
    if (values === undefined) throw new RangeError(`no values at step ${step}`);
    return values;
  }

  stepBack(t: number): void {
    const [levels, nodes] = [this.#course.levels, this.#grid.nodes];
    const known = this.#nodesWithin(t);
    this.#valueChanges(t, known);
    const current = this.#valuesAt(t);
    const arriving = this.#course.rate[t] ?? 0;
    const limit = this.#course.limit[t] ?? 0;
    const [scale, nextScale] = [this.#scale[t] ?? 1, this.#scale[t + 1] ?? 1];
    for (let l = 0; l < levels.length; l += 1) {
      const surplus = capacityAt(levels[l], t) - arriving;
      const held = (levels[l]?.slots ?? 0) * this.#seconds;
      const end = (l + 1) * nodes.length * this.#allowances;
      current.fill(HOPELESS, end - (nodes.length - known) * this.#allowances, end);
      for (let i = 0; i < known; i += 1) {
        flowInto(this.#stretch, (nodes[i] ?? 0) * scale, surplus, this.#seconds, limit);
        const { backlog, late } = this.#stretch;
        const to = (l * nodes.length + i) * this.#allowances;
        this.#carry(current, to, held, late, this.#valuesAt(t + 1), l, backlog / nextScale);
        this.#changeWhereBetter(current, to, i, this.#choices.wordOf(t, l, i));
      }
    }
  }

  /** What a state is worth that costs `held`, is `late` and leads to `backlog` (in multiples) at level `l`: into `to`… */
  #carry(
    into: Float64Array,
    to: number,
    held: number,
    late: number,
    ahead: Float64Array,
    l: number,
    backlog: number,
  ): void {
    const [nodes, all, parts] = [this.#grid.nodes.length, this.#allowances, this.#parts];
    const at = this.#grid.position(backlog);
    const low = Math.min(Math.floor(at), nodes - 2);
    const share = at - low;
    const from = (l * nodes + low) * all;
    const [stay, up] = [1 - share, share];
    if (parts === 1 || late <= 0) {
      const base = held + this.#price * late;
      for (let a = 0; a < all; a += 1) {
        into[to + a] = base + stay * (ahead[from + a] ?? 0) + up * (ahead[from + all + a] ?? 0);
      }
      return;
    }
    // What is left of the late seconds lies between two parts; what goes beyond them is paid for.
    const units = late / this.#partSeconds;
    for (let a = 0; a < all; a += 1) {
      const part = a % parts;
      const left = Math.max(0, part - units);
      const less = from + a - part + Math.floor(left);
      const above = left - Math.floor(left);
      const paid = this.#price * Math.max(0, units - part) * this.#partSeconds;
      const low = stay * (ahead[less] ?? 0) + up * (ahead[less + all] ?? 0);
      const high = above === 0 ? low : stay * (ahead[less + 1] ?? 0) + up * (ahead[less + 1 + all] ?? 0);
      into[to + a] = held + paid + low + above * (high - low);
    }
  }

  #changeWhereBetter(current: Float64Array, to: number, node: number, word: number): void {
    const spent = this.#spent * this.#parts;
    const change = node * this.#allowances - spent;
    for (let a = spent; a < this.#allowances; a += 1) {
      const changed = this.#changeValue[change + a] ?? HOPELESS;
      if (changed >= (current[to + a] ?? 0) - EPSILON) continue;
      current[to + a] = changed;
      this.#choices.markChange(word, a);
    }
  }

  /** Nodes up to the first one above any backlog that is late for no longer than allowed. */
  #nodesWithin(t: number): number {
    const { rate, stepMs, limit: limits, mostLateSeconds } = this.#course;
    const steps = Math.ceil((mostLateSeconds * 1_000) / stepMs);
    let [arrived, limit] = [0, 0];
    for (let k = Math.max(0, t - steps); k <= Math.min(t, rate.length - 1); k += 1) {
      const arriving = rate[k] ?? 0;
      limit = Math.max(limit, limits[k] ?? 0);
      if (k < t) arrived += arriving * this.#seconds;
    }
    const most = this.#grid.position((limit + arrived) / (this.#scale[t] ?? 1));
    return Math.min(this.#grid.nodes.length, Math.ceil(most) + 2);
  }

  /** What a change at step `t` is worth, by backlog and by what is left after it. */
  #valueChanges(t: number, known: number): void {
    const { levels, rate, replayMs = 0 } = this.#course;
    const again = ((rate[t] ?? 0) * replayMs) / 1_000;
    const tried = new Float64Array(this.#allowances);
    this.#changeValue.fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < known; i += 1) {
      const still = this.#standStill(t, (this.#grid.nodes[i] ?? 0) * (this.#scale[t] ?? 1) + again);
      for (let l = 0; l < levels.length; l += 1) {
        this.#valueChangeTo(tried, t, l, still.backlog, still.late);
        this.#keepBetter(tried, t, i, l);
      }
    }
  }

  /** The whole steps of a pause. */
  #standStill(t: number, backlog: number): { backlog: number; late: number } {
    const { rate, limit } = this.#course;
    let [waiting, late] = [backlog, 0];
    for (let k = t; k < Math.min(t + this.#wholeSteps, rate.length); k += 1) {
      const arriving = rate[k] ?? 0;
      flowInto(this.#stretch, waiting, -arriving, this.#seconds, limit[k] ?? 0);
      waiting = this.#stretch.backlog;
      late += this.#stretch.late;
    }
    return { backlog: waiting, late };
  }

  #valueChangeTo(into: Float64Array, t: number, l: number, backlog: number, lateBefore: number): void {
    const { levels, rate, limit: limits } = this.#course;
    const end = t + this.#wholeSteps;
    const steps = Math.min(this.#wholeSteps + 1, rate.length - t);
    const held = (levels[l]?.slots ?? 0) * this.#seconds * steps;
    if (end >= rate.length) {
      this.#carry(into, 0, held, lateBefore, NOTHING_AHEAD, 0, 0);
      return;
    }
    const arriving = rate[end] ?? 0;
    const limit = limits[end] ?? 0;
    flowInto(this.#stretch, backlog, -arriving, this.#restSeconds, limit);
    const late = lateBefore + this.#stretch.late;
    const surplus = capacityAt(levels[l], end) - arriving;
    flowInto(this.#stretch, this.#stretch.backlog, surplus, this.#seconds - this.#restSeconds, limit);
    const waiting = this.#stretch.backlog / (this.#scale[end + 1] ?? 1);
    this.#carry(into, 0, held, late + this.#stretch.late, this.#valuesAt(end + 1), l, waiting);
  }

  #keepBetter(tried: Float64Array, t: number, node: number, level: number): void {
    const to = node * this.#allowances;
    for (let a = 0; a < this.#allowances; a += 1) {
      const value = tried[a] ?? HOPELESS;
      if (value >= (this.#changeValue[to + a] ?? HOPELESS)) continue;
      this.#changeValue[to + a] = value;
      this.#choices.setTarget(t, node, a, level);
    }
  }

  /** By changes allowed, from the best level to begin with, no backlog and all late seconds left. */
  values(): Float64Array {
    return Float64Array.from({ length: this.#counts }, (_, r) => this.#firstValue(this.#bestStart(r), r));
  }

  #firstValue(level: number, r: number): number {
    const all = (r + 1) * this.#parts - 1;
    return this.#valuesAt(0)[level * this.#grid.nodes.length * this.#allowances + all] ?? HOPELESS;
  }

  #bestStart(r: number): number {
    let best = 0;
    for (let l = 1; l < this.#course.levels.length; l += 1) {
      if (this.#firstValue(l, r) < this.#firstValue(best, r)) best = l;
    }
    return best;
  }

  plan(changes: number): PlanEntry[] {
    const allowed = Math.min(changes, this.#counts - 1);
    return readPlan(this.#course, this.#grid, this.#choices, {
      level: this.#bestStart(allowed),
      changes: allowed,
      spent: this.#spent,
      parts: this.#parts,
      partSeconds: this.#partSeconds,
    });
  }
}

/** In multiples of the objective: what gathers in all the seconds that may be late, at the least favourable moment. */
function mostBacklog(course: PreparedCourse): number {
  const late = (course.mostLateSeconds * 1_000 + course.pauseMs) / course.lagObjectiveMs;
  return Math.max(8, MARGIN * (1 + late));
}

const NODES_PER_OBJECTIVE = 8;
const MARGIN = 3;
/** Worth of what cannot be late for as little as allowed; finite, so that it can be weighed. */
const HOPELESS = 1e15;
/** A change must gain at least this many slot-seconds. */
const EPSILON = 1e-6;
const LEAST_SECONDS = 1e-3;
const NOTHING_AHEAD = new Float64Array(0);
