import type { Choices } from "./choices.ts";
import { capacityAt, flowInto, type PlanEntry, type PreparedCourse } from "./course.ts";
import type { LagGrid } from "./lag-grid.ts";

/** Where a reading of the choices begins. */
interface Beginning {
  readonly level: number;
  readonly changes: number;
  /** What a change takes of the number left. */
  readonly spent: number;
  /** Amounts of late seconds left that are told apart, and how far apart they are. */
  readonly parts: number;
  readonly partSeconds: number;
}

/** Forward along the choices of a solved program; backlog and lateness are exact, rounded only where a choice is looked up. */
export function readPlan(
  course: PreparedCourse,
  grid: LagGrid,
  choices: Choices,
  beginning: Beginning,
): PlanEntry[] {
  const { rate, replayMs = 0 } = course;
  const scale = quietScale(course);
  const state = {
    level: beginning.level,
    left: beginning.changes,
    unitsLeft: beginning.parts - 1,
    backlog: 0,
    pauseLeft: 0,
  };
  const plan: PlanEntry[] = [{ atStep: 0, level: state.level }];
  for (let t = 0; t < rate.length; t += 1) {
    const node = Math.min(grid.nodes.length - 1, Math.round(grid.position(state.backlog / (scale[t] ?? 1))));
    const part = Math.max(0, Math.floor(state.unitsLeft + ROUNDING));
    const allowance = state.left * beginning.parts + part;
    const free = t > 0 && state.pauseLeft <= 0 && state.left >= beginning.spent;
    if (free && choices.isChange(t, state.level, node, allowance)) {
      state.left -= beginning.spent;
      state.level = choices.targetOf(t, node, allowance - beginning.spent * beginning.parts);
      state.backlog += ((rate[t] ?? 0) * replayMs) / 1_000;
      state.pauseLeft = course.pauseMs / 1_000;
      plan.push({ atStep: t, level: state.level });
    }
    state.unitsLeft -= oneStep(course, t, state) / beginning.partSeconds;
  }
  return plan;
}

/** Moves the backlog on by one step; returns its late seconds. */
function oneStep(
  course: PreparedCourse,
  t: number,
  state: { readonly level: number; backlog: number; pauseLeft: number },
): number {
  const seconds = course.stepMs / 1_000;
  const still = Math.min(state.pauseLeft, seconds);
  state.pauseLeft -= still;
  const arriving = course.rate[t] ?? 0;
  const limit = course.limit[t] ?? 0;
  const stretch = { backlog: 0, late: 0 };
  flowInto(stretch, state.backlog, -arriving, still, limit);
  const late = stretch.late;
  const surplus = capacityAt(course.levels[state.level], t) - arriving;
  flowInto(stretch, stretch.backlog, surplus, seconds - still, limit);
  state.backlog = stretch.backlog;
  return late + stretch.late;
}

/**
 * By step (and one more): the backlog that counts as 1 on the grid. The limit of the objective, or in quiet times a
 * little of the highest limit.
 */
export function quietScale(course: PreparedCourse): Float64Array {
  const { rate, limit } = course;
  const highest = limit.reduce((a, b) => Math.max(a, b), 0);
  const floor = Math.max(LEAST_RECORDS, highest * QUIET_SHARE);
  return Float64Array.from({ length: rate.length + 1 }, (_, t) =>
    Math.max(limit[Math.min(t, rate.length - 1)] ?? 0, floor),
  );
}

const QUIET_SHARE = 0.02;
const LEAST_RECORDS = 1e-9;
const ROUNDING = 1e-9;
