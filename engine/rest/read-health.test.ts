import { afterEach, describe, expect, it } from "vitest";
import { ABSENT, type Failure, reading } from "../../model/index.ts";
import { createFlinkRest } from "./client.ts";
import {
  type HEALTH_MOMENTS,
  healthRecordingsOf,
  RECORDED_VERSIONS,
  type Recording,
  recordingsOf,
  replay,
} from "./fixtures.ts";
import { createHealthReader } from "./read-health.ts";
import { createJobReader } from "./read-job.ts";
import { createRecentReplies } from "./recent-replies.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Moment = (typeof HEALTH_MOMENTS)[number];
const PARTS = ["", "-restarts", "-exceptions", "-checkpoints", "-checkpoints-config", "-result"];

/** What was recorded of one job in one moment, by part. */
const momentOf = (version: string, name: Moment): Map<string, Recording> =>
  new Map(healthRecordingsOf(version, name).map((recording, i) => [PARTS[i] ?? "", recording]));

/** A reader of a server that replays; `pass` lets time go by. */
async function readerOf(recordings: ReadonlyMap<string, Recording>) {
  const server = await replay(recordings);
  const rest = createFlinkRest({ url: server.url, retries: 0 });
  closing.push(() => rest.close(), server.close);
  let now = 0;
  const recent = createRecentReplies(() => now);
  const health = createHealthReader(rest, { recent, now: () => now, wallClock: () => 1_000 });
  return {
    ...health,
    jobs: createJobReader(rest, { now: () => now, recent }),
    requests: server.requests,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const idIn = (moment: ReadonlyMap<string, Recording>): string =>
  /\/jobs\/([0-9a-f]{32})/.exec(moment.get("")?.request ?? "")?.[1] ?? "";

async function healthOf(
  version: string,
  name: Moment,
  change: (m: Map<string, Recording>) => void = () => {},
) {
  const moment = momentOf(version, name);
  change(moment);
  return (await readerOf(moment)).readHealth(idIn(moment));
}

describe.each(RECORDED_VERSIONS)("the health of a job on real Flink %s", (version) => {
  it("that runs is read with its checkpoints, newest first", async () => {
    const health = await healthOf(version, "running");
    expect(health).toMatchObject({
      name: "healthy",
      state: "RUNNING",
      checkpointSettings: {
        intervalMs: 5_000,
        timeoutMs: 600_000,
        externalized: true,
        deleteOnCancellation: false,
      },
      unread: [],
    });
    expect(health.restarts).toEqual(reading(health.exceptions.length));
    expect(health.tasksRunning).toBe(health.tasksTotal);
    expect(health.tasksTotal).toBeGreaterThan(0);
    expect(health.enteredAt.RUNNING).toBeGreaterThan(health.enteredAt.INITIALIZING ?? Number.NaN);
    expect(health.enteredAt.FAILED).toBeUndefined();
    const ids = health.snapshots.map((s) => s.checkpointId);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(health.snapshots[0]).toMatchObject({ kind: "checkpoint", discarded: false });
    expect(health.snapshots[0]?.path).toMatch(/\/chk-\d+$/);
    expect(health.latestCompletedAt).toBe(health.snapshots[0]?.completedAt);
  });

  it("that lost a TaskManager has the exception, and no task", async () => {
    const health = await healthOf(version, "task-manager-lost");
    expect(health.state).toBe("RESTARTING");
    expect(health.tasksRunning).toBe(0);
    expect(health.exceptions[0]).toMatchObject({ task: null });
    expect(health.exceptions[0]?.stack).toMatch(/remote task manager|no longer reachable|not reachable/);
  });

  it("that waits for slots has no count of checkpoints: Flink's zeros are none", async () => {
    const health = await healthOf(version, "waits-for-slots");
    expect(health).toMatchObject({
      state: "CREATED",
      completed: ABSENT,
      failedCheckpoints: ABSENT,
      tasksRunning: 0,
    });
    expect(health.tasksTotal).toBeGreaterThan(0);
    expect(health.unread).not.toContain("checkpoints");
    expect(health.exceptions.length).toBeGreaterThan(0);
  });

  it("that runs again knows what it was restored from", async () => {
    const health = await healthOf(version, "after-restart");
    expect(health.state).toBe("RUNNING");
    expect(health.restarts).toEqual(reading(health.exceptions.length));
    expect(health.restoredFrom).toMatchObject({ kind: "checkpoint", path: expect.stringContaining("/chk-") });
  });

  it("that cannot be restored has the root of it in its exceptions", async () => {
    const health = await healthOf(version, "missing-file");
    expect(health.exceptions.length).toBeGreaterThanOrEqual(3);
    expect(health.exceptions[0]?.stack).toContain("Caused by: java.io.FileNotFoundException");
    const times = health.exceptions.map((e) => e.at);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it("that failed before it could start has its reason, which no history holds", async () => {
    const moment = momentOf(version, "missing-metadata");
    const history = moment.get("-exceptions")?.reply as { exceptionHistory: { entries: unknown[] } };
    expect(history.exceptionHistory.entries).toEqual([]);
    const health = await healthOf(version, "missing-metadata");
    expect(health.state).toBe("FAILED");
    expect(health.exceptions).toHaveLength(1);
    expect(health.exceptions[0]).toMatchObject({ at: health.enteredAt.FAILED, task: null });
    expect(health.exceptions[0]?.stack).toContain("Cannot find meta data file '_metadata'");
  });

  it("that loops has a failure for each restart", async () => {
    const health = await healthOf(version, "restart-loop");
    expect(health.exceptions.length).toBeGreaterThanOrEqual(4);
    expect(health.exceptions[0]).toMatchObject({ name: "java.lang.IllegalStateException" });
  });

  it("that takes no checkpoints has settings that say so", async () => {
    const health = await healthOf(version, "without-checkpoints");
    expect(health).toMatchObject({
      state: "RUNNING",
      completed: reading(0),
      snapshots: [],
      latestCompletedAt: null,
    });
    expect(health.checkpointSettings?.intervalMs).toBeNull();
  });

  it.each([
    ["failed", "FAILED"],
    ["canceled", "CANCELED"],
  ] as const)("that is %s is read like any other", async (name, state) => {
    const health = await healthOf(version, name);
    expect(health).toMatchObject({ state, tasksRunning: 0, unread: [] });
    expect(health.enteredAt[state]).toBeGreaterThan(0);
  });
});

describe("a part that cannot be read", () => {
  const broken =
    (part: string, status = 500) =>
    (moment: Map<string, Recording>) => {
      const found = moment.get(part);
      if (found !== undefined) moment.set(part, { ...found, status, reply: { errors: ["out of order"] } });
    };

  it.each([
    ["-restarts", "restarts"],
    ["-exceptions", "exceptions"],
    ["-checkpoints", "checkpoints"],
    ["-checkpoints-config", "checkpointSettings"],
  ])("(%s) is named, and the rest is there", async (part, name) => {
    const health = await healthOf("2.3", "running", broken(part));
    expect(health.unread).toEqual([name]);
    expect(health.state).toBe("RUNNING");
  });

  it("is a failure where it is the job itself", async () => {
    const failure = await healthOf("2.3", "running", broken("", 404)).catch((error: Failure) => error);
    expect(failure).toMatchObject({ code: "not-found" });
  });

  it("is not what a job without checkpointing lacks", async () => {
    const off = (moment: Map<string, Recording>) => {
      const found = moment.get("-checkpoints");
      if (found === undefined) return;
      const errors = [
        "org.apache.flink.runtime.rest.handler.RestHandlerException: Checkpointing has not been enabled.",
      ];
      moment.set("-checkpoints", { ...found, status: 404, reply: { errors } });
    };
    const health = await healthOf("1.20", "running", off);
    expect(health).toMatchObject({
      unread: [],
      completed: ABSENT,
      checkpointSettings: undefined,
      snapshots: [],
    });
  });

  it("leaves an exception of any size bounded, with all its causes", async () => {
    const frames = Array.from({ length: 300 }, (_, i) => `\tat a.b.C.m${i}(C.java:${i})`).join("\n");
    const stacktrace = `a.b.Outer: x\n${frames}\nCaused by: a.b.Inner: y\n${frames}\nCaused by: a.b.Root: z\n${frames}`;
    const health = await healthOf("2.3", "restart-loop", (moment) => {
      const found = moment.get("-exceptions");
      const concurrentExceptions = Array.from({ length: 10 }, () => ({
        exceptionName: "a.b.C",
        stacktrace,
        timestamp: 1,
      }));
      const entry = { exceptionName: "a.b.Outer", stacktrace, timestamp: 1, concurrentExceptions };
      if (found !== undefined) {
        const entries = Array.from({ length: 30 }, () => entry);
        moment.set("-exceptions", { ...found, reply: { exceptionHistory: { entries, truncated: true } } });
      }
    });
    expect(health.exceptions).toHaveLength(20);
    expect(health.exceptions[0]?.concurrent).toHaveLength(8);
    const stack = health.exceptions[0]?.stack ?? "";
    expect(stack.length).toBeLessThanOrEqual(16 * 1024);
    expect(stack).toContain("Caused by: a.b.Root: z");
  });
});

describe("the cost of a look", () => {
  const countOf = async (read: () => Promise<unknown>, requests: string[]): Promise<number> => {
    const before = requests.length;
    await read();
    return requests.length - before;
  };

  it("is one request for a job that runs on and was read just before by the job reader", async () => {
    const recordings = recordingsOf("2.3");
    const id = /\/jobs\/([0-9a-f]{32})/.exec(recordings.get("job")?.request ?? "")?.[1] ?? "";
    const restarts = {
      request: `GET /jobs/${id}/metrics?get=numRestarts,fullRestarts`,
      status: 200,
      reply: [{ id: "numRestarts", value: "0" }],
    };
    const exceptions = {
      request: `GET /jobs/${id}/exceptions?maxExceptions=20`,
      status: 200,
      reply: recordings.get("job-exceptions")?.reply,
    };
    const { jobs, readHealth, requests, pass } = await readerOf(
      new Map([...recordings, ["restarts", restarts], ["exceptions", exceptions]]),
    );
    await jobs.readJob(id);
    expect(await countOf(() => readHealth(id), requests)).toBe(2);
    pass(2_000);
    await jobs.readJob(id);
    expect(await countOf(() => readHealth(id), requests)).toBe(1);
    expect(requests.at(-1)).toContain("/metrics");
  });

  it("is three by itself, four where something happened, and exceptions are read again after half a minute", async () => {
    const moment = momentOf("2.3", "running");
    const { readHealth, requests, pass } = await readerOf(moment);
    const id = idIn(moment);
    expect(await countOf(() => readHealth(id), requests)).toBe(5);
    pass(2_000);
    expect(await countOf(() => readHealth(id), requests)).toBe(3);
    moment.set("-restarts", {
      ...(moment.get("-restarts") as Recording),
      reply: [{ id: "numRestarts", value: "1" }],
    });
    pass(2_000);
    expect(await countOf(() => readHealth(id), requests)).toBe(4);
    pass(30_000);
    expect(await countOf(() => readHealth(id), requests)).toBe(4);
  });

  it("does not keep what could not be read", async () => {
    const moment = momentOf("2.3", "missing-file");
    const whole = moment.get("-exceptions") as Recording;
    moment.set("-exceptions", { ...whole, status: 500, reply: { errors: ["no"] } });
    const { readHealth } = await readerOf(moment);
    expect((await readHealth(idIn(moment))).unread).toContain("exceptions");
    moment.set("-exceptions", whole);
    const again = await readHealth(idIn(moment));
    expect(again.unread).not.toContain("exceptions");
    expect(again.exceptions.length).toBeGreaterThan(0);
  });
});

describe("a cluster", () => {
  const withConfig = (version: string, extra: Readonly<Record<string, string>> = {}) => {
    const recordings = recordingsOf(version);
    const [config] = healthRecordingsOf(version, "cluster");
    if (config === undefined) throw new Error("no recording of the configuration");
    const pairs = config.reply as { key: string; value: string }[];
    const reply = [
      ...pairs.filter((p) => extra[p.key] === undefined),
      ...Object.entries(extra).map(([key, value]) => ({ key, value })),
    ];
    return new Map([...recordings, ["cluster-config", { ...config, reply }]]);
  };

  it.each(RECORDED_VERSIONS)(
    "of Flink %s is read with TaskManagers, directories and process",
    async (version) => {
      const cluster = await (await readerOf(withConfig(version))).readCluster();
      expect(cluster).toMatchObject({
        at: 1_000,
        flinkVersion: expect.stringContaining(version),
        highAvailability: "none",
        heartbeatTimeoutMs: 5_000,
        checkpointDirectory: expect.stringContaining("checkpoints"),
        savepointDirectory: expect.stringContaining("savepoints"),
        jobManagerStartedAt: null,
        jobManagerProcess: expect.stringContaining("flink-web-"),
        unread: [],
      });
      expect(cluster.taskManagers[0]).toMatchObject({ id: expect.any(String), slots: expect.any(Number) });
      expect(cluster.jars[0]?.name).toMatch(/\.jar$/);
    },
  );

  it.each([
    ["zookeeper", "zookeeper"],
    ["KUBERNETES", "kubernetes"],
    ["org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory", "kubernetes"],
    ["com.shop.OwnHaFactory", "other"],
    ["NONE", "none"],
  ])("with high-availability %s has mode %s, by the old key too", async (set, mode) => {
    for (const key of ["high-availability.type", "high-availability"]) {
      expect(
        (await (await readerOf(withConfig("1.20", { [key]: set }))).readCluster()).highAvailability,
      ).toBe(mode);
    }
  });

  it.each([
    ["50 s", 50_000],
    ["50000", 50_000],
    ["PT1M30S", 90_000],
    ["2 min", 120_000],
    ["1h", 3_600_000],
    ["soon", 50_000],
  ])("with heartbeat.timeout %s counts %i ms", async (set, ms) => {
    const cluster = await (await readerOf(withConfig("2.3", { "heartbeat.timeout": set }))).readCluster();
    expect(cluster.heartbeatTimeoutMs).toBe(ms);
  });

  it("whose configuration cannot be read has unknown high availability, not none", async () => {
    const recordings = recordingsOf("2.3");
    recordings.delete("cluster-config");
    const cluster = await (await readerOf(recordings)).readCluster();
    expect(cluster).toMatchObject({
      highAvailability: null,
      jobManagerProcess: null,
      unread: ["configuration"],
    });
  });

  it("whose TaskManagers cannot be listed is a failure, never an empty cluster", async () => {
    const recordings = withConfig("2.3");
    const found = recordings.get("taskmanagers") as Recording;
    recordings.set("taskmanagers", { ...found, status: 503, reply: { errors: ["ongoing leader election"] } });
    await expect((await readerOf(recordings)).readCluster()).rejects.toMatchObject({ code: "unavailable" });
  });
});
