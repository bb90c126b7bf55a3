import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseLocation } from "../../model/index.ts";
import { verifySnapshot } from "../../recovery/index.ts";
import {
  compileStorageSettings,
  openStores,
  snapshotStorage,
  storageSettings,
} from "../../sidecar/storage/index.ts";
import { JOB } from "../../test/support/simulated-flink.ts";
import { type StatefulFlink, type StatefulParts, statefulFlink } from "../../test/support/simulated-state.ts";
import { createFlinkRest, createHealthReader, createJobReader } from "../index.ts";
import { SNAPSHOT_DAMAGES, type Trouble } from "./world.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const versions = ["1.20.5", "2.3.0"];
const DIES = {
  atMs: 0,
  kind: "job-exception",
  job: "orders",
  vertex: "work",
  exception: "java.lang.IllegalStateException",
  message: "a bad record",
  terminal: true,
} as const satisfies Trouble;

async function listening(parts: StatefulParts = {}) {
  const flink = statefulFlink(parts);
  open.push(() => flink.delete());
  const url = await flink.server.listen(0);
  open.push(() => flink.server.close());
  const rest = createFlinkRest({ url, timeoutMs: 5_000 });
  open.push(() => rest.close());
  return { ...flink, url, rest, reader: createHealthReader(rest) };
}

async function stateOf(flink: StatefulFlink, folder: string) {
  const stores = openStores(compileStorageSettings(storageSettings.parse({})));
  open.push(() => stores.close());
  const storage = snapshotStorage(stores, { roots: [parseLocation(flink.checkpoints)] });
  return verifySnapshot(storage, folder, { now: flink.cluster.now() });
}

describe.each(versions)("recovery's own readers, Flink %s", (flinkVersion) => {
  it("read a job that failed, and bring it back with its jar", async () => {
    const flink = await listening({ cluster: { flinkVersion } });
    flink.at(42);
    flink.cluster.applyTrouble(DIES);
    flink.at(44);
    const health = await flink.reader.readHealth(JOB);
    expect(health).toMatchObject({ name: "orders", state: "FAILED", unread: ["restarts"] });
    expect(health.exceptions[0]?.stack).toContain("a bad record\n\tat com.example.orders.Work.map");
    expect(health.checkpointSettings).toMatchObject({ externalized: true, deleteOnCancellation: false });
    const there = health.snapshots.filter((s) => !s.discarded).map((s) => s.path);
    expect(there).toEqual(flink.chks(JOB).map((folder) => `file:${folder}`));

    const jar = join(mkdtempSync(join(tmpdir(), "outrider-jar-")), "orders.jar");
    writeFileSync(jar, new Uint8Array(3_000_000));
    const id = await flink.rest.uploadJar(jar);
    expect((await flink.reader.readCluster()).jars).toEqual([{ id, name: "orders.jar" }]);
    const jobId = "2".repeat(32);
    const body = { jobId, savepointPath: there[0] ?? "", claimMode: "NO_CLAIM" } as const;
    expect(await flink.rest.runJar(id, body)).toBe(jobId);
    await expect(flink.rest.runJar(id, body)).rejects.toMatchObject({ code: "conflict" });
    flink.at(50);
    const next = await flink.reader.readHealth(jobId);
    expect(next).toMatchObject({ state: "RUNNING", restoredFrom: { path: there[0], kind: "checkpoint" } });
    expect((await createJobReader(flink.rest, { now: () => 0 }).readJob(jobId)).state).toBe("RUNNING");
  });

  it("see a JobManager die and another one answer", async () => {
    const flink = await listening({ cluster: { flinkVersion, heartbeatTimeoutMs: 20_000 } });
    flink.at(42);
    const before = await flink.reader.readCluster();
    expect(before).toMatchObject({ highAvailability: "none", heartbeatTimeoutMs: 20_000, unread: [] });
    expect(before.checkpointDirectory).toBe(`file:${flink.checkpoints}`);
    flink.cluster.applyTrouble({ atMs: 0, kind: "job-manager-lost", backAfterMs: 6_000 });
    await expect(flink.reader.readCluster()).rejects.toMatchObject({ code: "unreachable" });
    flink.at(49);
    const after = await flink.reader.readCluster();
    expect(after.taskManagers).toEqual([]);
    expect(after.jobManagerProcess).not.toBe(before.jobManagerProcess);
    await expect(flink.reader.readHealth(JOB)).rejects.toMatchObject({ code: "not-found" });
    flink.at(63);
    expect((await flink.reader.readCluster()).taskManagers).toHaveLength(2);
  });
});

describe.each([false, true])("verification of what it writes (incremental: %s)", (incremental) => {
  const kept = { incremental };

  it.each(versions)("finds everything, Flink %s", async (flinkVersion) => {
    const flink = await listening({ kept, cluster: { flinkVersion }, parallelism: 3 });
    flink.at(62);
    for (const folder of flink.chks(JOB)) {
      const report = await stateOf(flink, folder);
      expect(report).toMatchObject({ state: "verified", problems: [], references: { bytes: 100_000 } });
    }
  });

  it.each(SNAPSHOT_DAMAGES.filter((d) => incremental || d !== "shared-file-missing"))(
    "finds %s",
    async (damage) => {
      const flink = await listening({ kept, parallelism: 3 });
      flink.at(62);
      const [newest = "", older = ""] = flink.chks(JOB);
      flink.cluster.applyTrouble({ atMs: 0, kind: "snapshot-damaged", job: "orders", damage });
      const state = damage === "metadata-cut" ? "corrupt" : "incomplete";
      expect(await stateOf(flink, newest)).toMatchObject({ state });
      expect(await stateOf(flink, older)).toMatchObject({ state: "verified" });
    },
  );
});

it("the simulator's own routes do trouble, and tell what was counted", async () => {
  const { url, at, ...flink } = await listening();
  at(20);
  const { atMs: _, ...dies } = DIES;
  const post = (body: object) =>
    fetch(`${url}/simulator/trouble`, { method: "POST", body: JSON.stringify(body) });
  expect((await post({ kind: "job-manager-lost", backAfter: "5s" })).status).toBe(200);
  expect(flink.cluster.jobManager.state).toBe("down");
  // They are not the JobManager's.
  const seen = (await (await fetch(`${url}/simulator/jobs`)).json()) as { jobs: unknown[] };
  expect(seen.jobs).toMatchObject([{ name: "orders", orphaned: true, working: true }]);
  at(26);
  expect((await post(dies)).status).toBe(404);
  const why = async (body: object): Promise<string> => (await (await post(body)).text()).slice(0, 300);
  expect(await why({ ...dies, kind: "fire" })).toContain(
    'kind: got \\"fire\\"; expected one of task-manager-lost',
  );
  expect(await why({ ...dies, vertx: "work" })).toContain("vertx: unknown key; did you mean vertex?");
  expect((await post({ kind: "rest-slow", for: "1s", delay: "1s" })).status).toBe(400);
  expect((await post([])).status).toBe(400);
});
