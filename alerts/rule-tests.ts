import { type MetricRef, type Milliseconds, span } from "../model/index.ts";
import type { Alert, Group } from "./alert.ts";
import type { RuleCase, RuleSeries, Values } from "./rule-case.ts";
import { alertsOf, annotationsOf, GENERATED, GROUP_NAMES, labelsOf, ruleFile } from "./rules.ts";
import type { AlertsSettings } from "./settings.ts";
import type { Terms } from "./terms.ts";
import { termsOf } from "./terms-of.ts";
import { timesOf } from "./times.ts";
import { asShown } from "./wording.ts";
import { toYaml, type Yaml } from "./yaml.ts";

type Turning = Extract<Values, { readonly before: number }>;

export const testFile = (group: Group): string => `${group}.test.yaml`;

/** A file for `promtool test rules`: of every alert cases that fire, but not too early, and cases that do not. */
export function renderRuleTests(group: Group, settings: AlertsSettings): string {
  const alerts = alertsOf(group, settings);
  const times = timesOf(settings);
  return toYaml(
    {
      rule_files: group === "flink" ? [ruleFile("flink")] : [ruleFile("flink"), ruleFile("outrider")],
      evaluation_interval: span(times.evaluationMs).text,
      group_eval_order: GROUP_NAMES.filter((name) => existing(name, group, settings)),
      tests: alerts.flatMap((alert) => {
        const terms = termsOf(settings, alert);
        return [
          ...listOf(alert.fires(terms)).map((one, i) => test(alert, settings, terms, one, true, i)),
          ...listOf(alert.quiet(terms)).map((one, i) => test(alert, settings, terms, one, false, i)),
        ];
      }),
    },
    [GENERATED, "promtool test rules FILE"],
  );
}

function existing(name: string, group: Group, settings: AlertsSettings): boolean {
  if (name === "flink.records") return true;
  if (name === "flink.alerts") return alertsOf("flink", settings).length > 0;
  return group === "outrider";
}

const listOf = (cases: RuleCase | readonly RuleCase[]): readonly RuleCase[] =>
  "series" in cases ? [cases] : cases;

function test(
  alert: Alert,
  settings: AlertsSettings,
  terms: Terms,
  given: RuleCase,
  fires: boolean,
  index: number,
): Yaml {
  const atMs = endOf(alert, terms, settings);
  const number = index === 0 ? "" : ` (${index + 1})`;
  const early = fires && index === 0 ? tooEarly(alert, terms, given) : [];
  return {
    name: `${alert.name} ${fires ? "fires" : "stays quiet"}${number}`,
    interval: span(terms.scrapeMs).text,
    input_series: given.series.map((series) => ({
      series: seriesName(series, terms),
      values: valuesOf(series, atMs, terms.scrapeMs),
    })),
    alert_rule_test: [
      {
        eval_time: span(atMs).text,
        alertname: alert.name,
        exp_alerts: fires ? [expected(alert, settings, terms, given, atMs)] : [],
      },
      ...early,
    ],
  };
}

/** The last evaluation before the condition has held for long enough; none where it need not hold. */
function tooEarly(alert: Alert, terms: Terms, given: RuleCase): readonly Yaml[] {
  if (terms.forMs === 0) return [];
  const untilMs = (given.holdsFromMs ?? 0) + terms.forMs - 1;
  const atMs = Math.floor(untilMs / terms.evaluationMs) * terms.evaluationMs;
  return [{ eval_time: span(atMs).text, alertname: alert.name, exp_alerts: [] }];
}

function expected(
  alert: Alert,
  settings: AlertsSettings,
  terms: Terms,
  given: RuleCase,
  atMs: Milliseconds,
): Yaml {
  const all = { ...terms.sample, ...given.labels };
  const own = Object.fromEntries(alert.labels.map((label) => [label, all[label] ?? ""]));
  const labels = alert.labels.length === 0 ? terms.fixed : own;
  const value = given.value ?? valueAt(given.series[0], atMs, terms.scrapeMs);
  return {
    exp_labels: { ...labels, ...labelsOf(alert, settings) },
    exp_annotations: annotationsOf(alert, settings, (text) =>
      asShown(alert, text, labels, value, given.culprit),
    ),
  };
}

