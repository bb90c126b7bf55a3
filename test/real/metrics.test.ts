import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotationQueries, dashboardQueries } from "../../dashboards/grafana/index.ts";
import type { Cluster } from "./flink/cluster.ts";
import type { FlinkVersion } from "./flink/fetch.ts";
import { type LoadJob, startLoadJob } from "./flink/load.ts";
import { holesOf, missingIn } from "./prometheus/coverage.ts";
import type { EvaluatedRule } from "./prometheus/server.ts";
import { clusterName, startWatched, type Watched } from "./prometheus/watched.ts";
import { waitFor } from "./support/child.ts";
import { tool } from "./tools/build.ts";

const versions: readonly FlinkVersion[] = ["1.20.5", "2.3.0"];
/** Half an hour of a rule is a minute here, and it holds for seconds instead of minutes. */
const FACTOR = 30;
const JOB = "orders";
const DOOMED = "doomed";

let watched: Watched;
const jobs: Record<string, LoadJob> = {};

beforeAll(async () => {
  await tool("prometheus");
  watched = await startWatched({ portBase: 19100, versions, durationFactor: FACTOR });
  for (const [name, cluster] of Object.entries(watched.clusters)) {
    jobs[name] = await startLoadJob(cluster, {
      rate: 100,
      args: { "job-name": JOB, "checkpoint-interval-ms": 2_000, "window-ms": 2_000 },
      flinkConfiguration: { "execution.checkpointing.tolerable-failed-checkpoints": "1000" },
    });
  }
  await everyRuleEvaluated();
}, 1_500_000);

afterAll(async () => {
  await watched?.stop();
});

test("the generated scrape configuration finds every page", async () => {
  const targets = await watched.prometheus.targets();
  expect(targets.filter((t) => t.health !== "up")).toEqual([]);
  // JobManager and one TaskManager of each version, and Outrider.
  expect(targets).toHaveLength(2 * versions.length + 1);
  expect(new Set(targets.flatMap((t) => t.labels["cluster"] ?? []))).toEqual(
    new Set(versions.map(clusterName)),
  );
});

test("every rule is evaluated without an error, and names only metrics that exist", async () => {
  const rules = await watched.prometheus.rules();
  expect(rules.filter((rule) => rule.health !== "ok")).toEqual([]);
  await expectNoUnknownHoles(rules.map((rule) => ({ title: rule.name, expr: rule.query })));
});

test("healthy jobs fire nothing but news", async () => {
  const alerts = (await watched.prometheus.alerts()).filter((alert) => alert.state === "firing");
  expect(alerts.filter((alert) => alert.labels["severity"] !== "info")).toEqual([]);
});

test("a misspelt name would be seen", async () => {
  const holes = await holesOf(
    watched.prometheus,
    "sum(rate(flink_jobmanager_job_numRestart[1m])) > 0 or vector(1)",
  );
  expect(holes).toEqual([{ metric: "flink_jobmanager_job_numRestart", reason: undefined }]);
});

test("every recorded series is there for both versions", async () => {
  const recorded = (await watched.prometheus.rules()).filter((rule) => rule.type === "recording");
  expect(recorded.length).toBeGreaterThan(0);
  for (const version of versions) {
    const cluster = clusterName(version);
    for (const { name } of recorded) {
      const found = await watched.prometheus.query(`count(${name}{cluster="${cluster}"})`);
      expect(found, `${name} of ${cluster}`).toHaveLength(1);
    }
  }
});

describe.each(versions)("the dashboards on Flink %s", (version) => {
  const cluster = clusterName(version);

  test("ask only for what this version has, by the catalogue", async () => {
    const missing = new Set<string>();
    for (const { expr } of queriesOf(cluster)) {
      for (const name of await missingIn(watched.prometheus, cluster, version, expr)) missing.add(name);
    }
    expect([...missing]).toEqual([]);
  });

  test("have no panel that is empty without a stated reason", async () => {
    const empty: string[] = [];
    const faults: string[] = [];
    for (const query of queriesOf(cluster)) {
      const found = await watched.prometheus.query(query.expr);
      if (found.some(({ value }) => !Number.isNaN(value))) continue;
      const line = `${query.dashboard} / ${query.panel} ${query.refId}: ${query.mayBeEmpty ?? "no reason stated"}`;
      (query.mayBeEmpty === undefined ? faults : empty).push(line);
    }
    process.stdout.write(`empty on Flink ${version}, with reason: ${empty.length}\n${indented(empty)}`);
    expect(faults).toEqual([]);
  });

  test("have annotations that Prometheus can answer", async () => {
    for (const { expr } of annotationQueries(variables(cluster))) await watched.prometheus.query(expr);
  });
});

