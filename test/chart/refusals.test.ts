import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";
import { alertsSettings } from "../../alerts/index.ts";
import { cacheDirectory } from "../../engine/load-job/cache.ts";
import { RESERVED_LABELS } from "../../scripts/chart/monitoring-values.ts";

const CHART = join(import.meta.dirname, "../../charts/outrider");
const TOKENS = { secret: "s", entries: [{ name: "p", role: "viewer" }] };
const MONITOR = { enabled: true, token: "p" };
const CLUSTERS = [{ name: "prod", url: "http://flink:8081" }];
const RULES = { tokens: TOKENS, prometheusRule: { enabled: true } };
const UNKEPT = { store: { persistence: { enabled: false } } };
const GROUP = (name: string): string =>
  stringify({ groups: [{ name, rules: [{ alert: "Own", expr: "up == 0" }] }] });

interface Rule {
  readonly alert?: string;
  readonly expr: string;
}
interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

const shipped = (name: string): RuleFile =>
  parse(readFileSync(join(CHART, `files/alerts/${name}.rules.yaml`), "utf8")) as RuleFile;

describe("what the templates rely on", () => {
  it("the age of OutriderPassesStale is where its expression is searched for it", () => {
    const template = readFileSync(join(CHART, "templates/_validate.tpl"), "utf8");
    const [, pattern = "none"] = /regexFind "([^"]+and )"/.exec(template) ?? [];
    const rules = shipped("outrider").groups.flatMap((group) => group.rules);
    const expr = rules.find((rule) => rule.alert === "OutriderPassesStale")?.expr ?? "";
    expect(new RegExp(pattern.replaceAll("\\\\", "\\")).exec(expr)?.[0]).toBe(") > 120 and ");
  });

  it("the labels refused for every alert are those that the settings of the rules refuse", () => {
    const messages = alertsSettings
      .safeParse({ labels: { severity: "x" } })
      .error?.issues.map((i) => i.message);
    const [named = ""] = messages?.map((message) => message.split(": ")[1]) ?? [];
    expect(named.split(", ").sort()).toEqual([...RESERVED_LABELS].sort());
  });
});

/** Built by the tests against real programs; where that was never done, these say that they were skipped. */
const helms = ["helm3", "helm4"].map((name) => join(cacheDirectory(), "bin", name));

describe.each(helms)("%s", (helm) => {
  const there = existsSync(helm);
  let home = "";
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "outrider-refusals-"));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const template = (values: unknown) => {
    const file = join(home, "values.yaml");
    writeFileSync(file, stringify(values));
    const env = { ...process.env, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
    return spawnSync(helm, ["template", "outrider", CHART, "-f", file], { encoding: "utf8", env });
  };
  const groupsOf = (values: unknown): readonly string[] => {
    const documents = parseAllDocuments(template(values).stdout).map(
      (document) => document.toJS() as unknown,
    );
    const rule = documents.find((document) => Reflect.get(Object(document), "kind") === "PrometheusRule");
    return ((rule as { spec?: RuleFile } | undefined)?.spec?.groups ?? []).map((group) => group.name);
  };

  test.runIf(there).each<[string, unknown, string]>([
    [
      "passes 41 s apart",
      { ...RULES, config: { clusters: CLUSTERS, interval: "41s" } },
      "config.interval: got 41s",
    ],
    [
      "passes an hour apart",
      { ...RULES, config: { clusters: CLUSTERS, interval: "1.5 h" } },
      "a third of 120 s",
    ],
    [
      "passes far apart by a variable",
      { ...RULES, extraEnv: [{ name: "OUTRIDER_INTERVAL", value: "1min" }] },
      "OUTRIDER_INTERVAL: got 1min",
    ],
    ["rules without a token", { prometheusRule: { enabled: true } }, "OutriderDown fires for ever"],
    [
      "a reserved label",
      { ...RULES, prometheusRule: { enabled: true, alertLabels: { severity: "x" } } },
      "alertLabels",
    ],
    [
      "a group twice",
      { ...RULES, prometheusRule: { enabled: true, files: { mine: GROUP("outrider.alerts") } } },
      "the group outrider.alerts a second time",
    ],
    [
      "a scrape longer than its interval",
      { tokens: TOKENS, serviceMonitor: { ...MONITOR, interval: "1m", scrapeTimeout: "1m1s" } },
      "serviceMonitor.scrapeTimeout: got 1m1s",
    ],
    [
      "a scrape of Flink longer than its interval",
      { flinkMonitor: { enabled: true, interval: "900ms", scrapeTimeout: "1s" } },
      "flinkMonitor.scrapeTimeout: got 1s",
    ],
    ...[
      { name: "OUTRIDER_MODE", value: "act" },
      { name: "OUTRIDER_mode", value: "act" },
      { name: "OUTRIDER_MODE", valueFrom: { secretKeyRef: { name: "a", key: "b" } } },
      { name: "OUTRIDER_JOBS", value: "{a: {mode: act}}" },
    ].map((variable): [string, unknown, string] => [
      `${variable.name} without a volume`,
      { ...UNKEPT, extraEnv: [variable] },
      `got false with ${variable.name}`,
    ]),
    ["root", { podSecurityContext: { runAsUser: 0 } }, "runAsUser"],
    ["a query", { config: { clusters: [{ name: "a", url: "http://flink:8081?a" }] } }, "url"],
  ])("refuses %s", (_, values, words) => {
    const ended = template(values);
    expect(ended.stderr).toContain(words);
    expect(ended.status).not.toBe(0);
  });

  test.runIf(there).each<[string, unknown]>([
    ["passes 40 s apart", { ...RULES, config: { clusters: CLUSTERS, interval: "40s" } }],
    [
      "passes an hour apart without that alert",
      {
        tokens: TOKENS,
        prometheusRule: { enabled: true, disabled: ["OutriderPassesStale"] },
        config: { clusters: CLUSTERS, interval: "1h" },
      },
    ],
    [
      "rules without a token and OutriderDown",
      { prometheusRule: { enabled: true, disabled: ["OutriderDown"] } },
    ],
    ["mode approve without a volume", { ...UNKEPT, extraEnv: [{ name: "OUTRIDER_MODE", value: "approve" }] }],
    ["mode act with a volume", { extraEnv: [{ name: "OUTRIDER_MODE", value: "act" }] }],
    [
      "a user of the platform's",
      { podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null } },
    ],
    [
      "a scrape as long as its interval",
      { tokens: TOKENS, serviceMonitor: { ...MONITOR, interval: "1m30s", scrapeTimeout: "90s" } },
    ],
  ])("allows %s", (_, values) => {
    const ended = template(values);
    expect(ended.stderr).toBe("");
    expect(ended.status).toBe(0);
  });

  test.runIf(there)("replaces the rule file of the same name and keeps the other", () => {
    const files = { flink: GROUP("flink.own") };
    const kept = shipped("outrider").groups.map((group) => group.name);
    expect(groupsOf({ tokens: TOKENS, prometheusRule: { enabled: true, files } })).toEqual([
      "flink.own",
      ...kept,
    ]);
  });
});
