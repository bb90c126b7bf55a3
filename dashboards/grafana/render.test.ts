import * as units from "@grafana/grafana-foundation-sdk/units";
import { describe, expect, test } from "vitest";
import { ALERT_NAMES } from "../../alerts/catalogue.ts";
import { SCALE_REASONS } from "../../autoscaler/index.ts";
import {
  Failure,
  FLINK_METRICS,
  type FlinkMetric,
  JOB_STATES,
  OWN_METRIC_FACTS,
  type OwnMetric,
} from "../../model/index.ts";
import { ACTING_REASONS } from "./job/annotations.ts";
import { STATES } from "./job/state.ts";
import { annotationQueries, DASHBOARDS, dashboardQueries, renderDashboards } from "./render.ts";

const ASKED = { job: "load_job", rateInterval: "1m", range: "1h" };
const QUERIES = dashboardQueries(ASKED);
const PANELS = DASHBOARDS.flatMap((d) => d.rows.flatMap((r) => r.panels));
const METRICS: Readonly<Record<string, FlinkMetric | OwnMetric>> = { ...FLINK_METRICS, ...OWN_METRIC_FACTS };
const metricsOf = (expr: string) =>
  [...expr.matchAll(/\b((?:flink|outrider)_\w+)\{/g)].map(([, name = ""]) => ({ name, ...METRICS[name] }));
const where = (q: (typeof QUERIES)[number]) => `${q.panelId} ${q.refId}`;

interface Shown {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly refresh: string;
  readonly tags: readonly string[];
  readonly links: readonly { readonly title: string; readonly url: string; readonly targetBlank: boolean }[];
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly links?: readonly { readonly url: string }[];
  }[];
}
const first = (files: ReturnType<typeof renderDashboards>): Shown => JSON.parse(files[0]?.content ?? "{}");

describe("rendered dashboards", () => {
  test("are the same bytes for the same settings", () => {
    expect(renderDashboards()).toEqual(renderDashboards({}));
    expect(renderDashboards().map((f) => f.file)).toEqual(["flink-job.json"]);
  });

  test("keep uid and ids, which people's links carry", () => {
    const { uid, schemaVersion, panels } = first(renderDashboards());
    expect([uid, schemaVersion]).toEqual(["outrider-flink-job", 42]);
    expect(panels.map((p) => p.id)).toEqual([
      ...[100, 101, 102, 103, 104, 105, 106, 107, 108],
      ...[200, 201, 202, 203, 204, 205, 206],
      ...[300, 301, 302, 303, 304, 305],
      ...[400, 401, 402, 403, 404, 405],
      ...[500, 501, 502, 503, 504, 505, 506],
      ...[600, 601, 602, 603, 604],
    ]);
  });

  test.each([undefined, "docs/runbooks", "javascript:alert(1)", "https:///x"])(
    "link to nothing unless told where console and runbooks are (%s)",
    (runbooks) => {
      const { links, panels } = first(renderDashboards({}, runbooks));
      expect(links).toEqual([]);
      expect(panels.flatMap((p) => p.links ?? [])).toEqual([]);
    },
  );

  test("take uid, tags, refresh and links from the settings", () => {
    const shown = first(
      renderDashboards(
        { consoleUrl: "https://outrider.example/", uidPrefix: "team-a", tags: ["a"], refresh: "1m" },
        "https://docs.example/runbooks/",
      ),
    );
    expect(shown).toMatchObject({ uid: "team-a-flink-job", tags: ["a"], refresh: "1m" });
    expect(shown.links.map((l) => [l.title, l.url, l.targetBlank])).toEqual([
      ["Outrider", "https://outrider.example/", true],
      ["Runbooks", "https://docs.example/runbooks", true],
    ]);
    expect(shown.panels.find((p) => p.id === 301)?.links?.map((l) => l.url)).toEqual([
      "https://docs.example/runbooks/FlinkBackpressured.md",
    ]);
  });

  test.each([
    ["a misspelt setting", { consolUrl: "https://a" }, "unknown consolUrl; expected consoleUrl"],
    [
      "a link that would run in the browser",
      { consoleUrl: "javascript:alert(1)" },
      "consoleUrl: expected an http",
    ],
    ["half a URL", { consoleUrl: "https:///x" }, "consoleUrl: expected an http"],
    ["a URL with a password", { consoleUrl: "https://a:b@host" }, "without credentials"],
    ["a uid that Grafana refuses", { uidPrefix: "my team" }, "uidPrefix: expected 1 to 24"],
    ["a refresh of nothing", { refresh: "0s" }, "refresh: expected a time"],
  ])("%s is refused in a sentence", (_, settings, expected) => {
    const render = () => renderDashboards(settings as object);
    expect(render).toThrow(Failure);
    expect(render).toThrow(expected);
  });
});