describe.each(versions)("on Flink %s", (version) => {
  const name = clusterName(version);
  const cluster = (): Cluster => watched.clusters[name] as Cluster;

  test("checkpoints that fail fire the alerts about checkpoints, which end with the fault", async () => {
    const job = jobs[name] as LoadJob;
    const alerts = ["FlinkCheckpointFailing", "FlinkCheckpointStale"];
    await expectQuiet(name, JOB, alerts);
    const mend = breakCheckpoints(cluster(), job.jobId);
    await firing(name, JOB, alerts);
    mend();
    await quiet(name, JOB, alerts);
  });

  test("a job that failed fires the alert about it, which ends when the job runs again", async () => {
    await runDoomed(cluster(), { "fail-after-s": 6 });
    await firing(name, DOOMED, ["FlinkJobFailed"]);
    await runDoomed(cluster(), {});
    await quiet(name, DOOMED, ["FlinkJobFailed"]);
  });
});

/** Flink finds a file where the job's folder for checkpoints was. Returns what mends it. */
function breakCheckpoints(cluster: Cluster, jobId: string): () => void {
  const folder = join(cluster.checkpointDir, jobId);
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "");
  return () => {
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
  };
}

/** Without checkpoints nothing restarts a job: its first failure is its last. */
async function runDoomed(cluster: Cluster, args: Readonly<Record<string, number>>): Promise<void> {
  await startLoadJob(cluster, { rate: 20, args: { "job-name": DOOMED, checkpoint: "off", ...args } });
}

async function everyRuleEvaluated(): Promise<void> {
  // Rates want two scrapes, windows of a minute want the minute, and gauges are means of one.
  await sleep(75_000);
  await waitFor("every rule is evaluated", 60_000, async () => {
    const rules = await watched.prometheus.rules();
    return rules.length > 0 && rules.every((rule: EvaluatedRule) => rule.health !== "unknown")
      ? true
      : undefined;
  });
}

async function expectNoUnknownHoles(
  queries: readonly { readonly title: string; readonly expr: string }[],
): Promise<void> {
  const stated: string[] = [];
  const faults: string[] = [];
  for (const { title, expr } of queries) {
    for (const { metric, reason } of await holesOf(watched.prometheus, expr)) {
      (reason === undefined ? faults : stated).push(`${title}: no ${metric}: ${reason ?? "nobody says why"}`);
    }
  }
  process.stdout.write(
    `metrics of rules without series now, with reason: ${stated.length}\n${indented(stated)}`,
  );
  expect(faults).toEqual([]);
}

const variables = (cluster: string) => ({ job: JOB, cluster, rateInterval: "15s", range: "5m" });
const queriesOf = (cluster: string) => dashboardQueries(variables(cluster));
const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join("");

/** Names of the alerts of a job that are firing now. */
async function firingNow(cluster: string, job: string): Promise<ReadonlySet<string>> {
  const alerts = await watched.prometheus.alerts();
  const own = alerts.filter(
    ({ state, labels }) => state === "firing" && labels["cluster"] === cluster && labels["job_name"] === job,
  );
  return new Set(own.map((alert) => alert.labels["alertname"] ?? ""));
}

async function expectQuiet(cluster: string, job: string, names: readonly string[]): Promise<void> {
  const now = await firingNow(cluster, job);
  expect(names.filter((name) => now.has(name))).toEqual([]);
}

/** Waits until all of them fire; each carries what a reader needs. */
async function firing(cluster: string, job: string, names: readonly string[]): Promise<void> {
  const start = performance.now();
  await waitFor(`${names.join(" and ")} of ${job} fire`, 120_000, async () => {
    const now = await firingNow(cluster, job);
    if (!names.every((name) => now.has(name))) throw new Error(`firing: ${[...now].join(", ") || "none"}`);
    return true;
  });
  report(cluster, `${names.join(", ")} fired`, start);
  for (const { labels, annotations } of await watched.prometheus.alerts()) {
    if (labels["cluster"] !== cluster || !names.includes(labels["alertname"] ?? "")) continue;
    expect(Object.keys(annotations)).toEqual(
      expect.arrayContaining(["summary", "description", "runbook_url"]),
    );
    expect(annotations["description"]).toContain(job);
  }
}

async function quiet(cluster: string, job: string, names: readonly string[]): Promise<void> {
  const start = performance.now();
  await waitFor(`${names.join(" and ")} of ${job} end`, 180_000, async () => {
    const now = await firingNow(cluster, job);
    if (names.some((name) => now.has(name))) throw new Error(`firing: ${[...now].join(", ")}`);
    return true;
  });
  report(cluster, `${names.join(", ")} ended`, start);
}

function report(cluster: string, what: string, start: number): void {
  process.stdout.write(`${cluster}: ${what} after ${((performance.now() - start) / 1_000).toFixed(0)} s\n`);
}
