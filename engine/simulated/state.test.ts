import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { COUNT, GEN, JOB } from "../../test/support/simulated-flink.ts";
import { type StatefulFlink, type StatefulParts, statefulFlink } from "../../test/support/simulated-state.ts";
import { readMetadata } from "../snapshot/index.ts";
import type { JobProgress } from "./progress.ts";
import type { Trouble } from "./world.ts";

const open: StatefulFlink[] = [];
afterEach(() => {
  for (const flink of open.splice(0)) flink.delete();
});

function started(parts: StatefulParts = {}): StatefulFlink {
  const flink = statefulFlink(parts);
  open.push(flink);
  return flink;
}

const now = (flink: StatefulFlink, trouble: Record<string, unknown>): void =>
  flink.cluster.applyTrouble({ atMs: 0, ...trouble } as Trouble);
/** What a job of a test has that others do not. */
interface Odd {
  readonly checkpoints?: object;
  readonly window?: boolean;
  readonly cluster?: { readonly flinkVersion: string };
}

const DIES = {
  kind: "job-exception",
  job: "orders",
  vertex: "work",
  exception: "java.lang.IllegalStateException",
  message: "a bad record",
  terminal: true,
};

/** Files that a checkpoint needs, with the bytes that must be there. */
function needed(folder: string): readonly { readonly path: string; readonly bytes: number }[] {
  const reading = readMetadata(readFileSync(join(folder, "_metadata")));
  if (!reading.ok) throw new TypeError(reading.defect.sentence);
  return reading.content.references.map((r) => ({
    path: r.relative ? join(folder, r.path) : r.path.replace(/^file:/, ""),
    bytes: r.needed,
  }));
}

function only(flink: StatefulFlink): JobProgress {
  const [job, ...others] = flink.cluster.progress();
  if (job === undefined || others.length > 0) throw new TypeError("expected one job");
  return job;
}

/** Everything that the source has read was counted once, or is between the vertices. */
function expectExact(job: JobProgress | undefined): void {
  const read = job?.sources[GEN]?.position ?? Number.NaN;
  expect((job?.processed[COUNT] ?? Number.NaN) + (job?.inFlight ?? Number.NaN)).toBeCloseTo(read, 3);
}

describe("checkpoints on disk", () => {
  it("nothing is written for a world without a directory", () => {
    const flink = started({ cluster: { storage: undefined } });
    flink.at(30);
    expect(existsSync(flink.checkpoints)).toBe(false);
    expect(flink.cluster.keeper).toBeUndefined();
  });

  it.each([
    ["1.20.5", 4],
    ["2.3.0", 6],
  ])("are what Flink %s writes, version %d, as long as the world says", (flinkVersion, version) => {
    const flink = started({ cluster: { flinkVersion }, parallelism: 3 });
    flink.at(22);
    const [newest = ""] = flink.chks(JOB);
    const reading = readMetadata(readFileSync(join(newest, "_metadata")));
    expect(reading).toMatchObject({ ok: true, content: { version, kind: "checkpoint" } });
    if (!reading.ok) return;
    const count = reading.content.operators.find((o) => o.id === COUNT);
    expect(count).toMatchObject({ parallelism: 3, maxParallelism: 128, subtasks: 3 });
    expect(needed(newest).reduce((sum, file) => sum + file.bytes, 0)).toBe(100_000);
    for (const { path, bytes } of needed(newest)) expect(statSync(path).size).toBe(bytes);
  });

  it("a state of 1 GiB has its true length and takes no room", () => {
    const flink = started();
    const [vertex] = flink.cluster.jobs[0]?.plan.vertices.filter((v) => v.id === COUNT) ?? [];
    Object.assign(vertex ?? {}, { stateBytes: 2 ** 30 });
    flink.at(40);
    const [file] = needed(flink.chks(JOB)[0] ?? "");
    expect(file?.bytes).toBe(2 ** 30);
    expect(statSync(file?.path ?? "")).toMatchObject({ size: 2 ** 30, blocks: 0 });
  });

  it.each([false, true])(
    "all references of all retained ones are there, at any time (incremental: %s)",
    (incremental) => {
      const flink = started({ kept: { incremental }, parallelism: 2, trouble: [] });
      let seen = 0;
      for (let second = 1; second <= 120; second++) {
        flink.at(second);
        if (second === 60) now(flink, { ...DIES, terminal: false });
        const complete = existsSync(join(flink.checkpoints, JOB)) ? flink.chks(JOB) : [];
        for (const folder of complete) {
          seen += 1;
          for (const { path, bytes } of needed(folder)) expect(statSync(path).size).toBe(bytes);
        }
      }
      expect(seen).toBeGreaterThan(100);
      const union = new Set(flink.chks(JOB).flatMap((f) => needed(f).map((r) => r.path)));
      const shared = readdirSync(join(flink.checkpoints, JOB, "shared"));
      expect(flink.chks(JOB)).toHaveLength(3);
      // What no retained checkpoint needs is gone.
      expect(shared.filter((name) => !union.has(join(flink.checkpoints, JOB, "shared", name)))).toEqual([]);
      expect(shared.length > 0).toBe(incremental);
    },
  );

  it("REST tells where they lie, and which are gone", () => {
    const flink = started();
    flink.at(40);
    type Listed = { history: { external_path: string; discarded: boolean }[] };
    const { history } = flink.get<Listed>(`/jobs/${JOB}/checkpoints`);
    const there = history
      .filter((c) => c.discarded === false)
      .map((c) => c.external_path.replace(/^file:/, ""));
    expect(there).toEqual(flink.chks(JOB));
    expect(history.filter((c) => c.discarded).length).toBeGreaterThan(2);
  });

  it.each([
    ["retain", "cancel", 3],
    ["retain", "fail", 3],
    ["delete-on-cancel", "cancel", 0],
    ["delete-on-cancel", "fail", 3],
    ["none", "cancel", 0],
    ["none", "fail", 0],
    ["retain", "stop", 0],
  ] as const)("with %s, after %s, %d are left", (retention, end, left) => {
    const flink = started({ kept: { retention } });
    flink.at(32);
    if (end === "fail") now(flink, DIES);
    if (end === "cancel") flink.ask(`PATCH /jobs/${JOB}?mode=cancel`);
    if (end === "stop") flink.ask(`POST /jobs/${JOB}/stop`, "{}");
    flink.at(34);
    expect(flink.chks(JOB)).toHaveLength(left);
  });
});

