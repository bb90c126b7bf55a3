import { COLUMNS, type GridPlace } from "./layout.ts";

/** The parts of a rendered dashboard that the rules look at. */
export interface LintedDashboard {
  readonly uid?: string;
  readonly title?: string;
  readonly editable?: boolean;
  readonly schemaVersion?: number;
  readonly templating?: { readonly list?: readonly LintedVariable[] };
  readonly annotations?: { readonly list?: readonly LintedAnnotation[] };
  readonly panels?: readonly LintedPanel[];
}

export interface LintedVariable {
  readonly name?: string;
  readonly label?: string;
  readonly type?: string;
  readonly query?: unknown;
  readonly datasource?: { readonly uid?: string };
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

export interface LintedAnnotation {
  readonly name?: string;
  readonly expr?: string;
  readonly datasource?: { readonly uid?: string };
}

export interface LintedPanel {
  readonly id?: number;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly uid?: string };
  readonly gridPos?: GridPlace;
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
  readonly targets?: readonly LintedTarget[];
}

export interface LintedTarget {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly datasource?: { readonly uid?: string };
}

/** A rule of the house for dashboards; the sentence says what is wrong, nothing means that it is kept. */
interface Rule {
  readonly name: string;
  check(dashboard: LintedDashboard): readonly string[];
}

/** Rules of dashboard-linter that are not held, and why. */
export const RULES_NOT_HELD: Readonly<Record<string, string>> = {
  "template-job-rule": "the variable `job` is Flink's job, one at a time, not the scrape job of Prometheus",
  "template-instance-rule":
    "Flink's pods come and go with every failure; series are found by job and TaskManager",
  "target-instance-rule": "as template-instance-rule",
  "target-promql-rule": "a real Prometheus evaluates every query in test/real/metrics.test.ts",
  "target-logql-rule": "there is no Loki query",
};

const DATA_SOURCE_UID = "$datasource";
const SCOPE = ["cluster", "namespace"];
/** Windows that follow the dashboard; a fixed one is empty or wrong at another zoom or scrape interval. */
const WINDOWS = ["$__rate_interval", "$__range"];
const RELOAD_ON_TIME_RANGE = 2;

const RULES: readonly Rule[] = [
  {
    name: "dashboard-uid",
    check: ({ uid = "" }) =>
      /^[A-Za-z0-9_-]{1,40}$/.test(uid) ? [] : [`uid "${uid}" is not stable or valid`],
  },
  { name: "dashboard-title", check: ({ title }) => (title ? [] : ["the dashboard has no title"]) },
  {
    name: "uneditable",
    check: ({ editable }) => (editable === false ? [] : ["a generated dashboard must not be editable"]),
  },
  { name: "template-datasource", check: checkDataSource },
  { name: "template-scope", check: checkScopeVariables },
  { name: "template-on-time-change-reload", check: checkReload },
  {
    name: "panel-id",
    check: (d) =>
      repeated(
        panelsOf(d).map((p) => String(p.id)),
        "panel id",
      ),
  },
  {
    name: "panel-id-set",
    check: (d) => eachPanel(panelsOf(d), (p) => Number.isInteger(p.id) && (p.id ?? 0) > 0, "has no id"),
  },
  {
    name: "panel-title-description",
    check: (d) => [
      ...eachPanel(panelsOf(d), (p) => Boolean(p.title), "has no title"),
      ...eachPanel(contentOf(d), (p) => /\.$/.test(p.description ?? ""), "has no description in sentences"),
    ],
  },
  {
    name: "panel-units",
    check: (d) => eachPanel(contentOf(d), (p) => Boolean(p.fieldConfig?.defaults?.unit), "has no unit"),
  },
  {
    name: "panel-datasource",
    check: (d) => [
      ...eachPanel(contentOf(d), (p) => p.datasource?.uid === DATA_SOURCE_UID, "names a data source"),
      ...eachTarget(d, (t) => t.datasource?.uid === DATA_SOURCE_UID, "names a data source"),
      ...annotationsOf(d)
        .filter((a) => a.datasource?.uid !== DATA_SOURCE_UID)
        .map((a) => `annotation "${a.name}" names a data source`),
    ],
  },
  {
    name: "panel-no-targets",
    check: (d) => eachPanel(contentOf(d), (p) => (p.targets ?? []).length > 0, "asks nothing"),
  },
  { name: "panel-overlap", check: (d) => overlaps(panelsOf(d)) },
  {
    name: "target-ref-id",
    check: (d) =>
      contentOf(d).flatMap((p) =>
        repeated(
          (p.targets ?? []).map((t) => t.refId ?? ""),
          `${p.title}: refId`,
        ),
      ),
  },
  { name: "target-legend", check: (d) => eachTarget(d, (t) => Boolean(t.legendFormat), "has no legend") },
  { name: "target-scope", check: checkScope },
  { name: "target-rate-interval", check: checkWindows },
  { name: "target-counter-agg", check: checkCounters },
  {
    name: "target-no-rate-of-rate",
    check: (d) =>
      eachTarget(d, (t) => !/\b(?:rate|irate|increase)\(\w+PerSecond\b/.test(t.expr ?? ""), "rates a rate"),
  },
];

/** What is wrong with a dashboard, each with the rule's name; empty when nothing is. */
export function lintDashboard(dashboard: LintedDashboard): readonly string[] {
  return RULES.flatMap((rule) => rule.check(dashboard).map((problem) => `${rule.name}: ${problem}`));
}

const variablesOf = (d: LintedDashboard): readonly LintedVariable[] => d.templating?.list ?? [];
const annotationsOf = (d: LintedDashboard): readonly LintedAnnotation[] => d.annotations?.list ?? [];
const panelsOf = (d: LintedDashboard): readonly LintedPanel[] => d.panels ?? [];
const contentOf = (d: LintedDashboard): readonly LintedPanel[] => panelsOf(d).filter((p) => p.type !== "row");

function checkDataSource(dashboard: LintedDashboard): readonly string[] {
  const sources = variablesOf(dashboard).filter((v) => v.type === "datasource");
  const [only] = sources;
  const fine =
    sources.length === 1 &&
    only?.name === "datasource" &&
    only.label === "Data source" &&
    only.query === "prometheus";
  return fine ? [] : ['there must be one variable of type datasource, "datasource", labelled "Data source"'];
}

function checkScopeVariables(dashboard: LintedDashboard): readonly string[] {
  const byName = new Map(variablesOf(dashboard).map((v) => [v.name, v]));
  const problems = SCOPE.filter((name) => {
    const v = byName.get(name);
    // `.*` rather than `.+`: a Prometheus without Kubernetes has no such label at all.
    return v?.multi !== true || v.includeAll !== true || v.allValue !== ".*";
  }).map((name) => `variable ${name} must take several values, and all by ".*"`);
  return byName.get("job")?.multi === false ? problems : [...problems, "variable job must take one value"];
}

function checkReload(dashboard: LintedDashboard): readonly string[] {
  return variablesOf(dashboard)
    .filter((v) => v.type === "query")
    .flatMap((v) => [
      ...(v.refresh === RELOAD_ON_TIME_RANGE ? [] : [`variable ${v.name} does not follow the time range`]),
      ...(v.datasource?.uid === DATA_SOURCE_UID ? [] : [`variable ${v.name} names a data source`]),
    ]);
}

/** Every selector keeps to the cluster and namespace, and every query to the job that were picked. */
function checkScope(dashboard: LintedDashboard): readonly string[] {
  return expressionsOf(dashboard).flatMap(({ where, expr }) => {
    const selectors = [...expr.matchAll(/([A-Za-z_:][\w:]*)\{([^}]*)\}/g)];
    const loose = selectors.filter(([, , inside = ""]) =>
      SCOPE.some((name) => !inside.includes(`${name}=~"$${name}"`)),
    );
    const bare = [...expr.matchAll(/\b(?:flink|outrider)_\w+(?![\w{])/g)].map(([name]) => name);
    return [
      ...loose.map(([, name]) => `${where}: ${name} is not held to cluster and namespace`),
      ...bare.map((name) => `${where}: ${name} has no selector`),
      ...(expr.includes('"$job"') ? [] : [`${where} is not held to the job`]),
    ];
  });
}

function checkWindows(dashboard: LintedDashboard): readonly string[] {
  return targetsOf(dashboard).flatMap(({ where, expr }) =>
    [...expr.matchAll(/\[([^\]]+)\]/g)]
      .filter(([, window = ""]) => !WINDOWS.includes(window))
      .map(([, window]) => `${where}: window [${window}], expected one of ${WINDOWS.join(", ")}`),
  );
}

