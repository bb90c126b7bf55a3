import { describe, expect, test } from "vitest";
import { type LintedDashboard, type LintedPanel, lintDashboard } from "./lint.ts";
import { renderDashboards } from "./render.ts";

const DATA_SOURCE = { uid: "$datasource" };
const SCOPE = 'cluster=~"$cluster", namespace=~"$namespace"';
const many = {
  type: "query",
  refresh: 2,
  multi: true,
  includeAll: true,
  allValue: ".*",
  datasource: DATA_SOURCE,
};

const asking = (expr: string): Partial<LintedPanel> => ({
  targets: [{ refId: "A", expr, legendFormat: "x", datasource: DATA_SOURCE }],
});
const panel = (over: Partial<LintedPanel> = {}): LintedPanel => ({
  id: 1,
  type: "timeseries",
  title: "Load",
  description: "What comes in.",
  datasource: DATA_SOURCE,
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  fieldConfig: { defaults: { unit: "s" } },
  ...asking(`flink_a{${SCOPE}, job_name="$job"}`),
  ...over,
});
const dashboard = (over: Partial<LintedDashboard> = {}): LintedDashboard => ({
  uid: "outrider-x",
  title: "X",
  editable: false,
  templating: {
    list: [
      { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" },
      { name: "cluster", ...many },
      { name: "namespace", ...many },
      { name: "job", type: "query", refresh: 2, multi: false, datasource: DATA_SOURCE },
    ],
  },
  annotations: {
    list: [{ name: "a", expr: `flink_a{${SCOPE}, job_name="$job"}`, datasource: DATA_SOURCE }],
  },
  panels: [panel()],
  ...over,
});
const withPanel = (over: Partial<LintedPanel>): LintedDashboard => dashboard({ panels: [panel(over)] });
const withQuery = (expr: string): LintedDashboard => withPanel(asking(expr));
const withVariable = (name: string, over: object): LintedDashboard =>
  dashboard({
    templating: {
      list: (dashboard().templating?.list ?? []).map((v) => (v.name === name ? { ...v, ...over } : v)),
    },
  });

describe("the rules for dashboards", () => {
  test.each(renderDashboards().map((f) => [f.file, f.content]))("are kept by %s", (_, content) => {
    expect(lintDashboard(JSON.parse(content))).toEqual([]);
  });

  test("find nothing in a good one", () => {
    expect(lintDashboard(dashboard())).toEqual([]);
  });

  test.each([
    ["a uid with blanks", dashboard({ uid: "my board" }), "dashboard-uid"],
    ["a uid that Grafana would cut", dashboard({ uid: "x".repeat(41) }), "dashboard-uid"],
    ["no title", dashboard({ title: "" }), "dashboard-title"],
    ["an editable one", dashboard({ editable: true }), "uneditable"],
    ["no variable at all", dashboard({ templating: {} }), "template-datasource"],
    ["a data source under another label", withVariable("datasource", { label: "DS" }), "template-datasource"],
    ["a cluster that takes one value", withVariable("cluster", { multi: false }), "template-scope"],
    ["a namespace that must be there", withVariable("namespace", { allValue: ".+" }), "template-scope"],
    ["several jobs at once", withVariable("job", { multi: true }), "template-scope"],
    ["a variable that is asked once", withVariable("job", { refresh: 1 }), "on-time-change-reload"],
    [
      "a variable of one data source",
      withVariable("job", { datasource: { uid: "p" } }),
      "names a data source",
    ],
    [
      "a panel id twice",
      dashboard({ panels: [panel(), panel({ gridPos: { x: 12, y: 0, w: 12, h: 8 } })] }),
      "panel-id:",
    ],
    ["a row with the id 0", dashboard({ panels: [panel({ id: 0, type: "row" })] }), "panel-id-set"],
    ["a panel without title", withPanel({ title: "" }), "has no title"],
    ["a panel without description", withPanel({ description: "" }), "has no description"],
    ["a panel without unit", withPanel({ fieldConfig: { defaults: {} } }), "panel-units"],
    ["a panel of one data source", withPanel({ datasource: { uid: "p" } }), "panel-datasource"],
    [
      "an annotation of one data source",
      dashboard({ annotations: { list: [{ name: "a", expr: `flink_a{${SCOPE}, job_name="$job"}` }] } }),
      "panel-datasource",
    ],
    ["a panel that asks nothing", withPanel({ targets: [] }), "panel-no-targets"],
    ["a panel over the edge", withPanel({ gridPos: { x: 16, y: 0, w: 12, h: 8 } }), "lies outside"],
    [
      "panels on each other",
      dashboard({ panels: [panel(), panel({ id: 2, gridPos: { x: 11, y: 7, w: 4, h: 4 } })] }),
      "lie on each other",
    ],
    [
      "a refId twice",
      withPanel({ targets: [...(panel().targets ?? []), ...(panel().targets ?? [])] }),
      "target-ref-id",
    ],
    [
      "a query without legend",
      withPanel({
        targets: [{ refId: "A", expr: `flink_a{${SCOPE}, job_name="$job"}`, datasource: DATA_SOURCE }],
      }),
      "target-legend",
    ],
    [
      "a query over every namespace",
      withQuery('flink_a{cluster=~"$cluster", job_name="$job"}'),
      "not held to cluster and namespace",
    ],
    ["a query over every job", withQuery(`flink_a{${SCOPE}}`), "not held to the job"],
    [
      "a second metric without selector",
      withQuery(`flink_a{${SCOPE}, job_name="$job"} / flink_b`),
      "flink_b has no selector",
    ],
    ["a fixed window", withQuery(`rate(flink_a{${SCOPE}, job_name="$job"}[5m])`), "target-rate-interval"],
    ["a bare counter", withQuery(`sum(outrider_a_total{${SCOPE}, job_name="$job"})`), "target-counter-agg"],
    [
      "a rate of a rate",
      withQuery(`rate(flink_aPerSecond{${SCOPE}, job_name="$job"}[$__rate_interval])`),
      "target-no-rate-of-rate",
    ],
  ])("find %s", (_, bad, expected) => {
    expect(lintDashboard(bad).join("\n")).toContain(expected);
  });

  test("take a counter under increase, and the dashboard's own windows", () => {
    expect(
      lintDashboard(withQuery(`increase(outrider_a_total{${SCOPE}, job_name="$job"}[$__range])`)),
    ).toEqual([]);
  });
});