/** Long enough for every window and for the condition to hold, at a time when rules are evaluated. */
function endOf(alert: Alert, terms: Terms, settings: AlertsSettings): Milliseconds {
  const windows = Object.keys(alert.windows).reduce((sum, name) => sum + terms.windowMs(name), 0);
  const least = 2 * windows + timesOf(settings).rateMs + terms.forMs + 10 * terms.evaluationMs;
  return Math.ceil(least / terms.evaluationMs) * terms.evaluationMs;
}

function seriesName({ metric, labels }: RuleSeries, terms: Terms): string {
  const all = { ...sampleLabels(metric, terms), ...labels };
  const list = Object.entries(all).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${metric.name}{${list.join(", ")}}`;
}

/** What the scrape and the selection give it, and the matchers that name one value. */
function sampleLabels(metric: MetricRef, terms: Terms): Record<string, string> {
  const exact = Object.entries(metric.matchers).flatMap(([label, matcher]) =>
    typeof matcher === "string" ? [[label, matcher]] : [],
  );
  const labels = Object.entries(terms.sample).filter(
    ([label]) => label !== "job_name" || metric.labels.includes("job_name"),
  );
  return { ...Object.fromEntries(labels), ...Object.fromEntries(exact) };
}

function valuesOf({ values, lastMs }: RuleSeries, atMs: Milliseconds, stepMs: Milliseconds): string {
  const last = Math.ceil(atMs / stepMs) + 1;
  const missing = lastMs === undefined ? 0 : Math.floor((atMs - lastMs) / stepMs);
  if ("before" in values) return turned(values, atMs, stepMs);
  const gap = missing > 0 ? `_x${missing} ` : "";
  if ("constant" in values) return `${gap}${values.constant}x${last - missing}`;
  if ("from" in values)
    return `${gap}${values.from}+${(values.perSecond * stepMs) / 1_000}x${last - missing}`;
  const every = stairs(values, stepMs);
  const steps = Array.from({ length: Math.ceil((last + 1) / every) }, (_, i) => i);
  return steps.map((i) => `${values.base * values.factor ** i}x${every - 1}`).join(" ");
}

function turned(values: Turning, atMs: Milliseconds, stepMs: Milliseconds): string {
  const { before, agoMs, turn } = values;
  const at = Math.max(1, Math.floor((atMs - agoMs) / stepMs));
  const after = Math.max(1, Math.ceil(atMs / stepMs) + 1 - at);
  const until = `${before}x${at - 1}`;
  if (turn === "gone") return `${until} stale`;
  if (turn === "missed") return `${until} stale ${before}x${after - 1}`;
  if ("once" in turn) return `${until} ${turn.once} ${before}x${after - 1}`;
  // What begins here must not lie `agoMs` ago already.
  const slope = (turn.to - turn.from) / after;
  return `${before}x${at} ${turn.from}${slope < 0 ? "" : "+"}${slope}x${after - 1}`;
}

/** The value of a series at the end; of a time, how long ago that is. */
function valueAt(series: RuleSeries | undefined, atMs: Milliseconds, stepMs: Milliseconds): number {
  if (series === undefined) return Number.NaN;
  const { values, aged } = series;
  const value = finalValue(values, atMs, stepMs);
  if (aged === undefined) return value;
  return atMs / 1_000 - (aged === "seconds" ? value : value / 1_000);
}

function finalValue(values: Values, atMs: Milliseconds, stepMs: Milliseconds): number {
  if ("constant" in values) return values.constant;
  if ("before" in values) return values.before;
  if ("from" in values) return values.from + (values.perSecond * atMs) / 1_000;
  return values.base * values.factor ** Math.floor(Math.floor(atMs / stepMs) / stairs(values, stepMs));
}

const stairs = (values: { readonly everyMs: Milliseconds }, stepMs: Milliseconds): number =>
  Math.max(1, Math.round(values.everyMs / stepMs));
