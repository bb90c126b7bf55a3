import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { defaultAlerts, renderAlerts } from "../../alerts/index.ts";
import { renderDashboards } from "../../dashboards/grafana/index.ts";
import { parseDuration } from "../../model/index.ts";
import packageJson from "../../package.json" with { type: "json" };
import { RESERVED_LABELS } from "../../scripts/chart/monitoring-values.ts";
import { shippedIn } from "../../scripts/chart/shipped.ts";
import { type Schema, valuesJsonSchema } from "../../scripts/chart/values-schema.ts";
import { renderValuesReference, renderValuesYaml } from "../../scripts/chart/values-text.ts";

const CHART = join(import.meta.dirname, "../../charts/outrider");
const CLUSTERS = [{ name: "prod", url: "http://flink:8081" }];
const read = (file: string): string => readFileSync(join(CHART, file), "utf8");

const schema = valuesJsonSchema(shippedIn(renderAlerts(defaultAlerts()), renderDashboards()));
const checked = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
/** What is wrong, as `path: message`. */
const problemsOf = (values: unknown): readonly string[] =>
  (checked.safeParse(values).error?.issues ?? []).map((i) => `${i.path.join(".")}: ${i.message}`);

/** Every schema of an object with its path. */
function objectsIn(part: Schema, path = ""): readonly { path: string; schema: Schema }[] {
  const inner = Object.entries(part.properties ?? {}).flatMap(([key, child]) =>
    objectsIn(child, `${path}.${key}`),
  );
  const listed = part.items === undefined ? [] : objectsIn(part.items, `${path}[]`);
  const free =
    typeof part.additionalProperties === "object" ? objectsIn(part.additionalProperties, `${path}.*`) : [];
  return [...(part.properties === undefined ? [] : [{ path, schema: part }]), ...inner, ...listed, ...free];
}

/** Paths of all values with a default, sections aside. */
function leavesOf(part: Schema, path: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(part.properties ?? {}).flatMap(([key, child]) => {
    const here = [...path, key];
    if (!["config", "podSecurityContext"].includes(here.join(".")) && child.properties !== undefined)
      return leavesOf(child, here);
    return child.default === undefined ? [] : [here];
  });
}

describe("the schema of the values", () => {
  it("is strict at every level that has names of its own", () => {
    const open = objectsIn(schema).filter((o) => o.schema.additionalProperties !== false);
    expect(open.map((o) => o.path)).toEqual([]);
    expect(objectsIn(schema).length).toBeGreaterThan(20);
  });

  it("has no secret and nothing that the chart sets itself", () => {
    expect(JSON.stringify(schema)).not.toContain("writeOnly");
    const config = schema.properties?.["config"]?.properties;
    for (const left of ["server", "tokens", "alerts", "dashboards"]) expect(config).not.toHaveProperty(left);
    expect(Object.keys(config?.["store"]?.properties ?? {})).toEqual(["keep", "maxRecords"]);
    expect(Object.keys(config?.["clusters"]?.items?.properties ?? {})).toContain("url");
  });

  it("describes every value", () => {
    const silent = leavesOf(schema).filter((path) => {
      const leaf = path.reduce<Schema | undefined>((part, key) => part?.properties?.[key], schema);
      return (leaf?.description ?? "").length < 8;
    });
    expect(silent).toEqual([]);
  });

  test.each([
    "500ms",
    "10s",
    "10 s",
    "5min",
    "1.5h",
    "30d",
    "2sec",
    "3m",
    "",
    "5",
    "s",
    "5 parsecs",
    "-1s",
    "1h30m",
  ])("takes the duration %o as the settings do", (interval) => {
    const problems = problemsOf({ config: { clusters: CLUSTERS, interval } });
    expect(problems.length === 0).toBe(parseDuration(interval) !== undefined);
  });
});

