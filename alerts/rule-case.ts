import type { MetricRef, Milliseconds } from "../model/index.ts";

/** Values of a series of a test: the same all the time, rising evenly, or multiplied every so often. */
export type Values =
  | { readonly constant: number }
  | { readonly from: number; readonly perSecond: number }
  | { readonly base: number; readonly factor: number; readonly everyMs: Milliseconds };

export interface RuleSeries {
  /** Name and matchers of the condition; `labels` are added to it. */
  readonly metric: MetricRef;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Values;
  /** Present only from this long before the end; all the time without it. */
  readonly lastMs?: Milliseconds;
  /** The value is a time in seconds, and the alert's value is how long ago that is. */
  readonly aged?: true;
}

/** Series, and what an alert makes of them at the end. */
export interface RuleCase {
  readonly series: readonly RuleSeries[];
  /** Value of the one alert that fires, where its text tells it; without it that of the first series at the end. */
  readonly value?: number;
  /** Labels of the one alert beyond cluster, namespace and job. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly culprit?: string;
}

export const constant = (value: number): Values => ({ constant: value });
export const rising = (perSecond: number, from = 0): Values => ({ from, perSecond });