describe("a job that is run from a snapshot", () => {
  it.each([0, 1, 2])("goes on exactly where retained checkpoint %d was", (index) => {
    const flink = started({ kept: { incremental: true }, parallelism: 2 });
    flink.at(62.3);
    now(flink, DIES);
    const from = flink.chks(JOB)[index] ?? "";
    const id = flink.run({ jobId: "2".repeat(32), savepointPath: `file:${from}`, claimMode: "NO_CLAIM" });
    flink.at(63);
    const before = flink.cluster.progress()[0]?.processed[COUNT] ?? 0;
    flink.at(90);
    const job = flink.cluster.progress().at(-1);
    expect(job).toMatchObject({ id, state: "RUNNING" });
    expect(job?.processed[COUNT]).toBeGreaterThan(before);
    expectExact(job);
    // It has caught up: nothing that came is missing.
    expect(job?.sources[GEN]?.position).toBeCloseTo(job?.sources[GEN]?.arrived ?? 0, 0);
    expect(flink.cluster.mostLiveCopies("orders")).toBe(1);
    // The snapshot it came from belongs to nobody now, and stays; the new job's own checkpoints need nothing of it.
    expect(existsSync(from)).toBe(true);
    const [newest = ""] = flink.chks(String(id));
    expect(needed(newest).filter(({ path }) => path.includes(JOB))).toEqual([]);
    expect(Number(newest.split("-").at(-1))).toBeGreaterThan(Number(from.split("-").at(-1)));
  });

  it.each([
    ["with more subtasks", {}, { parallelism: 4 }],
    ["with what an unaligned barrier overtook", { checkpoints: { unaligned: true } }, {}],
    ["with an open window", { window: true }, {}],
    ["on Flink 1.20", { cluster: { flinkVersion: "1.20.5" } }, {}],
  ])("goes on exactly %s", (_, { checkpoints, window, cluster }: Odd, body) => {
    const flink = started({
      kept: { incremental: true },
      rate: 520,
      parallelism: 1,
      ...(cluster === undefined ? {} : { cluster }),
    });
    // 500 records/s are what `work` can do: queues are full, and a barrier has much to overtake.
    const [job] = flink.cluster.jobs;
    Object.assign(job?.plan.checkpoints ?? {}, checkpoints);
    const vertex = job?.plan.vertices.find((v) => v.id === COUNT);
    if (window === true) Object.assign(vertex ?? {}, { window: { sizeMs: 7_000 } });
    flink.at(58.4);
    expectExact(only(flink));
    now(flink, DIES);
    const from = flink.chks(JOB)[1] ?? "";
    const id = flink.run({ ...body, jobId: "2".repeat(32), savepointPath: from });
    for (const second of [59, 61, 70, 90]) {
      flink.at(second);
      expectExact(flink.cluster.progress().at(-1));
    }
    expect(flink.get(`/jobs/${id}/status`)).toEqual({ status: "RUNNING" });
    expect(flink.cluster.progress().at(-1)?.processed[COUNT]).toBeGreaterThan(500 * 55);
  });

  it("fails where the store is down, and starts once it is back", () => {
    const flink = started();
    flink.at(32);
    now(flink, DIES);
    now(flink, { kind: "storage-down", forMs: 10_000 });
    const [from] = flink.chks(JOB);
    const early = flink.run({ jobId: "2".repeat(32), savepointPath: from });
    flink.at(43);
    const late = flink.run({ jobId: "3".repeat(32), savepointPath: from });
    flink.at(50);
    expect(flink.get(`/jobs/${early}/status`)).toEqual({ status: "FAILED" });
    expect(JSON.stringify(flink.get(`/jobs/${early}/exceptions`))).toContain("java.net.ConnectException");
    expect(flink.get(`/jobs/${late}/status`)).toEqual({ status: "RUNNING" });
  });

  it("with CLAIM owns it, and deletes it once it is subsumed", () => {
    const flink = started({ kept: { retained: 1 } });
    flink.at(22);
    now(flink, DIES);
    const [from = ""] = flink.chks(JOB);
    flink.run({ jobId: "2".repeat(32), savepointPath: from, claimMode: "CLAIM" });
    flink.at(40);
    expect(existsSync(from)).toBe(false);
  });

  it("without a snapshot counts everything again", () => {
    const flink = started();
    flink.at(30);
    now(flink, DIES);
    flink.run({ jobId: "2".repeat(32) });
    flink.at(31);
    expect(flink.cluster.progress().at(-1)?.processed[COUNT]).toBeLessThan(500);
  });

  it("is refused under an id that this JobManager has had", () => {
    const flink = started();
    flink.at(30);
    now(flink, DIES);
    expect(flink.run({ jobId: JOB })).toContain(
      "DuplicateJobSubmissionException: Job has already been submitted.",
    );
    expect(flink.cluster.submissions.size).toBe(0);
  });

  it.each([
    ["metadata-cut", "java.io.EOFException"],
    ["metadata-missing", "Cannot find meta data file '_metadata' in directory"],
    ["file-missing", "(No such file or directory)"],
    ["file-short", "Caused by: java.io.EOFException"],
    ["shared-file-missing", "(No such file or directory)"],
  ])("fails where the snapshot is damaged: %s", (damage, words) => {
    const strategy = { kind: "fixed-delay", attempts: 2, delayMs: 1_000 } as const;
    const flink = started({
      kept: { incremental: true },
      job: {
        restart: { baseMs: 200, startMs: 0, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1, strategy },
      },
    });
    flink.at(42);
    now(flink, DIES);
    const [from = "", older = ""] = flink.chks(JOB);
    now(flink, { kind: "snapshot-damaged", job: "orders", damage });
    const id = flink.run({ jobId: "2".repeat(32), savepointPath: from });
    flink.at(50);
    expect(flink.get(`/jobs/${id}/status`)).toEqual({ status: "FAILED" });
    expect(JSON.stringify(flink.get(`/jobs/${id}/exceptions`))).toContain(words);
    // Another one is whole.
    const next = flink.run({ jobId: "3".repeat(32), savepointPath: older });
    flink.at(60);
    expect(flink.get(`/jobs/${next}/status`)).toEqual({ status: "RUNNING" });
    expectExact(flink.cluster.progress().at(-1));
  });

  it("fails where state maps to no vertex, unless that is allowed", () => {
    const flink = started();
    flink.at(22);
    now(flink, DIES);
    const [from = ""] = flink.chks(JOB);
    const plan = flink.world.jobs[0];
    const renamed = plan?.vertices.map((v) => (v.id === COUNT ? { ...v, id: "d".repeat(32) } : v));
    const edges = plan?.edges.map((e) => ({
      ...e,
      from: e.from === COUNT ? "d".repeat(32) : e.from,
      to: e.to === COUNT ? "d".repeat(32) : e.to,
    }));
    Object.assign(plan ?? {}, { vertices: renamed, edges });
    const strict = flink.run({ jobId: "2".repeat(32), savepointPath: from });
    const lax = flink.run({ jobId: "3".repeat(32), savepointPath: from, allowNonRestoredState: true });
    flink.at(30);
    expect(JSON.stringify(flink.get(`/jobs/${strict}/exceptions`))).toContain(
      `Cannot map checkpoint/savepoint state for operator ${COUNT} to the new program`,
    );
    expect(flink.get(`/jobs/${lax}/status`)).toEqual({ status: "RUNNING" });
  });
});

