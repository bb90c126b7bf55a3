import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Cluster } from "./flink/cluster.ts";
import { flinkVersions } from "./flink/fetch.ts";
import { startHaCluster } from "./flink/high-availability.ts";
import { flinkRequest } from "./flink/rest.ts";
import { deedsOf } from "./recovery/asking.ts";
import { type Drill, type DrillOptions, RATE, startDrill } from "./recovery/drill.ts";
import { standFigures } from "./recovery/figures.ts";
import { startFront } from "./recovery/front.ts";
import { DRILL_CONFIG, FULL, LOOPING, PORTS, startLab, withLoadJob } from "./recovery/lab.ts";
import { flinkJob, missingRecords } from "./recovery/records.ts";
import { expectRestored } from "./recovery/restored.ts";
import { lastSignOf } from "./recovery/witness.ts";
import { waitFor } from "./support/child.ts";

/** Processes that are lost, slow or replaced: what Flink recovers from by itself, Outrider leaves to Flink. */
const MINUTES = 60_000;
const limit = { timeout: 9 * MINUTES };
const QUICK = { "heartbeat.interval": "1s", "heartbeat.timeout": "5s" };

describe.runIf(FULL).each(flinkVersions)("on Flink %s", (version) => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const lab = async (options: Omit<Parameters<typeof startLab>[0], "version">): Promise<Cluster> => {
    const cluster = await startLab({ version, ...options });
    closing.push(cluster.stop);
    return cluster;
  };
  const start = async (cluster: Cluster, options: DrillOptions): Promise<Drill> => {
    const drill = await startDrill(cluster, options);
    closing.push(drill.stop);
    return drill;
  };

  it("a killed TaskManager is Flink's own to recover from: Outrider keeps its hands off", limit, async () => {
    const cluster = await lab({ taskManagers: 2, slotsPerTaskManager: 2, config: QUICK });
    const d = await start(cluster, { name: "task-manager-lost", parallelism: 4, configuration: LOOPING });
    const faultAt = Date.now();
    await cluster.killTaskManager(0);
    await runningAgain(d, faultAt);
    await sleep(10_000);
    await leftAlone(d, "TaskManager lost", faultAt);
  });

  it("when every TaskManager is killed and one comes back, Flink alone restarts the job", limit, async () => {
    const cluster = await lab({ taskManagers: 2, slotsPerTaskManager: 2, config: QUICK });
    const d = await start(cluster, { name: "all-lost", parallelism: 4, configuration: LOOPING });
    const faultAt = Date.now();
    await Promise.all([cluster.killTaskManager(0), cluster.killTaskManager(1)]);
    await sleep(30_000);
    await cluster.restartTaskManager(1);
    await runningAgain(d, faultAt);
    await sleep(10_000);
    await leftAlone(d, "all TaskManagers lost, one back", faultAt);
  });

  it(
    "a lost JobManager's TaskManager goes on with the old copy: no second one is started meanwhile",
    limit,
    async () => {
      // Default heartbeats: the old copy lives on for up to 50 s, and a fresh TaskManager has room for another at once.
      const cluster = await lab({});
      const d = await start(cluster, { name: "old-copy-lives" });
      const faultAt = Date.now();
      await cluster.killJobManager();
      await cluster.restartJobManager();
      cluster.startTaskManager(1);
      await expectRestored(d, "JobManager lost, its TaskManager alive", version, faultAt);
    },
  );

  it(
    "a TaskManager that is frozen beyond its heartbeat comes back without doubling the job",
    limit,
    async () => {
      const cluster = await lab({ config: QUICK });
      const d = await start(cluster, { name: "frozen" });
      const faultAt = Date.now();
      cluster.freezeTaskManager(0);
      await cluster.killJobManager();
      await cluster.restartJobManager();
      await sleep(40_000);
      cluster.thawTaskManager(0);
      await expectRestored(d, "JobManager lost, its TaskManager frozen for 40 s", version, faultAt);
    },
  );

  it(
    "a frozen copy that thaws after every timeout stops at once, and its state counts nowhere",
    limit,
    async () => {
      const cluster = await lab({ config: QUICK });
      const d = await start(cluster, { name: "thawed" });
      const faultAt = Date.now();
      cluster.freezeTaskManager(0);
      await cluster.killJobManager();
      await cluster.restartJobManager();
      cluster.startTaskManager(1);
      await expectRestored(d, "JobManager lost, a free TaskManager beside a frozen one", version, faultAt);
      d.job.load.setRate(RATE);
      const thawedAt = Date.now();
      cluster.thawTaskManager(0);
      await sleep(15_000);
      // Nothing fences a process that was frozen: it goes on until it looks at its clock.
      const wentOnMs = lastSignOf(d.witnessDir, d.job.jobId) - thawedAt;
      process.stdout.write(`${JSON.stringify({ version, wentOnMs })}\n`);
      expect(wentOnMs).toBeLessThan(2_000);
      const live = (await cluster.request<JobList>("GET", "/jobs/overview")).jobs.filter(
        (job) => job.state === "RUNNING",
      );
      expect(live, "one job lives").toHaveLength(1);
      expect(Math.abs(await missingRecords(d, live[0]?.jid ?? ""))).toBeLessThanOrEqual(2);
    },
  );

  it("with high availability a killed JobManager is Flink's own to recover from", limit, async () => {
    const ha = await startHaCluster({
      version,
      portBase: PORTS.flink,
      standbyPortBase: PORTS.standby,
      zooKeeperPort: PORTS.zooKeeper,
      config: { ...DRILL_CONFIG, ...QUICK },
    });
    closing.push(ha.stop);
    const front = await startFront(PORTS.front, [ha.restUrl, ha.standbyUrl]);
    closing.push(front.close);
    const request: Cluster["request"] = (method, path, body) => flinkRequest(front.url, method, path, body);
    const cluster = await withLoadJob({ ...ha, request });
    const d = await start(cluster, { name: "leader-lost", url: front.url });
    const before = front.changes.length;
    expect(ha.haFiles()).toEqual(expect.arrayContaining([expect.stringMatching(OF_A_JOB)]));
    const faultAt = Date.now();
    await ha.killJobManager();
    await runningAgain(d, faultAt);
    await sleep(15_000);
    expect(front.changes.slice(before), "nothing was asked of Flink but questions").toEqual([]);
    await leftAlone(d, "leading JobManager lost, high availability", faultAt);
    expect(ha.haFiles(), "a crash keeps what the next leader needs").toEqual(
      expect.arrayContaining([
        expect.stringMatching(OF_A_JOB),
        expect.stringMatching(/^completedCheckpoint/),
      ]),
    );

    // A failed job is final for Flink, also with high availability.
    const failedAt = Date.now();
    d.job.load.setRate(RATE);
    d.failNow();
    const { done } = await expectRestored(d, "job failed, high availability", version, failedAt);
    const newId = done.record.effective?.newFlinkJobId ?? "";
    await cluster.request("PATCH", `/jobs/${newId}`);
    await waitFor("Flink to forget what it kept for the job", MINUTES, async () =>
      ha.haFiles().length === 0 ? true : undefined,
    );
  });

  async function leftAlone(d: Drill, name: string, faultAt: number): Promise<void> {
    const said = { drill: name, version, did: "left it to Flink" } as const;
    const { copies } = await standFigures(d, said, faultAt, undefined);
    expect(await deedsOf(d)).toEqual([]);
    expect(copies).toEqual([]);
    expect(Math.abs(await missingRecords(d, d.job.jobId))).toBeLessThanOrEqual(2);
  }
});

/** What describes a job in the storage of high availability: 1.20 calls it one name, 2.x another. */
const OF_A_JOB = /^submitted(?:JobGraph|ExecutionPlan)/;

interface JobList {
  readonly jobs: readonly { readonly jid: string; readonly state: string }[];
}

/** The same job, by its id, runs anew. */
async function runningAgain({ cluster, job }: Drill, since: number): Promise<void> {
  await waitFor("Flink to restart the job", 3 * MINUTES, async () => {
    const now = await flinkJob(cluster, job.jobId);
    return now?.state === "RUNNING" && (now.timestamps["RUNNING"] ?? 0) > since ? true : undefined;
  });
}
