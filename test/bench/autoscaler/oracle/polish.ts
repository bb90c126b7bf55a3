import { CourseRun, type Plan, type PlanEntry, type PreparedCourse } from "./course.ts";

/** A plan and what becomes of it. */
export interface Judged {
  readonly plan: Plan;
  readonly slotSeconds: number;
  readonly lateSeconds: number;
}

/**
 * Small changes to a plan, without more rescales, until none makes it cheaper: a rescale earlier or later, a stretch one
 * level lower or higher. A plan that is late for too long is first mended, one that is not may use up what is allowed.
 */
export function polish(course: PreparedCourse, plan: Plan): Judged {
  let best = judge(course, plan);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    const before = best;
    for (let i = 0; i < best.plan.length; i += 1) best = polishEntry(course, best, i);
    if (best === before) break;
  }
  return best;
}

/** The best plan with one entry less, polished; undefined where there is none to leave out. */
export function withOneLess(course: PreparedCourse, plan: Plan): Judged | undefined {
  let best: Judged | undefined;
  for (let i = 0; i < plan.length; i += 1) {
    const rest = plan.filter((_, k) => k !== i).map((e, k) => (k === 0 ? { ...e, atStep: 0 } : e));
    if (rest.length === 0) continue;
    const judged = judge(course, rest);
    if (best === undefined || isBetter(judged, best, course.mostLateSeconds)) best = judged;
  }
  return best === undefined ? undefined : polish(course, best.plan);
}

export function judge(course: PreparedCourse, plan: Plan): Judged {
  return judgeFrom(course, plan, 0, new CourseRun(course));
}

/** The plan's own beginning, up to entry `index`, is in `run` already. */
function judgeFrom(course: PreparedCourse, plan: Plan, index: number, run: CourseRun): Judged {
  for (let i = index; i < plan.length; i += 1) {
    const entry = plan[i];
    if (entry !== undefined) run.advance(entry, plan[i + 1]?.atStep ?? course.rate.length, i > 0);
  }
  return { plan, slotSeconds: run.slotSeconds, lateSeconds: run.lateSeconds };
}

function polishEntry(course: PreparedCourse, start: Judged, index: number): Judged {
  // What lies before the entry ahead of this one is the same for all variants.
  const first = Math.max(0, index - 1);
  const beginning = new CourseRun(course);
  for (let i = 0; i < first; i += 1) {
    const entry = start.plan[i];
    if (entry !== undefined) beginning.advance(entry, start.plan[i + 1]?.atStep ?? 0, i > 0);
  }
  const run = new CourseRun(course);
  let best = start;
  for (const variant of variantsOf(course, start.plan, index)) {
    run.copyFrom(beginning);
    const judged = judgeFrom(course, variant, first, run);
    if (isBetter(judged, best, course.mostLateSeconds)) best = judged;
  }
  return best;
}

/** Late for less too long, then cheaper. */
function isBetter(a: Judged, b: Judged, mostLate: number): boolean {
  const [lateA, lateB] = [Math.max(0, a.lateSeconds - mostLate), Math.max(0, b.lateSeconds - mostLate)];
  if (lateA !== lateB) return lateA < lateB;
  return a.slotSeconds < b.slotSeconds - LEAST_GAIN;
}

function variantsOf(course: PreparedCourse, plan: Plan, index: number): Plan[] {
  const entry = plan[index];
  if (entry === undefined) return [];
  const [before, after] = [plan[index - 1], plan[index + 1]];
  const isLevel = (level: number): boolean => level >= 0 && level < course.levels.length;
  const variants = [entry.level - 1, entry.level + 1]
    .filter(isLevel)
    .map((level) => replaced(plan, index, { ...entry, level }));
  for (const by of before === undefined ? [] : SHIFTS) {
    const moved = { ...entry, atStep: entry.atStep + by };
    const variant = replaced(plan, index, moved);
    variants.push(variant);
    // The whole stretch, and a stretch that begins at another time with another neighbour's level.
    if (after !== undefined)
      variants.push(replaced(variant, index + 1, { ...after, atStep: after.atStep + by }));
    for (const level of [entry.level - 1, entry.level + 1].filter(isLevel)) {
      variants.push(replaced(variant, index, { ...moved, level }));
    }
  }
  for (const by of after === undefined ? [] : [-1, 1]) {
    const [one, other] = [entry.level + by, (after?.level ?? 0) - by];
    if (after === undefined || !isLevel(one) || !isLevel(other)) continue;
    variants.push(
      replaced(replaced(plan, index, { ...entry, level: one }), index + 1, { ...after, level: other }),
    );
  }
  return variants.filter((variant) => isInOrder(variant, course.rate.length));
}

const isInOrder = (plan: Plan, steps: number): boolean =>
  plan.every((e, i) => e.atStep < steps && (i === 0 || e.atStep > (plan[i - 1]?.atStep ?? 0)));

const replaced = (plan: Plan, index: number, entry: PlanEntry): Plan =>
  plan.map((old, i) => (i === index ? entry : old));

const MOST_SWEEPS = 30;
const LEAST_GAIN = 1e-6;
const SHIFTS = [-16, -4, -2, -1, 1, 2, 4, 16];
