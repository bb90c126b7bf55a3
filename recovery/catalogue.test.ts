import { describe, expect, it } from "vitest";
import {
  ABSENT,
  type Candidate,
  type HealthReadout,
  type JobLife,
  type ListedSnapshot,
  type SnapshotOperator,
} from "../model/index.ts";
import { candidateAt, gatherCandidates, withReport } from "./catalogue.ts";
import { judgeCompatibility } from "./compatible.ts";
import { aContent, FakeStorage } from "./fake-storage.ts";
import { jobDirectoryOf, storageRootOf } from "./storage-root.ts";
import { verifySnapshot } from "./verify.ts";

const JOB = "a".repeat(32);
const OLD = "b".repeat(32);
const dir = (id: number, job = JOB): string => `s3://b/ckpt/${job}/chk-${id}`;

function listed(id: number, over: Partial<ListedSnapshot> = {}): ListedSnapshot {
  return {
    path: dir(id),
    checkpointId: id,
    kind: "checkpoint",
    format: null,
    triggeredAt: id * 1_000,
    completedAt: id * 1_000 + 50,
    stateBytes: 10,
    discarded: false,
    ...over,
  };
}

function health(over: Partial<HealthReadout>): HealthReadout {
  return {
    flinkJobId: JOB,
    name: "orders",
    at: 0,
    state: "RUNNING",
    enteredAt: {},
    restarts: ABSENT,
    tasksRunning: 1,
    tasksTotal: 1,
    exceptions: [],
    completed: ABSENT,
    failedCheckpoints: ABSENT,
    restoredFrom: null,
    snapshots: [],
    checkpointSettings: undefined,
    ...over,
  };
}

const life: JobLife = {
  flinkJobId: JOB,
  firstSeenAt: 0,
  lastSeenAt: 0,
  lastState: "RUNNING",
  checkpointSettings: null,
  maxParallelism: { "1": 128 },
  taskManagers: [],
  highAvailability: null,
  parallelism: { "1": 2 },
  checkpointDirectory: `s3://b/ckpt/${JOB}`,
};
const pathsOf = (candidates: readonly Candidate[]): readonly string[] => candidates.map((c) => c.path);

describe("candidates come from everybody who may know", () => {
  it("from Flink, with the time at which they were triggered", () => {
    const [only] = gatherCandidates({ health: health({ snapshots: [listed(7)] }) });
    expect(only).toMatchObject({
      path: dir(7),
      flinkJobId: JOB,
      checkpointId: 7,
      takenAt: 7_000,
      state: "unchecked",
      origin: "flink",
    });
  });

  it("from what Flink restored, which an earlier job wrote and which may be no savepoint", () => {
    const restoredFrom = listed(5, { path: dir(5, OLD), kind: "savepoint", triggeredAt: null });
    const [only] = gatherCandidates({ health: health({ restoredFrom }) });
    expect(only).toMatchObject({ flinkJobId: OLD, kind: "checkpoint", takenAt: null });
  });

  it("from directories, memory, HA metadata and a person, each path once however it is spelt", () => {
    const sources = {
      health: health({ snapshots: [listed(7, { path: `s3a://b//ckpt/${JOB}/chk-7` })] }),
      life,
      remembered: [{ ...candidateAt(dir(7), "flink", "kept"), state: "verified" as const, checkedAt: 9 }],
      found: [
        {
          path: dir(7),
          kind: "checkpoint" as const,
          checkpointId: 7,
          flinkJobId: JOB,
          hasMetadata: true,
          writtenAt: 8_000,
        },
        {
          path: dir(6),
          kind: "checkpoint" as const,
          checkpointId: 6,
          flinkJobId: JOB,
          hasMetadata: false,
          writtenAt: null,
        },
      ],
      haNewest: 8,
      person: `${dir(3)}/_metadata`,
    };
    const candidates = gatherCandidates(sources);
    expect(pathsOf(candidates).toSorted()).toEqual([dir(3), dir(7), dir(8)]);
    expect(candidates.find((c) => c.path === dir(7))).toMatchObject({
      state: "verified",
      checkedAt: 9,
      takenAt: 7_000,
      origin: "flink",
      sentence: "kept",
    });
  });

  it("without those that Flink deleted or never wrote to a place", () => {
    const snapshots = [
      listed(7, { discarded: true }),
      listed(6, { path: "<checkpoint-not-externally-addressable>" }),
    ];
    const remembered = [candidateAt(dir(7), "outrider", "kept")];
    expect(gatherCandidates({ health: health({ snapshots }), remembered })).toEqual([]);
    expect(pathsOf(gatherCandidates({ health: health({ snapshots }), person: dir(7) }))).toEqual([dir(7)]);
  });

  it("takes over what a verification found", async () => {
    const storage = new FakeStorage();
    const operator = anOperator({ id: "1" });
    storage.putSnapshot(dir(7), aContent({ operators: [operator] }), 4_000);
    const report = await verifySnapshot(storage, dir(7), { now: 9 });
    const candidate = withReport(candidateAt(dir(7, JOB), "directory", "found"), report, life);
    expect(candidate).toMatchObject({ state: "verified", checkedAt: 9, takenAt: 4_000, compatible: true });
  });
});

function anOperator(over: Partial<SnapshotOperator>): SnapshotOperator {
  return {
    id: "1",
    uid: null,
    name: null,
    parallelism: 2,
    maxParallelism: 128,
    bytes: 0,
    subtasks: 2,
    finished: false,
    ...over,
  };
}

describe("compatibility is said only where it is certain", () => {
  it.each<[string, string | null, SnapshotOperator[], boolean | null]>([
    ["the job wrote it itself", JOB, [anOperator({ id: "unheard of" })], true],
    ["every operator is a vertex with the same max parallelism", OLD, [anOperator({})], true],
    [
      "a vertex wants more subtasks than there are key groups",
      OLD,
      [anOperator({ maxParallelism: 1 })],
      false,
    ],
    ["the max parallelism differs, which may be derived", OLD, [anOperator({ maxParallelism: 64 })], null],
    ["an operator is no vertex, as inside a chain", OLD, [anOperator({}), anOperator({ id: "2" })], null],
    [
      "an operator that is no vertex had finished",
      OLD,
      [anOperator({}), anOperator({ id: "2", finished: true })],
      true,
    ],
    ["it has no state", OLD, [], null],
    ["nobody knows who wrote it", null, [anOperator({ id: "2" })], null],
  ])("%s", (_, flinkJobId, operators, expected) => {
    expect(judgeCompatibility({ flinkJobId, operators }, life)).toBe(expected);
  });
});

describe("what may be read of a target's own storage", () => {
  it.each([
    [`/data/ckpt/${JOB}/chk-7`, "file:/data/ckpt"],
    [`file:///data/ckpt/${JOB}/chk-7/_metadata`, "file:/data/ckpt"],
    [`/data/ckpt/${JOB}`, "file:/data/ckpt"],
    ["/data/ckpt/chk-7", "file:/data/ckpt"],
    ["/data/sp/savepoint-71b0ec-17821121e1fe", "file:/data/sp"],
    ["/data/ckpt", "file:/data/ckpt"],
    [`s3a://bucket/ckpt/${JOB}/chk-7`, "s3://bucket/"],
  ])("%s", (target, root) => {
    expect(storageRootOf(target)).toBe(root);
  });

  it("and where the checkpoints of one job lie", () => {
    expect(jobDirectoryOf(dir(7))).toBe(`s3://b/ckpt/${JOB}`);
    expect(jobDirectoryOf("s3://b/savepoint-71b0ec-17821121e1fe")).toBeUndefined();
  });
});