describe("queries of the dashboards", () => {
  test("leave no variable unfilled", () => {
    const all = [...QUERIES, ...annotationQueries(ASKED)].map((q) => q.expr);
    expect(all.filter((expr) => expr.includes("$"))).toEqual([]);
    expect(all.filter((expr) => !expr.includes('job_name="load_job"'))).toEqual([]);
  });

  test("take a job's name as it is, whatever it contains", () => {
    const [query] = dashboardQueries({ ...ASKED, job: "$&$1" });
    expect(query?.expr).toContain('job_name="$&$1"');
  });

  test("say why they may be empty where a metric is not always there", () => {
    const absent = QUERIES.filter(({ expr }) =>
      metricsOf(expr).some((m) => "absent" in m || "since" in m || "until" in m),
    );
    const unexplained = absent.filter((q) => q.mayBeEmpty === undefined && !q.expr.includes(" or 0 * "));
    expect(absent.length).toBeGreaterThan(10);
    expect(unexplained.map(where)).toEqual([]);
  });

  test("drop the values that are no measurement", () => {
    // What follows `and on` only says which processes are meant; its values do not count.
    const risky = QUERIES.filter(({ expr }) =>
      metricsOf(expr.split(" and on (")[0] ?? "").some(
        (m) => "sentinel" in m && /^-1|^-9|^NaN/.test(m.sentinel ?? ""),
      ),
    );
    expect(risky.length).toBeGreaterThan(5);
    expect(risky.filter(({ expr }) => !/>=? 0/.test(expr)).map(where)).toEqual([]);
  });

  test("use every summary, meter and counter as its kind demands", () => {
    const rated = QUERIES.flatMap(({ expr }) =>
      [...expr.matchAll(/\b(?:rate|increase)\((\w+)\{/g)].map(([, name = ""]) => name),
    );
    expect(rated.filter((name) => METRICS[name]?.kind !== "counter")).toEqual([]);
  });
});

describe("panels", () => {
  test("have units that Grafana knows", () => {
    const known = Object.values<unknown>(units);
    expect(PANELS.filter((p) => !known.includes(p.unit)).map((p) => `${p.id} ${p.unit}`)).toEqual([]);
  });

  test("with thresholds begin with the colour below all of them", () => {
    const wrong = PANELS.filter(({ steps = [] }) =>
      steps.some(({ from }, i) => (i === 0) !== (from === null) || (from ?? 0) < (steps[i - 1]?.from ?? -1)),
    );
    expect(wrong.map((p) => p.id)).toEqual([]);
  });

  test("lead to runbooks of alerts that there are", () => {
    const named = PANELS.flatMap((p) => p.runbooks ?? []);
    expect(named.filter((name) => !ALERT_NAMES.includes(name))).toEqual([]);
  });

  test("name every state that a job can have", () => {
    expect(STATES.map((s) => s.state).toSorted()).toEqual([...JOB_STATES, "GONE", "UNREACHABLE"].toSorted());
    expect(new Set(STATES.map((s) => s.value)).size).toBe(STATES.length);
  });

  test("tell decisions to act by reasons that the autoscaler has", () => {
    expect(ACTING_REASONS.filter((reason) => !(reason in SCALE_REASONS))).toEqual([]);
  });
});