describe("values", () => {
  test.each(readdirSync(join(CHART, "ci")))("of ci/%s are accepted", (file) => {
    expect(problemsOf(parse(read(`ci/${file}`)))).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["a misspelt value", { replica: 1 }, "replica"],
    ["a misspelt value of a section", { image: { digets: "" } }, "digets"],
    ["a misspelt setting", { config: { clusters: CLUSTERS, modee: "act" } }, "modee"],
    ["a misspelt setting of a job", { config: { clusters: CLUSTERS, jobs: { a: { moed: "act" } } } }, "moed"],
    ["an unknown mode", { config: { clusters: CLUSTERS, mode: "auto" } }, "config.mode"],
    ["no cluster", { config: { clusters: [] } }, "config.clusters"],
    ["a cluster without address", { config: { clusters: [{ name: "a" }] } }, "config.clusters.0.url"],
    [
      "an address that is none",
      { config: { clusters: [{ name: "a", url: "flink:8081" }] } },
      "clusters.0.url",
    ],
    [
      "a password in the ConfigMap",
      { config: { clusters: [{ ...CLUSTERS[0], auth: { password: "x" } }] } },
      "password",
    ],
    ["tokens among the settings", { config: { clusters: CLUSTERS, tokens: [] } }, "tokens"],
    ["a token in the values", { tokens: { entries: [{ name: "a", role: "viewer", value: "x" }] } }, "value"],
    ["an unknown role", { tokens: { entries: [{ name: "a", role: "root" }] } }, "tokens.entries.0.role"],
    [
      "a name that leaves its folder",
      { tokens: { entries: [{ name: "../a", role: "viewer" }] } },
      "entries.0.name",
    ],
    ["a digest that is none", { image: { digest: "latest" } }, "image.digest"],
    ["a name that is too long", { fullnameOverride: "a".repeat(64) }, "fullnameOverride"],
    [
      "a volume that many pods write",
      { store: { persistence: { accessMode: "ReadWriteMany" } } },
      "accessMode",
    ],
    ["a misspelt alert", { prometheusRule: { disabled: ["FlinkJobFialed"] } }, "prometheusRule.disabled.0"],
    ["the severity of an unknown alert", { prometheusRule: { severities: { Nope: "info" } } }, "severities"],
    ["a misspelt dashboard", { dashboards: { disabled: ["flink-jbo"] } }, "dashboards.disabled.0"],
    ...["?a=b", "#a", "/it's"].map((end): [string, unknown, string] => [
      `an address that ends in ${end}`,
      { config: { clusters: [{ name: "a", url: `http://flink:8081${end}` }] } },
      "clusters.0.url",
    ]),
    ...RESERVED_LABELS.map((label): [string, unknown, string] => [
      `the label ${label} for every alert`,
      { prometheusRule: { alertLabels: { [label]: "x" } } },
      label,
    ]),
    ["a label that is none", { prometheusRule: { alertLabels: { "a-b": "x" } } }, "alertLabels"],
    ["root", { podSecurityContext: { runAsUser: 0 } }, "podSecurityContext.runAsUser"],
    ["a pod that may be root", { podSecurityContext: { runAsNonRoot: false } }, "runAsNonRoot"],
    ["no seccomp", { podSecurityContext: { seccompProfile: { type: "Unconfined" } } }, "seccompProfile.type"],
    ["a sysctl", { podSecurityContext: { sysctls: [{ name: "a", value: "1" }] } }, "sysctls"],
    ["an interval that Prometheus does not know", { serviceMonitor: { interval: "5min" } }, "interval"],
  ])("with %s are refused", (_, values, named) => {
    expect(problemsOf(values).join("\n")).toContain(named);
  });

  test.each<[string, unknown]>([
    ["what a chart around this one adds", { global: { a: 1 }, enabled: true }],
    [
      "a known alert",
      { prometheusRule: { disabled: ["FlinkJobFailed"], severities: { FlinkJobFailed: "info" } } },
    ],
    ["a label for every alert", { prometheusRule: { alertLabels: { team: "data", severity_of: "x" } } }],
    [
      "a user of the platform's",
      { podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null } },
    ],
    ["an address with a path", { config: { clusters: [{ name: "a", url: "https://flink/a_b-c/~d" }] } }],
    ["a part of a section", { image: { tag: "1" }, podSecurityContext: { runAsUser: 5 } }],
  ])("may have %s", (_, values) => {
    expect(problemsOf(values)).toEqual([]);
  });
});

describe("the chart", () => {
  it("writes every value with its default, and the defaults are accepted", () => {
    const values: unknown = parse(renderValuesYaml(schema));
    expect(problemsOf(values)).toEqual([]);
    const missing = leavesOf(schema).filter(
      (path) => path.reduce<unknown>((part, key) => Reflect.get(Object(part), key), values) === undefined,
    );
    expect(missing).toEqual([]);
  });

  it("lists every value on the reference page", () => {
    const page = renderValuesReference(schema);
    expect(leavesOf(schema).filter((path) => !page.includes(`| \`${path.join(".")}\` |`))).toEqual([]);
  });

  it("uses every value in a template", () => {
    const templates = readdirSync(join(CHART, "templates")).map((file) => read(`templates/${file}`));
    const unused = leavesOf(schema).filter(
      (path) => !templates.some((t) => new RegExp(`\\.${path.at(-1)}\\b`).test(t)),
    );
    expect(unused.map((path) => path.join("."))).toEqual([]);
  });

  it("has the version of Outrider", () => {
    const { version, appVersion } = parse(read("Chart.yaml")) as Record<string, unknown>;
    expect({ version, appVersion }).toEqual({
      version: packageJson.version,
      appVersion: packageJson.version,
    });
  });
});
