import { describe, expect, it } from "vitest";
import { ABSENT, reading } from "../../model/index.ts";
import { checkpointReadoutOf, graphOf, vertexReadoutOf } from "./job-readings.ts";
import { type JobDetails, jobReply } from "./replies.ts";

type Metrics = JobDetails["vertices"][number]["metrics"];

const NUMBERS: Metrics = {
  "read-records": 100,
  "write-records": 90,
  "accumulated-busy-time": 30,
  "accumulated-idle-time": 60,
  "accumulated-backpressured-time": 10,
};

const readout = (metrics: Metrics) =>
  vertexReadoutOf(
    { id: "v", name: "v", maxParallelism: 128, parallelism: 2, status: "RUNNING", metrics },
    undefined,
    { isSource: false, countsSourceRecords: true, partitions: ABSENT, hottest: ABSENT },
  );

describe("the max parallelism of a vertex", () => {
  const seen = (maxParallelism: number, parallelism: number) => {
    const [vertex] = graphOf(
      jobReply.parse({
        jid: "j",
        name: "j",
        state: "RUNNING",
        "start-time": 0,
        now: 0,
        maxParallelism,
        timestamps: {},
        vertices: [{ id: "v", name: "v", maxParallelism, parallelism, status: "RUNNING" }],
      }),
    ).vertices;
    return vertex?.maxParallelism;
  };

  it.each([
    [1, 1],
    [720, 720],
    [32_768, 32_768],
  ])("is what Flink says: %d", (told, expected) => {
    expect(seen(told, 1)).toBe(expected);
  });

  // 1.5 × the parallelism to the next power of two, from 128 to 32,768.
  it.each([
    [-1, 4, 128],
    [0, 85, 128],
    [-1, 100, 256],
    [0, 200, 512],
    [-1, 30_000, 32_768],
    [0, 0, 128],
  ])(
    "that Flink gives as %d is what it takes by default for %d subtasks: %d",
    (told, parallelism, expected) => {
      expect(seen(told, parallelism)).toBe(expected);
    },
  );
});

describe("the counters of a vertex", () => {
  it("are readings when every subtask has reported", () => {
    const all = { ...NUMBERS, "read-records-complete": true, "write-records-complete": true };
    expect(readout(all)).toMatchObject({ readRecords: reading(100), busyMs: reading(30) });
  });

  it("are readings where Flink does not say whether they are complete", () => {
    expect(readout(NUMBERS)).toMatchObject({ readRecords: reading(100), writeRecords: reading(90) });
  });

  it.each([
    [
      "nothing is heard of its reads",
      { "read-records-complete": false },
      { readRecords: ABSENT, writeRecords: reading(90) },
    ],
    [
      "nothing is heard of its writes",
      { "write-records-complete": false },
      { readRecords: reading(100), writeRecords: ABSENT },
    ],
  ])("are absent, not partial sums, while %s", (_, flags, expected) => {
    expect(readout({ ...NUMBERS, ...flags })).toMatchObject({ ...expected, busyMs: ABSENT, idleMs: ABSENT });
  });
});

describe("the settings of checkpoints", () => {
  const counts = { restored: 0, total: 1, in_progress: 0, completed: 1, failed: 0 };
  const of = (interval: number) =>
    checkpointReadoutOf(
      { counts, latest: {}, history: [] },
      { mode: "exactly_once", interval, timeout: 600_000 },
    );

  it("are interval and timeout", () => {
    expect(of(60_000)).toMatchObject({ intervalMs: reading(60_000), timeoutMs: reading(600_000) });
  });

  it("have no interval where checkpoints are not periodic, and nothing where Flink did not tell", () => {
    expect(of(9_223_372_036_854_776_000)).toMatchObject({ intervalMs: ABSENT, timeoutMs: reading(600_000) });
    expect(checkpointReadoutOf({ counts, latest: {}, history: [] })).toMatchObject({
      intervalMs: ABSENT,
      timeoutMs: ABSENT,
    });
  });
});
