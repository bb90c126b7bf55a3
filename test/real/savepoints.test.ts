import { execFile } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { parseLocation, type SavepointRecord } from "../../model/index.ts";
import type { SavepointList } from "../../sidecar/savepoints/index.ts";
import type { DecisionHistory } from "../../sidecar/store/port.ts";
import { openStore } from "../../sidecar/store/sqlite.ts";
import { type Cluster, startCluster } from "./flink/cluster.ts";
import { flinkVersions } from "./flink/fetch.ts";
import { startLoadJob } from "./flink/load.ts";
import { waitFor } from "./support/child.ts";
import { type RunningOutrider, startOutrider } from "./support/outrider.ts";

/** Savepoints that real Flink writes and removes because Outrider asked. */
const PORT = 18_950;
const OUTRIDER_PORT = 18_956;
const JOB = "flink/default/outrider-load";
const MINUTE = 60_000;
/** Shows that these tests can fail: Outrider looks and does nothing. */
const MODE = process.env["SUBJECT_OFF"] === "1" ? "observe" : "act";
const FULL = process.env["REAL_FULL"] === "1";
const TRIGGER_ID = "5a".repeat(16);
const SCHEDULE = "0 3 * * *";
const MAIN = join(import.meta.dirname, "../../sidecar/main.ts");

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).toReversed()) await stop();
});

interface Taken {
  readonly decision: { readonly record: SavepointRecord; readonly outcome: { readonly location: string } };
  readonly savepoint: { readonly state: string; readonly format: string };
}

async function takeByCommand(outrider: RunningOutrider, format: string): Promise<Taken> {
  const args = [
    MAIN,
    "savepoint",
    "outrider-load",
    "--format",
    format,
    "-o",
    "json",
    "--server",
    outrider.url,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 2 * MINUTE });
  return JSON.parse(stdout) as Taken;
}

/** What Flink answers to the same trigger id, twice. */
async function triggerTwice(cluster: Cluster, jobId: string): Promise<string> {
  const body = { triggerId: TRIGGER_ID, formatType: "CANONICAL" };
  for (let i = 0; i < 2; i++) {
    const reply = await cluster.request("POST", `/jobs/${jobId}/savepoints`, body);
    expect(reply).toMatchObject({ "request-id": TRIGGER_ID });
  }
  return waitFor("the foreign savepoint", MINUTE, async () => {
    const path = `/jobs/${jobId}/savepoints/${TRIGGER_ID}`;
    const status = await cluster.request<{ operation?: { location?: string } | null }>("GET", path);
    return status.operation?.location;
  });
}

const onDisk = (cluster: Cluster): readonly string[] => readdirSync(cluster.savepointDir);

describe.each(flinkVersions)("on Flink %s", (version) => {
  it("savepoints are taken on demand and by calendar, proven, and only Outrider's own are removed", {
    timeout: 6 * MINUTE,
  }, async () => {
    const cluster = await startCluster({ version, portBase: PORT });
    running.push(() => cluster.stop());
    const job = await startLoadJob(cluster, {
      rate: 100,
      parallelism: 1,
      args: { "operator-state": "true" },
    });

    const foreign = await triggerTwice(cluster, job.jobId);
    expect(onDisk(cluster)).toHaveLength(1);

    const store = openStore({ path: join(cluster.workDir, "outrider.sqlite"), keepMs: 1e12, maxRows: 1e5 });
    // Outrider was away for two days: one run is made up for.
    const since = Date.now() - 2 * 86_400_000;
    store.remember(JOB, "savepoints", { calendar: { name: `${SCHEDULE} Europe/Berlin`, since } });
    store.close();
    const configFile = join(cluster.workDir, "outrider.yaml");
    const savepoints = {
      calendar: { schedule: SCHEDULE, timeZone: "Europe/Berlin" },
      keep: 2,
      keepFor: "0s",
    };
    const config = {
      clusters: [{ name: "flink", url: cluster.restUrl }],
      autoscaler: { enabled: false },
      recovery: { savepoints },
    };
    writeFileSync(configFile, JSON.stringify(config));
    const outrider = await startOutrider({
      configFile,
      mode: MODE,
      port: OUTRIDER_PORT,
      workDir: cluster.workDir,
    });
    running.push(() => outrider.stop());
    const path = `/api/v1/jobs/${encodeURIComponent(JOB)}/savepoints`;
    const list = async () => (await outrider.get<SavepointList>(path).catch(() => undefined))?.items ?? [];

    const scheduled = await waitFor("the calendar's savepoint to be proven", 2 * MINUTE, async () => {
      const [only] = await list();
      return only?.state === "verified" ? only : undefined;
    });
    expect(existsSync(parseLocation(scheduled.path).path)).toBe(true);

    for (const format of ["canonical", "native"] as const) {
      const { decision, savepoint } = await takeByCommand(outrider, format);
      expect(savepoint).toMatchObject({ state: "verified", format });
      expect(existsSync(join(parseLocation(decision.outcome.location).path, "_metadata"))).toBe(true);
    }
    await waitFor("the oldest to be removed", 2 * MINUTE, async () =>
      (await list()).length === 2 ? true : undefined,
    );
    expect(existsSync(parseLocation(scheduled.path).path)).toBe(false);
    expect(existsSync(parseLocation(foreign).path)).toBe(true);
    expect(onDisk(cluster)).toHaveLength(3);
    const { items } = await outrider.get<{ items: DecisionHistory[] }>(
      `/api/v1/decisions?limit=50&job=${encodeURIComponent(JOB)}`,
    );
    const asked = items.filter((d) => d.record.kind === "savepoint" && d.attempts.length > 0);
    expect(asked.map((d) => d.record.trigger).toSorted()).toEqual(["calendar", "request", "request"]);
    const seconds = asked.map((d) => (d.outcome?.tookMs ?? Number.NaN) / 1_000);
    process.stdout.write(`${JSON.stringify({ version, savepoints: asked.length, seconds })}\n`);

    if (!FULL) return;
    // Why a request that Flink does not know is looked for in its history.
    await cluster.killJobManager();
    await cluster.restartJobManager();
    const status = await fetch(`${cluster.restUrl}/jobs/${job.jobId}/savepoints/${TRIGGER_ID}`);
    expect(status.status).toBe(404);
  });
});
