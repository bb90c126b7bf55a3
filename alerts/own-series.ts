import type { Milliseconds, OwnMetricName } from "../model/index.ts";
import { constant, type RuleSeries, rising } from "./rule-case.ts";
import type { Terms } from "./terms.ts";

/** A series of Outrider's own that keeps one value, for the tests of rules. */
export const ownSeries = (t: Terms, name: OwnMetricName, value: number, labels = {}): RuleSeries => ({
  metric: t.own(name),
  labels,
  values: constant(value),
});

/** A time that stays this long ago; never longer, however old the newest scrape is. */
export const timeAgo = (t: Terms, name: OwnMetricName, ms: Milliseconds): RuleSeries => ({
  metric: t.own(name),
  labels: {},
  values: rising(1, (t.scrapeMs - ms) / 1_000),
});
