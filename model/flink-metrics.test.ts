import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flinkSamples } from "../test/support/flink-samples.ts";
import { asFlinkLabel, FLINK_METRICS, type FlinkMetricName, flinkMetric } from "./flink-metrics.ts";

const FIXTURES = join(import.meta.dirname, "../engine/rest/fixtures");
const NAMES = Object.keys(FLINK_METRICS) as FlinkMetricName[];

/** Series of recorded pages that rules and dashboards have no use for. */
const LEFT_OUT = [
  /^flink_taskmanager_job_task_buffers_/,
  /^flink_taskmanager_Status_Network_/,
  /_GarbageCollector_(?!All_)/,
  /_(?:numBytes|numBuffers)InLocal|_(?:numBytes|numBuffers)InRemote/,
  // Registered by the recorded job itself.
  /_operator_(?:consumed|key0Count)$/,
];

interface Series {
  readonly name: string;
  readonly labels: readonly string[];
}

function seriesOf(page: string): readonly Series[] {
  return page.split("\n").flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line);
    if (match?.[1] === undefined) return [];
    const labels = [...(match[2] ?? "").matchAll(/(\w+)="/g)].map((m) => m[1] ?? "");
    return [{ name: match[1].replace(/_count$/, ""), labels: labels.filter((l) => l !== "quantile") }];
  });
}

/** Whole pages where they are at hand; else the cut ones that are committed, which hold less. */
function pagesOf(folder: string, file: RegExp): ReadonlyMap<string, readonly Series[]> {
  const versions = readdirSync(folder).filter((name) => /^\d+\.\d+$/.test(name));
  return new Map(
    versions.map((version) => {
      const files = readdirSync(join(folder, version)).filter((name) => file.test(name));
      return [version, files.flatMap((name) => seriesOf(readFileSync(join(folder, version, name), "utf8")))];
    }),
  );
}

const has = (name: FlinkMetricName, version: string): boolean => {
  const { since, until } = flinkMetric(name);
  return (since === undefined || version >= since) && (until === undefined || version <= until);
};

const samples = flinkSamples();
const committed = pagesOf(FIXTURES, /^reporter-page\.txt$/);
const whole = samples === undefined ? new Map() : pagesOf(samples, /^prometheus-.*\.txt$/);
const pages = [...committed, ...whole] as [string, readonly Series[]][];

describe("the catalogue of Flink's metrics", () => {
  test.each(pages)("has every series of a page of Flink %s, with its labels", (version, series) => {
    expect(series.length).toBeGreaterThan(0);
    const wrong = series
      .filter(({ name }) => !LEFT_OUT.some((pattern) => pattern.test(name)))
      .filter(({ name, labels }) => {
        const known = NAMES.find((n) => n === name);
        if (known === undefined || !has(known, version)) return true;
        return labels.toSorted().join() !== flinkMetric(known).labels.toSorted().join();
      });
    expect([...new Set(wrong.map(({ name, labels }) => `${name}{${labels.join()}}`))]).toEqual([]);
  });

  test.skipIf(whole.size === 0).each([...whole])(
    "names nothing that a page of Flink %s lacks",
    (version, series) => {
      const present = new Set((series as readonly Series[]).map(({ name }) => name));
      const lacking = NAMES.filter(
        (n) => has(n, version) && flinkMetric(n).absent === undefined && !present.has(n),
      );
      expect(lacking).toEqual([]);
    },
  );

  test("is compared with pages of two versions", () => {
    expect([...committed.keys()]).toEqual(["1.20", "2.3"]);
    expect(existsSync(FIXTURES)).toBe(true);
  });

  test.each(NAMES)("%s says what it is in one sentence", (name) => {
    expect(flinkMetric(name).help).toMatch(/^[A-Z].*\.$/);
    expect(name).toMatch(/^flink_[a-zA-Z0-9_]+$/);
  });
});

test.each([
  ["Source: orders -> Filter", "Source:_orders____Filter"],
  ["my-job", "my_job"],
  ["10.0.0.1", "10_0_0_1"],
  ['a"b{c}\\d\ne', "a_b_c__d_e"],
  ["Ünïcode", "_n_code"],
])("Flink's reporter writes %j as %s", (value, label) => {
  expect(asFlinkLabel(value)).toBe(label);
});
