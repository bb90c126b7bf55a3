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

/** A mistake somebody could make in a rule; without `alert` in every rule. */
interface Mutation {
  readonly change: string;
  readonly alert?: string;
  readonly from: RegExp;
  readonly to: string;
}

const JOB_LABELS = "\\(cluster, namespace, job_name\\)";

const MUTATIONS: readonly Mutation[] = [
  { change: "every threshold turned round", from: / > (?=[\d.]+)/g, to: " < " },
  {
    change: "the most instead of the least heap",
    alert: "FlinkTaskManagerHeapHigh",
    from: /min_over_time/,
    to: "max_over_time",
  },
  { change: "== 0 made >= 0", alert: "FlinkNoTaskManagers", from: / == 0/, to: " >= 0" },
  { change: "no slope", alert: "FlinkSourceLagGrowing", from: / and deriv\(.*?\) > 0/, to: "" },
  { change: "no least backlog", alert: "FlinkSourceLagGrowing", from: / > 10000/, to: " > 0" },
  { change: "no age of passes", alert: "OutriderPassesStale", from: / > 120/, to: " > 0" },
  { change: "fewer intervals", alert: "FlinkCheckpointStale", from: /clamp_min\(3/, to: "clamp_min(2" },
  {
    change: "no age of checkpoints",
    alert: "FlinkNoRestorePoint",
    from: /flink:checkpoint_age:seconds or /,
    to: "",
  },
  {
    change: "no word of Outrider about the job",
    alert: "FlinkJobNotRunning",
    from: new RegExp(` or max by ${JOB_LABELS} \\(outrider_job_running\\) == 1`),
    to: "",
  },
  {
    change: "no memory of vanished targets",
    alert: "FlinkJobManagerDown",
    from: / or \(max by .*\) \* 0/,
    to: "",
  },
  {
    change: "counters new after a failed scrape",
    alert: "FlinkScalingEvent",
    from: /last_over_time\((\S+)\[1d\] (offset \w+)\)/,
    to: "$1 $2",
  },
  {
    change: "no time of the restore",
    from: / or max by \S+ \S+ \S+ \(flink_jobmanager_job_lastCheckpointRestoreTimestamp > 0\) \/ 1000/,
    to: "",
  },
];

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

  test.each(MUTATIONS)("sees a rule with $change", async ({ alert, from, to }) => {
    const copy = mkdtempSync(join(tmpdir(), "outrider-rules-wrong-"));
    try {
      let changed = 0;
      for (const name of readdirSync(directory)) {
        const text = readFileSync(join(directory, name), "utf8");
        const wrong = name.endsWith(".rules.yaml") ? mutated(text, alert, from, to) : text;
        if (wrong !== text) changed += 1;
        writeFileSync(join(copy, name), wrong);
      }
      expect(changed, "the change found nothing to change").toBeGreaterThan(0);
      const ended = await promtool("test", "rules", ...files(".test.yaml", copy));
      expect(ended.status, ended.stdout + ended.stderr).toBe(1);
      expect(ended.stdout + ended.stderr).toContain("FAILED");
      if (alert !== undefined) expect(ended.stdout + ended.stderr).toContain(`alertname: ${alert}`);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  test("sees every patience that is missing", async () => {
    const copy = mkdtempSync(join(tmpdir(), "outrider-rules-hasty-"));
    try {
      const patient: string[] = [];
      for (const name of readdirSync(directory)) {
        const text = readFileSync(join(directory, name), "utf8");
        if (!name.endsWith(".rules.yaml")) writeFileSync(join(copy, name), text);
        else {
          patient.push(
            ...[...text.matchAll(/alert: (\w+)(?:(?!alert:)[\s\S])*?\n +for: /g)].map((m) => m[1] ?? ""),
          );
          writeFileSync(join(copy, name), text.replaceAll(/\n +for: .*/g, ""));
        }
      }
      const { stdout, stderr } = await promtool("test", "rules", ...files(".test.yaml", copy));
      const seen = patient.filter((name) => `${stdout}${stderr}`.includes(`alertname: ${name},`));
      expect(patient.length).toBeGreaterThan(10);
      expect(seen).toEqual(patient);
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

/** The text with the change made in one rule, or in all. */
function mutated(text: string, alert: string | undefined, from: RegExp, to: string): string {
  if (alert === undefined) return text.replace(from, to);
  return text
    .split(/(?=- alert: )/)
    .map((rule) => (rule.startsWith(`- alert: ${alert}\n`) ? rule.replace(from, to) : rule))
    .join("");
}

async function promtool(...args: readonly string[]): Promise<Ended> {
  return runProgram(await tool("promtool"), args, { cwd: directory });
}