describe("savepoints", () => {
  interface Status {
    readonly status: { readonly id: string };
    readonly operation: {
      readonly location?: string;
      readonly "failure-cause"?: { readonly "stack-trace": string };
    };
  }
  const TRIGGER = "e".repeat(32);
  const asked = (flink: StatefulFlink, path: string, body: object): Status => {
    const reply = flink.ask(`POST /jobs/${JOB}/${path}`, JSON.stringify({ triggerId: TRIGGER, ...body }));
    expect(reply).toEqual({ status: 202, body: { "request-id": TRIGGER } });
    flink.cluster.advanceTo(flink.cluster.now() + 3_000);
    return flink.get<Status>(`/jobs/${JOB}/savepoints/${TRIGGER}`);
  };

  it("are written where they are asked for, and a job begins with one", () => {
    const flink = started({ kept: { incremental: true } });
    flink.at(33);
    const target = `file:${flink.savepoints}/mine`;
    const { operation } = asked(flink, "savepoints", { "target-directory": target, formatType: "CANONICAL" });
    expect(operation.location).toMatch(new RegExp(`^${target}/savepoint-111111-[0-9a-f]{12}$`));
    const folder = operation.location?.replace(/^file:/, "") ?? "";
    expect(needed(folder).every(({ path }) => path.startsWith(folder))).toBe(true);
    expect(only(flink).state).toBe("RUNNING");
    now(flink, DIES);
    const id = flink.run({ jobId: "2".repeat(32), savepointPath: operation.location });
    flink.at(60);
    expect(flink.get(`/jobs/${id}/status`)).toEqual({ status: "RUNNING" });
    expectExact(flink.cluster.progress().at(-1));
    flink.ask("POST /savepoint-disposal", JSON.stringify({ "savepoint-path": operation.location }));
    expect(existsSync(folder)).toBe(false);
  });

  it("stop the job once they are complete", () => {
    const flink = started();
    flink.at(33);
    const { operation } = asked(flink, "stop", { drain: false });
    expect(operation.location).toContain("/savepoint-111111-");
    expect(flink.get(`/jobs/${JOB}/status`)).toEqual({ status: "FINISHED" });
  });

  it("are asked for twice and taken once", () => {
    const flink = started();
    flink.at(33);
    asked(flink, "savepoints", {});
    asked(flink, "savepoints", {});
    expect(readdirSync(flink.savepoints)).toHaveLength(1);
  });

  it("fail in Flink's words where the directory cannot be", () => {
    const flink = started();
    flink.at(33);
    const { status, operation } = asked(flink, "savepoints", { "target-directory": "file:/proc/nope" });
    expect(status.id).toBe("COMPLETED");
    expect(operation["failure-cause"]?.["stack-trace"]).toContain("CheckpointException");
  });
});

