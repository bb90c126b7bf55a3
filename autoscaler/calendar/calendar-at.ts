import type { CalendarState, Instant, VertexId } from "../../model/index.ts";
import type { Bound, ExcludedPeriod, Period, Plan, Span } from "./plan.ts";
import { runsAround } from "./runs.ts";

/** What of the settings the calendar reads. */
export interface CalendarConfig {
  readonly schedule: readonly Plan[];
  readonly excludedPeriods: readonly ExcludedPeriod[];
}

/**
 * What people have planned for this moment, null where they have planned nothing at all. Where plans overlap the
 * highest floor and the lowest ceiling of each vertex count; within one plan what is said of a vertex by its name
 * stands in place of what is said of all. Example: plan A floor 8; plan B floor 2, `sink` 3: every vertex has at
 * least 8. Plan A floor 8, `sink` 2 alone: `sink` has at least 2, the others 8.
 */
export function calendarAt(config: CalendarConfig, now: Instant): CalendarState | null {
  if (config.schedule.length === 0 && config.excludedPeriods.length === 0) return null;
  const plans = config.schedule.filter((p) => spanAt(p.period, now) !== null);
  return {
    floors: joined(plans, (b) => b.floor, Math.max),
    ceilings: joined(plans, (b) => b.ceiling, Math.min),
    plans: plans.map((p) => p.name),
    excludedUntil: excludedAt(config, now)?.until ?? null,
  };
}

/** Where excluded periods overlap: the name of the one that ends last, its end, and the strictest word of all. */
export interface Exclusion {
  readonly name: string;
  readonly until: Instant;
  readonly allowScaleUp: boolean;
}

/** The excluded period at this moment, null outside of all. */
export function excludedAt(config: CalendarConfig, now: Instant): Exclusion | null {
  const running = config.excludedPeriods.flatMap(({ name, period, allowScaleUp }) => {
    const span = spanAt(period, now);
    return span === null ? [] : [{ name, until: span.until, allowScaleUp }];
  });
  const [last] = running.toSorted((a, b) => b.until - a.until);
  return last === undefined ? null : { ...last, allowScaleUp: running.every((e) => e.allowScaleUp) };
}

/** What a state says of one vertex: by its id, by its name, else what holds for every vertex; null: nothing. */
export function plannedFor(values: CalendarState["floors"], id: VertexId, name: string): number | null {
  // A vertex may be called `constructor`: only what people wrote counts.
  const key = [id, name, "*"].find((k) => Object.hasOwn(values, k));
  return key === undefined ? null : (values[key] ?? null);
}

/** The time around `now` for which a period is in force, null outside of it. */
export function spanAt(period: Period, now: Instant): Span | null {
  const { latest } = runsAround(period.begin, period.timeZone, now);
  if (latest === null) return null;
  const until = endOf(period, latest);
  return now < until ? { from: latest, until } : null;
}

/** A length runs in real time; a time of day is the next one of that name, whatever the clocks do in between. */
function endOf({ forMs, end, timeZone }: Period, from: Instant): Instant {
  if (forMs !== null) return from + forMs;
  return end === null ? from : (runsAround(end, timeZone, from).next ?? from);
}

function joined(
  plans: readonly Plan[],
  read: (bound: Bound) => number | null,
  pick: (a: number, b: number) => number,
): Record<string, number> {
  const keys = new Set(plans.flatMap((p) => Object.keys(p.bounds)));
  const entries: [string, number][] = [];
  for (const key of keys) {
    const values = plans
      .map((p) => (Object.hasOwn(p.bounds, key) ? p.bounds[key] : p.bounds["*"]))
      .map((bound) => (bound === undefined ? null : read(bound)))
      .filter((value) => value !== null);
    if (values.length > 0) entries.push([key, values.reduce((a, b) => pick(a, b))]);
  }
  return Object.fromEntries(entries);
}
