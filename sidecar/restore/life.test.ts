import { describe, expect, it } from "vitest";
import { ABSENT, type ClusterReadout, type HealthReadout, reading } from "../../model/index.ts";
import { aGraph } from "../../test/support/observations.ts";
import { aLife, FAILED_AT, OLD_JOB } from "../../test/support/restore-records.ts";
import { type LifeLook, nextLife } from "./life.ts";

const NOW = FAILED_AT;
const aHealth = (changes: Partial<HealthReadout> = {}): HealthReadout => ({
  flinkJobId: OLD_JOB,
  name: "orders",
  at: NOW,
  state: "RUNNING",
  enteredAt: {},
  restarts: reading(0),
  tasksRunning: 2,
  tasksTotal: 2,
  exceptions: [],
  completed: ABSENT,
  failedCheckpoints: ABSENT,
  restoredFrom: null,
  snapshots: [],
  checkpointSettings: undefined,
  ...changes,
});
const aSnapshot = (path: string) => ({
  path,
  checkpointId: 7,
  kind: "checkpoint" as const,
  format: null,
  triggeredAt: NOW,
  completedAt: NOW,
  stateBytes: 1,
  discarded: false,
});
const aCluster = (...taskManagers: string[]): ClusterReadout => ({
  at: NOW,
  flinkVersion: "2.3.0",
  highAvailability: "none",
  heartbeatTimeoutMs: 50_000,
  taskManagers: taskManagers.map((id) => ({ id, slots: 1, freeSlots: 0, lastHeartbeatAt: null })),
  jars: [],
  checkpointDirectory: null,
  savepointDirectory: null,
  jobManagerStartedAt: null,
});
const look = (changes: Partial<LifeLook> = {}): LifeLook => ({
  flinkJobId: OLD_JOB,
  state: "RUNNING",
  health: aHealth(),
  cluster: aCluster("tm-1"),
  graph: undefined,
  ...changes,
});

describe("the TaskManagers that may hold a job's tasks", () => {
  const before = aLife({ taskManagers: ["tm-1", "tm-2"] });
  it.each<[string, LifeLook, readonly string[]]>([
    [
      "are the registered ones while every task runs",
      look({ cluster: aCluster("tm-2", "tm-3") }),
      ["tm-2", "tm-3"],
    ],
    [
      "never get fewer while not every task runs",
      look({ health: aHealth({ tasksRunning: 1 }), cluster: aCluster("tm-3") }),
      ["tm-1", "tm-2", "tm-3"],
    ],
    ["stay as they were when the cluster does not tell", look({ cluster: undefined }), ["tm-1", "tm-2"]],
    [
      "are those of its last hour once it has ended",
      look({ state: "FAILED", cluster: aCluster("tm-9") }),
      ["tm-1", "tm-2"],
    ],
  ])("%s", (_name, seen, expected) => {
    expect(nextLife(before, seen, NOW).taskManagers).toEqual(expected);
  });
});

describe("a life", () => {
  it("keeps what a look does not tell", () => {
    const before = nextLife(
      undefined,
      look({ health: aHealth({ snapshots: [aSnapshot("file:/c/j/chk-7")] }), graph: aGraph("a>b") }),
      NOW,
    );
    const after = nextLife(before, look({ state: "FAILED", health: undefined, cluster: undefined }), NOW + 5);
    expect(after).toEqual({ ...before, lastState: "FAILED", lastSeenAt: NOW + 5 });
    expect(after).toMatchObject({ checkpointDirectory: "file:/c/j", parallelism: { a: 1, b: 1 } });
  });

  it("of another Flink job id is a new one, which inherits the program and nothing of the state", () => {
    const before = aLife({
      parallelism: { a: 3 },
      checkpointDirectory: "file:/c/old",
      taskManagers: ["tm-1"],
    });
    const after = nextLife(before, look({ flinkJobId: "2".repeat(32), cluster: undefined }), NOW + 9);
    expect(after).toMatchObject({
      flinkJobId: "2".repeat(32),
      firstSeenAt: NOW + 9,
      parallelism: { a: 3 },
      checkpointDirectory: null,
      taskManagers: [],
    });
  });

  it("takes no directory from what is not a place", () => {
    const health = aHealth({ snapshots: [aSnapshot("<checkpoint-not-externally-addressable>")] });
    expect(nextLife(undefined, look({ health }), NOW).checkpointDirectory).toBeNull();
  });
});
