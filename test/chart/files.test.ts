import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { ALERT_NAMES, defaultAlerts, renderAlerts, renderScrapeFiles } from "../../alerts/index.ts";
import { renderDashboards } from "../../dashboards/grafana/index.ts";
import { chartFiles } from "../../scripts/chart/files.ts";
import { flinkPodRelabelings, shippedIn } from "../../scripts/chart/shipped.ts";

const ROOT = join(import.meta.dirname, "../..");
const parts = {
  alerts: renderAlerts(defaultAlerts()),
  scrape: renderScrapeFiles(defaultAlerts()),
  dashboards: renderDashboards(),
};

describe("the files of the chart", () => {
  it("are those that are rendered now, and no old ones", () => {
    const folder = "charts/outrider/files";
    const there = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
    const rendered = chartFiles(parts).map((file) => file.path);
    expect(there.sort()).toEqual(rendered.filter((path) => path.startsWith(folder)).sort());
  });

  it("hold no test of promtool's, which a cluster would take for rules", () => {
    expect(chartFiles(parts).filter((file) => file.path.endsWith(".test.yaml"))).toEqual([]);
  });

  it("fit into a ConfigMap each, and together into a release", () => {
    const sizes = chartFiles(parts).map((file) => Buffer.byteLength(file.content()));
    expect(Math.max(...sizes)).toBeLessThan(900_000);
  });
});

describe("what is shipped", () => {
  it("has every alert once", () => {
    const { alerts } = shippedIn(parts.alerts, []);
    expect(alerts).toEqual([...ALERT_NAMES].sort());
  });

  it("has dashboards by the name of their file", () => {
    expect(shippedIn([], [{ file: "flink-job.json", content: "{}" }]).dashboards).toEqual(["flink-job"]);
  });

  test("recordings are no alerts", () => {
    const content = "groups:\n  - name: a\n    rules:\n      - record: a:b\n        expr: up\n";
    expect(shippedIn([{ file: "a.rules.yaml", content }], []).alerts).toEqual([]);
  });
});

describe("the labels of Flink's pods", () => {
  it("are those of the scrape configuration in the operator's words", () => {
    const { relabelings } = parse(flinkPodRelabelings(parts.scrape)) as {
      relabelings: readonly Record<string, unknown>[];
    };
    const targets = relabelings.map((r) => r["targetLabel"]).filter((t) => t !== undefined);
    expect(targets).toEqual(expect.arrayContaining(["__address__", "cluster", "namespace", "component"]));
    const words = new Set(relabelings.flatMap((r) => Object.keys(r)));
    const known = ["sourceLabels", "separator", "targetLabel", "regex", "modulus", "replacement", "action"];
    expect([...words].filter((word) => !known.includes(word))).toEqual([]);
  });

  it("cannot come from a configuration that does not look for them", () => {
    const content = "scrape_configs:\n  - job_name: outrider\n";
    expect(() => flinkPodRelabelings([{ file: "a.scrape.yaml", content }])).toThrow("got outrider to scrape");
  });
});
