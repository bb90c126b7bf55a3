import { toMsOrNull } from "../duration.ts";
import { beginOf, compilePlan } from "./plan.ts";
import { problemOfPattern, problemOfZone } from "./runs.ts";
import type { PeriodSettings, PlanSettings } from "./settings.ts";

/** What is wrong in a plan or a period: which key, and what would be right. */
export interface Problem {
  readonly path: readonly string[];
  readonly expected: string;
}

/** A plan must come to pass, have an end, and say something that can be kept. */
export function problemsOfPlan(s: PlanSettings): readonly Problem[] {
  const problems = [...problemsOfPeriod(s)];
  const bounds = [s, ...Object.values(s.vertices)];
  if (bounds.every((b) => b.floor === undefined && b.ceiling === undefined)) {
    problems.push({ path: ["floor"], expected: "a floor or a ceiling, of all vertices or of some" });
  }
  for (const [vertex, { floor, ceiling }] of Object.entries(compilePlan(s).bounds)) {
    if (floor === null || ceiling === null || floor <= ceiling) continue;
    const path = vertex === "*" ? ["floor"] : ["vertices", vertex, "floor"];
    problems.push({ path, expected: `at most ${ceiling}, which is the ceiling of the same plan` });
  }
  return problems;
}

/** One way to begin, one way to end, and both of them in the calendar. */
export function problemsOfPeriod(s: PeriodSettings): readonly Problem[] {
  const zone = problemOfZone(s.timeZone);
  const problems = [
    ...(zone === undefined ? [] : [{ path: ["timeZone"], expected: zone }]),
    ...problemsOfBegin(s),
    ...problemsOfEnd(s),
  ];
  if (problems.length > 0) return problems;
  const pattern = problemOfPattern(beginOf(s), s.timeZone);
  if (pattern === undefined) return [];
  return s.cron === undefined
    ? [{ path: ["date"], expected: "a day that the calendar has" }]
    : [{ path: ["cron"], expected: pattern }];
}

function problemsOfBegin({ cron, time, days, date }: PeriodSettings): readonly Problem[] {
  if (cron === undefined && time === undefined) return [{ path: ["time"], expected: "cron, or a time" }];
  if (cron === undefined) {
    return days !== undefined && date !== undefined
      ? [{ path: ["date"], expected: "days or date, not both" }]
      : [];
  }
  const beside = Object.entries({ time, days, date }).filter(([, value]) => value !== undefined);
  const problems = beside.map(([key]) => ({ path: [key], expected: "nothing beside cron" }));
  return cron.trim().split(/\s+/).length > 5
    ? [...problems, { path: ["cron"], expected: 'five cron fields such as "0 9 * * 1-5"' }]
    : problems;
}

function problemsOfEnd(s: PeriodSettings): readonly Problem[] {
  if (s.for === undefined && s.until === undefined) return [{ path: ["for"], expected: "for, or until" }];
  if (s.for !== undefined && s.until !== undefined) {
    return [{ path: ["for"], expected: "for or until, not both" }];
  }
  return toMsOrNull(s.for) === 0 ? [{ path: ["for"], expected: "a duration above 0" }] : [];
}
