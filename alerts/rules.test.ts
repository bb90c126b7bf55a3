import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { FLINK_METRICS, OWN_METRIC_FACTS, RECORDED_METRICS } from "../model/index.ts";
import { LATER, WANTED } from "./alert.ts";
import { ALERTS } from "./catalogue.ts";
import { type AlertsSettings, alertsSettings, defaultAlerts, renderAlerts } from "./index.ts";

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

interface Expectation {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

interface TestCase {
  readonly name: string;
  readonly alert_rule_test: readonly [Expectation, ...Expectation[]];
}

const settings = (input: object): AlertsSettings => alertsSettings.parse(input) as unknown as AlertsSettings;
const file = (name: string, input: object = {}): string =>
  renderAlerts(settings(input)).find((f) => f.file === name)?.content ?? "";
const groupsOf = (name: string, input: object = {}) =>
  (parse(file(name, input)) as { groups: { name: string; interval: string; rules: Rule[] }[] }).groups;
const rulesOf = (input: object = {}): readonly Rule[] =>
  ["flink.rules.yaml", "outrider.rules.yaml"].flatMap((name) =>
    file(name, input) === "" ? [] : groupsOf(name, input).flatMap((g) => g.rules),
  );
const rule = (name: string, input: object = {}): Rule | undefined =>
  rulesOf(input).find((r) => r.alert === name || r.record === name);
const RUNBOOKS = join(import.meta.dirname, "../docs/runbooks");
const NAMES = ALERTS.map((a) => a.name);

describe("the alerts", () => {
  test("answer each of the twelve, or say when they will", () => {
    const answered = new Set(ALERTS.flatMap((a) => a.answers));
    expect(Object.keys(WANTED)).toHaveLength(12);
    expect(Object.keys(WANTED).filter((w) => !answered.has(w as never))).toEqual(["BackupCompleted"]);
    expect(LATER["BackupCompleted"]).toBe("from the backup release on");
  });

  test("are called differently", () => {
    expect(new Set(NAMES).size).toBe(NAMES.length);
  });

  test.each(NAMES)("%s has a runbook with four parts", (name) => {
    const page = readFileSync(join(RUNBOOKS, `${name}.md`), "utf8");
    expect([...page.matchAll(/^## (.*)$/gm)].map((m) => m[1])).toEqual([
      "Meaning",
      "Impact",
      "Diagnosis",
      "Mitigation",
    ]);
    const links = [...page.matchAll(/\]\(([A-Za-z]+\.md)\)/g)].map((m) => m[1] ?? "");
    expect(links.filter((link) => !existsSync(join(RUNBOOKS, link)))).toEqual([]);
  });

  test("have no runbook too many", () => {
    // Those of diagnoses stand beside them; their own test looks for them.
    const pages = readdirSync(RUNBOOKS)
      .filter((f) => !f.startsWith("recovery-"))
      .map((f) => f.replace(".md", ""));
    expect(pages.toSorted()).toEqual(NAMES.toSorted());
  });

  test.each(rulesOf().map((r) => [r.alert ?? r.record ?? "", r.expr]))(
    "%s names only what exists",
    (_, expr) => {
      const known = { ...FLINK_METRICS, ...OWN_METRIC_FACTS, ...RECORDED_METRICS };
      const names = [...expr.matchAll(/\b(?:flink|outrider)[_:][\w:]+/g)].map((m) => m[0]);
      expect(names.filter((name) => !Object.hasOwn(known, name))).toEqual([]);
      expect(names.length + (expr.includes("up{") ? 1 : 0)).toBeGreaterThan(0);
    },
  );

  test("have labels that survive a new Flink job id, and few of them", () => {
    const unstable = [
      "job_id",
      "host",
      "instance",
      "pod",
      "task_attempt_id",
      "task_attempt_num",
      "subtask_index",
    ];
    for (const { expr } of rulesOf()) {
      for (const [, list] of expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)) {
        expect((list ?? "").split(", ").filter((label) => unstable.includes(label))).toEqual([]);
      }
    }
  });

  test.each(NAMES)("%s has a severity, a summary, a description and a runbook", (name) => {
    const { labels = {}, annotations = {} }: Partial<Rule> = rule(name) ?? {};
    expect(Object.keys(labels)).toEqual(["severity"]);
    expect(annotations).toMatchObject({ runbook_url: `docs/runbooks/${name}.md` });
    expect(annotations["summary"]).toMatch(/^[A-Z].*\.$/);
    expect(annotations["summary"]).not.toContain("{{");
    expect(annotations["description"]).not.toMatch(/(?<!\{)\{\w+\}/);
  });

  test.each(NAMES)("%s has tests that fire, but not before it may, and tests that stay quiet", (name) => {
    const cases = ["flink.test.yaml", "outrider.test.yaml"].flatMap(
      (f) => (parse(file(f)) as { tests: TestCase[] }).tests,
    );
    const own = cases.map((c) => c.alert_rule_test[0]).filter((t) => t.alertname === name);
    expect(new Set(own.map((t) => t.exp_alerts.length))).toEqual(new Set([1, 0]));
    const early = cases.find((c) => c.name === `${name} fires`)?.alert_rule_test.slice(1);
    expect(early).toHaveLength(rule(name)?.for === undefined ? 0 : 1);
    expect(early?.flatMap((t) => t.exp_alerts)).toEqual([]);
  });
});

describe("settings change the rules", () => {
  test("thresholds, patience and severity", () => {
    const changed = rule("FlinkBackpressured", {
      rules: { FlinkBackpressured: { share: 0.8, for: "2min", window: "90s", severity: "critical" } },
    });
    expect(changed).toMatchObject({
      expr: "avg_over_time(flink:task_backpressured:ratio_max[90s]) > 0.8",
      for: "2m",
      labels: { severity: "critical" },
    });
  });

  test("durations are divided by one factor, down to a second between evaluations", () => {
    expect(rule("FlinkTaskManagerHeapHigh", { durationFactor: 10 })).toMatchObject({
      for: "30s",
      expr: expect.stringContaining("[90s]"),
    });
    expect(groupsOf("flink.rules.yaml", { durationFactor: 10 })[0]?.interval).toBe("3s");
    expect(groupsOf("flink.rules.yaml", { durationFactor: 30 })[0]?.interval).toBe("1s");
  });

  test("a selection is in every condition, with its values taken literally", () => {
    const input = { selector: { namespace: ["prod", "a.b"], cluster: ['"x\\'] }, jobs: ["my-job"] };
    for (const { expr, alert } of rulesOf(input)) {
      if (alert !== undefined && /^[^{]*flink:[^{]*$/.test(expr)) continue;
      expect(expr).toContain('namespace=~"prod|a\\\\.b", cluster="\\"x\\\\"');
    }
    expect(rule("FlinkJobFailed", input)?.expr).toContain('job_name="my_job", state="FAILED"');
    expect(rule("FlinkClusterUnreachable", input)?.expr).not.toContain("job_name");
  });

  test("added labels, and where runbooks lie", () => {
    const input = { labels: { team: "data: x" }, runbooks: "https://example.org/rb/" };
    expect(rule("FlinkJobFailed", input)).toMatchObject({
      labels: { severity: "critical", team: "data: x" },
      annotations: { runbook_url: "https://example.org/rb/FlinkJobFailed.md" },
    });
  });

  test("disabled alerts are left out of rules and tests, and so is a file without any", () => {
    const input = { disabled: ["FlinkJobFailed"] };
    expect(rule("FlinkJobFailed", input)).toBeUndefined();
    expect(file("outrider.test.yaml", input)).not.toContain("FlinkJobFailed fires");
    const all = ALERTS.filter((a) => a.group === "outrider").map((a) => a.name);
    expect(renderAlerts(settings({ disabled: all })).map((f) => f.file)).toEqual([
      "flink.rules.yaml",
      "flink.test.yaml",
    ]);
  });

  test("the same settings give the same bytes", () => {
    expect(renderAlerts(defaultAlerts())).toEqual(renderAlerts(settings({})));
  });
});
