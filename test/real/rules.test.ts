import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { configFile, generateInto } from "./prometheus/generated.ts";
import { type Ended, runProgram } from "./support/program.ts";
import { tool } from "./tools/build.ts";

interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly alert?: string; readonly expr: string }[];
  }[];
}

interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts?: readonly unknown[];
    }[];
  }[];
}

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "outrider-rules-"));
  await generateInto(directory);
  await tool("promtool");
}, 1_200_000);

afterAll(() => {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
});

describe("promtool", () => {
  test("finds nothing to say about the rules", async () => {
    const ended = await promtool("check", "rules", "--lint=all", "--lint-fatal", ...files(".rules.yaml"));
    expect(ended.status, ended.stdout + ended.stderr).toBe(0);
  });

  test("sees every alert fire, and not fire, as their tests say", async () => {
    const ended = await promtool("test", "rules", ...files(".test.yaml"));
    expect(ended.status, ended.stdout + ended.stderr).toBe(0);
  });

  test("takes all that is generated into one configuration", async () => {
    expect(files(".scrape.yaml")).toHaveLength(1);
    const ended = await promtool(
      "check",
      "config",
      "--lint=all",
      "--lint-fatal",
      join(directory, configFile),
    );
    expect(ended.status, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toContain("2 rule files found");
  });

  test("sees a rule whose threshold was turned round", async () => {
    const copy = mkdtempSync(join(tmpdir(), "outrider-rules-wrong-"));
    try {
      for (const name of readdirSync(directory)) {
        const text = readFileSync(join(directory, name), "utf8");
        const isRules = name.endsWith(".rules.yaml");
        writeFileSync(join(copy, name), isRules ? text.replaceAll(/ > (?=[\d.]+)/g, " < ") : text);
      }
      const ended = await promtool("test", "rules", ...files(".test.yaml", copy));
      expect(ended.status).not.toBe(0);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});

test("every alert has a case in which it fires and one in which it does not", () => {
  const alerts = files(".rules.yaml")
    .flatMap((file) => (parse(readFileSync(file, "utf8")) as RuleFile).groups)
    .flatMap((group) => group.rules.flatMap((rule) => rule.alert ?? []));
  const cases = files(".test.yaml")
    .flatMap((file) => (parse(readFileSync(file, "utf8")) as TestFile).tests)
    .flatMap((one) => one.alert_rule_test ?? []);
  const covered = (name: string, fires: boolean) =>
    cases.some((one) => one.alertname === name && (one.exp_alerts ?? []).length > 0 === fires);
  expect(alerts.length).toBeGreaterThan(0);
  expect(alerts.filter((name) => !(covered(name, true) && covered(name, false)))).toEqual([]);
});

const files = (ending: string, where = directory): readonly string[] =>
  readdirSync(where)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(where, name));

async function promtool(...args: readonly string[]): Promise<Ended> {
  return runProgram(await tool("promtool"), args, { cwd: directory });
}
