import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flinkSamples } from "../../../test/support/flink-samples.ts";
import { GEN, JOB, type LoadJobParts, simulatedFlink, WORK } from "../../../test/support/simulated-flink.ts";
import { recordedPage } from "../../rest/fixtures.ts";

const SAMPLES = flinkSamples();
const LABELS = /(\w+)="/g;

/** Series and the names of their labels, in the order of the page. */
function seriesOf(page: string): Map<string, string[]> {
  const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.replace(/\{.*/, ""), [...line.matchAll(LABELS)].map(([, name = ""]) => name)]),
  );
}

function pagesOf(parts: LoadJobParts) {
  const flink = simulatedFlink({ parallelism: 2, ...parts });
  flink.at(120);
  const get = (path: string): string => String(flink.ask(`GET /simulator/reporter/${path}`).body);
  return { ...flink, get, jobManager: get("jobmanager"), taskManager: get("taskmanagers/0") };
}

const versionOf = (version: string): string => (version === "1.20" ? "1.20.5" : "2.3.0");
/** Metrics that the recorded job had registered itself, and one that sources with watermarks have. */
const OF_PROGRAM = /_(consumed|key0Count|watermarkLag)$/;

describe.each(["1.20", "2.3"])("reporter pages like those of Flink %s", (version) => {
  const { jobManager, taskManager } = pagesOf({ cluster: { flinkVersion: versionOf(version) } });

  it("carry the labels of the recorded page", () => {
    const ours = seriesOf(taskManager);
    for (const [name, labels] of seriesOf(recordedPage(version)))
      expect([name, ours.get(name)]).toEqual([name, labels]);
  });

  const both = [
    ["prometheus-jm.txt", jobManager],
    ["prometheus-tm.txt", taskManager],
  ] as const;
  it.skipIf(SAMPLES === undefined).each(both)("have the series of %s, with its labels", (file, page) => {
    const theirs = seriesOf(readFileSync(join(SAMPLES ?? "", version, file), "utf8"));
    const sorted = (all: Map<string, string[]>) =>
      [...all].filter(([name]) => !OF_PROGRAM.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(seriesOf(page))).toEqual(sorted(theirs));
  });
});

describe("a TaskManager's page", () => {
  it("names each family once, before its series", () => {
    const { taskManager } = pagesOf({});
    const families = [...taskManager.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    expect(taskManager).toMatch(
      /^# HELP flink_taskmanager_Status_JVM_CPU_Load Load \(scope: taskmanager_Status_JVM_CPU\)$/m,
    );
  });

  it("holds what runs there, with names that the reporter has cleaned", () => {
    const { taskManager } = pagesOf({});
    const series = `flink_taskmanager_job_task_operator_pendingRecords{job_id="${JOB}",task_id="${GEN}"`;
    expect(taskManager).toContain(series);
    expect(taskManager).toContain('operator_name="Source:_gen"');
  });

  it("is as fresh as the counters", () => {
    const { get, at } = pagesOf({ parallelism: 1 });
    at(121);
    const [, read] =
      new RegExp(`_task_numRecordsIn\\{[^}]*task_id="${WORK}"[^}]*\\} (\\S+)`).exec(get("taskmanagers/0")) ??
      [];
    expect(Number(read)).toBeCloseTo(30_250, -1.5);
  });

  it("can be asked for some families only", () => {
    const { get } = pagesOf({});
    const page = get("taskmanagers/0?name[]=flink_taskmanager_Status_JVM_CPU_Load");
    expect([...seriesOf(page).keys()]).toEqual(["flink_taskmanager_Status_JVM_CPU_Load"]);
  });

  it.each([2, 99])("number %d of two is not found", (index) => {
    expect(pagesOf({}).ask(`GET /simulator/reporter/taskmanagers/${index}`).status).toBe(404);
  });
});
