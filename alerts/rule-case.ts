import type { MetricRef, Milliseconds } from "../model/index.ts";

/** Values of a series of a test: the same all the time, rising evenly, multiplied every so often, or turning at a time. */
export type Values =
  | { readonly constant: number }
  | { readonly from: number; readonly perSecond: number }
  | { readonly base: number; readonly factor: number; readonly everyMs: Milliseconds }
  | { readonly before: number; readonly agoMs: Milliseconds; readonly turn: Turn };

/** What happens `agoMs` before the end: the target vanishes, one scrape fails or differs, or another slope begins. */
export type Turn =
  | "gone"
  | "missed"
  | { readonly once: number }
  | { readonly from: number; readonly to: number };

export interface RuleSeries {
  /** Name and matchers of the condition; `labels` are added to it. */
  readonly metric: MetricRef;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Values;
  /** Present only from this long before the end; all the time without it. */
  readonly lastMs?: Milliseconds;
  /** The value is a time in this unit, and the alert's value is how long ago that is. */
  readonly aged?: "seconds" | "milliseconds";
}

/** Series, and what an alert makes of them at the end. */
export interface RuleCase {
  readonly series: readonly RuleSeries[];
  /** Value of the one alert that fires, where its text tells it; without it that of the first series at the end. */
  readonly value?: number;
  /** Labels of the one alert beyond cluster, namespace and job. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly culprit?: string;
  /** From when after the start the condition of a firing case holds; the start without it. */
  readonly holdsFromMs?: Milliseconds;
}

export const constant = (value: number): Values => ({ constant: value });
export const turning = (before: number, agoMs: Milliseconds, turn: Turn): Values => ({ before, agoMs, turn });
export const rising = (perSecond: number, from = 0): Values => ({ from, perSecond });