/** A counter alone only says how long something has run. Flink's counters are gauges to Prometheus, so names decide. */
function checkCounters(dashboard: LintedDashboard): readonly string[] {
  return targetsOf(dashboard).flatMap(({ where, expr }) =>
    [...expr.matchAll(/(\w+)?\(?\s*\b(\w+_total)\{/g)]
      .filter(([, around = ""]) => !["rate", "irate", "increase"].includes(around))
      .map(([, , name]) => `${where}: counter ${name} without rate or increase`),
  );
}

interface Expression {
  readonly where: string;
  readonly expr: string;
}

function targetsOf(dashboard: LintedDashboard): readonly Expression[] {
  return contentOf(dashboard).flatMap((p) =>
    (p.targets ?? []).map((t) => ({ where: `panel "${p.title}" ${t.refId}`, expr: t.expr ?? "" })),
  );
}

function expressionsOf(dashboard: LintedDashboard): readonly Expression[] {
  const annotations = annotationsOf(dashboard).map((a) => ({
    where: `annotation "${a.name}"`,
    expr: a.expr ?? "",
  }));
  return [...targetsOf(dashboard), ...annotations];
}

function eachPanel(
  panels: readonly LintedPanel[],
  holds: (panel: LintedPanel) => boolean,
  problem: string,
): readonly string[] {
  return panels.filter((p) => !holds(p)).map((p) => `panel "${p.title}" ${problem}`);
}

function eachTarget(
  dashboard: LintedDashboard,
  holds: (target: LintedTarget) => boolean,
  problem: string,
): readonly string[] {
  return contentOf(dashboard).flatMap((p) =>
    (p.targets ?? []).filter((t) => !holds(t)).map((t) => `panel "${p.title}" ${t.refId} ${problem}`),
  );
}

function repeated(values: readonly string[], what: string): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map(
    (value) => `${what} ${value} is there twice`,
  );
}

function overlaps(panels: readonly LintedPanel[]): readonly string[] {
  const outside = eachPanel(
    panels,
    ({ gridPos: g }) => g !== undefined && g.x >= 0 && g.x + g.w <= COLUMNS,
    "lies outside",
  );
  const pairs = panels.flatMap((a, index) =>
    panels
      .slice(index + 1)
      .filter((b) => a.gridPos !== undefined && b.gridPos !== undefined && meet(a.gridPos, b.gridPos))
      .map((b) => `panels "${a.title}" and "${b.title}" lie on each other`),
  );
  return [...outside, ...pairs];
}

function meet(a: GridPlace, b: GridPlace): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
