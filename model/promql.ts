import { Failure } from "./failure.ts";
import { type FlinkMetricName, flinkMetric, type MetricKind } from "./flink-metrics.ts";
import { OWN_METRIC_FACTS, type OwnMetricName, type RecordedMetricName } from "./metric-names.ts";
import type { Milliseconds } from "./time.ts";

/** One matcher: a text is `=`; the others are made by `matches`, `isNot` and `matchesNot`. */
export type Matcher = string | { readonly op: "=" | "!=" | "=~" | "!~"; readonly value: string };
export type Matchers = Readonly<Record<string, Matcher>>;

export const matches = (regex: string): Matcher => ({ op: "=~", value: regex });
export const isNot = (value: string): Matcher => ({ op: "!=", value });
export const matchesNot = (regex: string): Matcher => ({ op: "!~", value: regex });

type Shape = MetricKind | "histogram" | "recorded";

/** A selector whose name is known to exist; only `flink`, `own`, `recorded` and `scraped` make one. */
export interface MetricRef {
  readonly part: "metric";
  readonly name: string;
  readonly shape: Shape;
  /** Labels that its own page gives it. */
  readonly labels: readonly string[];
  readonly matchers: Matchers;
  readonly text: string;
}

export interface DurationText {
  readonly part: "duration";
  readonly text: string;
}

export interface LabelList {
  readonly part: "labels";
  readonly text: string;
}

/** A finished expression; may stand inside another one. */
export interface Promql {
  readonly part: "expression";
  readonly text: string;
}

export type PromqlPart = MetricRef | DurationText | LabelList | Promql | number;

/** A metric of Flink, from the catalogue. */
export function flink(name: FlinkMetricName, matchers: Matchers = {}): MetricRef {
  const { kind, labels } = flinkMetric(name);
  return ref(name, kind, labels, matchers);
}

/** One of Outrider's own series. */
export function own(name: OwnMetricName, matchers: Matchers = {}): MetricRef {
  const { kind, labels } = OWN_METRIC_FACTS[name];
  return ref(name, kind, labels, matchers);
}

/** A series that the generated recording rules add. */
export function recorded(name: RecordedMetricName, matchers: Matchers = {}): MetricRef {
  return ref(name, "recorded", [], matchers);
}

/** A series that Prometheus itself adds to every target. */
export function scraped(name: "up" | "scrape_duration_seconds", matchers: Matchers = {}): MetricRef {
  return ref(name, "gauge", [], matchers);
}

/** A length of time as PromQL writes it: whole milliseconds, the largest unit that fits. */
export function span(ms: Milliseconds): DurationText {
  return { part: "duration", text: promDuration(ms) };
}

/** A list of label names for `by`, `without`, `on` and `group_left`. */
export function labelNames(names: readonly string[]): LabelList {
  for (const name of names) checkLabelName(name);
  return { part: "labels", text: names.join(", ") };
}

/**
 * An expression out of references, numbers, durations and label names; a bare text does not compile, so that no metric
 * name can be misspelt. Throws where a function does not fit the metric's kind, such as `rate` of a meter.
 */
export function promql(texts: TemplateStringsArray, ...parts: readonly PromqlPart[]): Promql {
  let text = texts[0] ?? "";
  for (const [i, part] of parts.entries()) {
    const after = texts[i + 1] ?? "";
    if (typeof part === "object" && part.part === "metric") checkUse(text, part);
    text += textOf(part) + after;
  }
  return { part: "expression", text: text.replaceAll(/\s*\n\s*/g, " ").trim() };
}

/** A label value between quotes, for PromQL and for Prometheus' text format. */
export function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** The text as a regular expression that matches only itself (RE2). */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** `90_000` → `90s`, `1_500` → `1500ms`; at least a millisecond. */
export function promDuration(ms: Milliseconds): string {
  const whole = Math.max(1, Math.round(ms));
  for (const [unit, size] of UNITS) if (whole % size === 0) return `${whole / size}${unit}`;
  return `${whole}ms`;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

function ref(name: string, shape: Shape, labels: readonly string[], matchers: Matchers): MetricRef {
  const list = Object.entries(matchers).map(([label, matcher]) => {
    checkLabelName(label);
    const { op, value } = typeof matcher === "string" ? { op: "=", value: matcher } : matcher;
    return `${label}${op}${quoted(value)}`;
  });
  const text = list.length === 0 ? name : `${name}{${list.join(", ")}}`;
  return { part: "metric", name, shape, labels, matchers, text };
}

function textOf(part: PromqlPart): string {
  if (typeof part !== "number") return part.text;
  if (!Number.isFinite(part)) throw wrong("a number", String(part), "a finite number");
  return String(part);
}

/** What may not be done to a series of a kind. */
const MISUSE: Readonly<Record<Shape, RegExp | undefined>> = {
  gauge: /\b(rate|irate|increase|resets|histogram_quantile)\(\s*$/,
  counter: /\b(delta|idelta|deriv|predict_linear|histogram_quantile)\(\s*$/,
  meter: /\b(rate|irate|increase|resets|histogram_quantile)\(\s*$/,
  summary: /\b(histogram_quantile)\(\s*/,
  histogram: /\b(delta|idelta|deriv)\(\s*$/,
  recorded: /\b(rate|irate|increase|resets)\(\s*$/,
};

function checkUse(before: string, metric: MetricRef): void {
  const used = MISUSE[metric.shape]?.exec(before)?.[1];
  if (used !== undefined) {
    throw wrong(metric.name, `${used}() of a ${metric.shape}`, "a function that fits its kind");
  }
}

function checkLabelName(name: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    throw wrong("a label name", JSON.stringify(name), "letters, digits and _");
  }
}

const wrong = (what: string, got: string, expected: string): Failure =>
  new Failure("bad-config", `cannot write PromQL: ${what}; got ${got}; expected ${expected}`);
