import type { Instant, Milliseconds } from "../../model/index.ts";
import { toMsOrNull } from "../duration.ts";
import type { ExcludedSettings, PeriodSettings, PlanSettings } from "./settings.ts";

/** A period as code reads it: patterns of croner (seven fields with a year, else five), and the length. */
export interface Period {
  readonly begin: string;
  readonly timeZone: string;
  /** Exactly one of the two is not null: a length, or the pattern of the time of day at which it ends. */
  readonly forMs: Milliseconds | null;
  readonly end: string | null;
}

export interface Bound {
  readonly floor: number | null;
  readonly ceiling: number | null;
}

export interface Plan {
  readonly name: string;
  readonly period: Period;
  /** By vertex id or name; `*`: every other one. */
  readonly bounds: Readonly<Record<string, Bound>>;
}

export interface ExcludedPeriod {
  readonly name: string;
  readonly period: Period;
  readonly allowScaleUp: boolean;
}

/** In force from `from` until just before `until`. */
export interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

/** Of checked settings only. */
export function compilePlan(s: PlanSettings): Plan {
  const bound = (b: { floor?: number | undefined; ceiling?: number | undefined }): Bound => ({
    floor: b.floor ?? null,
    ceiling: b.ceiling ?? null,
  });
  const own = Object.entries(s.vertices).map(([vertex, b]) => [
    vertex,
    bound({ floor: b.floor ?? s.floor, ceiling: b.ceiling ?? s.ceiling }),
  ]);
  return { name: s.name, period: compilePeriod(s), bounds: Object.fromEntries([["*", bound(s)], ...own]) };
}

/** Of checked settings only. */
export const compileExcluded = (s: ExcludedSettings): ExcludedPeriod => ({
  name: s.name,
  period: compilePeriod(s),
  allowScaleUp: s.allowScaleUp,
});

function compilePeriod(s: PeriodSettings): Period {
  return {
    begin: beginOf(s),
    timeZone: s.timeZone,
    forMs: toMsOrNull(s.for),
    end: s.until === undefined ? null : `${hourAndMinute(s.until)} * * *`,
  };
}

/** The pattern of the beginning, whichever way it was written. */
export function beginOf({ cron, time, days, date }: PeriodSettings): string {
  if (cron !== undefined) return cron;
  const at = hourAndMinute(time ?? "00:00");
  if (date === undefined) return `${at} * * ${days?.join(",") ?? "*"}`;
  const [year, month, day] = date.split("-").map(Number);
  return `0 ${at} ${day} ${month} * ${year}`;
}

/** `"09:30"` → `30 9`, as cron writes it. */
function hourAndMinute(time: string): string {
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour}`;
}