describe("faults", () => {
  it("a poison record fails every attempt that passes it, and nothing after it is ever counted", () => {
    const strategy = { kind: "fixed-delay", attempts: 3, delayMs: 500 } as const;
    const flink = started({
      job: {
        restart: { baseMs: 200, startMs: 0, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1, strategy },
      },
    });
    now(flink, { ...DIES, kind: "poison-record", source: "gen", position: 5_000 });
    flink.at(40);
    expect(only(flink)).toMatchObject({ state: "FAILED" });
    const id = flink.run({ jobId: "2".repeat(32), savepointPath: flink.chks(JOB)[0] });
    flink.at(60);
    expect(flink.get(`/jobs/${id}/status`)).toEqual({ status: "FAILED" });
    const { exceptionHistory } = flink.get<{ exceptionHistory: { entries: { stacktrace: string }[] } }>(
      `/jobs/${id}/exceptions`,
    );
    expect(exceptionHistory.entries).toHaveLength(4);
    expect(exceptionHistory.entries[0]?.stacktrace).toContain("at com.example.orders.Work.map(Work.java:67)");
  });

  it("a restart loop ends when it is over", () => {
    const flink = started();
    now(flink, { ...DIES, kind: "restart-loop", everyMs: 3_000, forMs: 60_000 });
    flink.at(60);
    expect(flink.cluster.jobs[0]?.restarts).toBeGreaterThan(5);
    flink.at(180);
    const restarts = flink.cluster.jobs[0]?.restarts;
    flink.at(240);
    expect(flink.cluster.jobs[0]?.restarts).toBe(restarts);
    expectExact(only(flink));
  });

  it("while the store is down checkpoints fail, and afterwards they go on", () => {
    const flink = started();
    flink.at(22);
    const before = flink.chks(JOB);
    now(flink, { kind: "storage-down", forMs: 30_000 });
    flink.at(50);
    expect(flink.chks(JOB)).toEqual(before);
    expect(flink.cluster.keeper?.isDown).toBe(true);
    flink.at(80);
    expect(flink.cluster.keeper?.isDown).toBe(false);
    expect(flink.chks(JOB)).toHaveLength(3);
    expect(flink.chks(JOB)[0]).not.toBe(before[0]);
  });

  it("a JobManager lost without high availability: nothing is known, old tasks work on until they notice", () => {
    const flink = started({ cluster: { heartbeatTimeoutMs: 20_000 } });
    flink.at(33);
    const jar = flink.upload("orders.jar");
    expect(flink.get("/jars")).toMatchObject({ files: [{ id: jar, name: "orders.jar" }] });
    now(flink, { kind: "job-manager-lost", backAfterMs: 6_000 });
    flink.at(34);
    expect(flink.ask("GET /jobs/overview").status).toBe(503);
    flink.at(40);
    expect(flink.get("/jobs/overview")).toEqual({ jobs: [] });
    expect(flink.get("/jars")).toMatchObject({ files: [] });
    expect(flink.get("/taskmanagers")).toEqual({ taskmanagers: [] });
    expect(flink.cluster.progress()).toMatchObject([{ orphaned: true, working: true }]);
    // A job that is run now waits for slots, and so is no second copy.
    const id = flink.run({ jobId: "2".repeat(32), savepointPath: flink.chks(JOB)[0] });
    flink.at(52);
    expect(flink.get(`/jobs/${id}/status`)).toEqual({ status: "CREATED" });
    flink.at(60);
    expect(flink.get(`/jobs/${id}/status`)).toEqual({ status: "RUNNING" });
    expect(flink.cluster.mostLiveCopies("orders")).toBe(1);
    expectExact(only(flink));
  });

  it("on a fresh TaskManager a second copy runs beside the orphan", () => {
    const flink = started();
    flink.at(33);
    now(flink, { kind: "job-manager-lost", backAfterMs: 1_000 });
    flink.at(35);
    flink.cluster.addTaskManager();
    flink.run({ savepointPath: flink.chks(JOB)[0] });
    flink.at(40);
    expect(flink.cluster.liveCopies("orders")).toBe(2);
    flink.at(120);
    expect(flink.cluster.liveCopies("orders")).toBe(1);
    expect(flink.cluster.mostLiveCopies("orders")).toBe(2);
  });

  it("a JobManager lost with high availability: the same job comes back by itself", () => {
    const flink = started({ cluster: { highAvailability: "zookeeper" } });
    flink.at(33);
    now(flink, { kind: "job-manager-lost", backAfterMs: 6_000 });
    flink.at(34);
    expect(flink.ask("GET /jobs/overview").status).toBe(503);
    flink.at(60);
    expect(flink.get(`/jobs/${JOB}/status`)).toEqual({ status: "RUNNING" });
    expect(flink.cluster.mostLiveCopies("orders")).toBe(1);
    expectExact(only(flink));
    expect(flink.chks(JOB)).toHaveLength(3);
  });
});

it("the same world and the same requests give the same run, to the names of the files", () => {
  const walk = (): unknown => {
    const flink = started({ kept: { incremental: true } });
    flink.at(31);
    now(flink, DIES);
    const id = flink.run({ savepointPath: flink.chks(JOB)[1] });
    flink.at(50);
    const names = readdirSync(flink.checkpoints, { recursive: true }).sort();
    return { id, names, progress: flink.cluster.progress() };
  };
  expect(walk()).toEqual(walk());
});
