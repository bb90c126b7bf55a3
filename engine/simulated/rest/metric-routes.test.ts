import { describe, expect, it } from "vitest";
import { GEN, JOB, simulatedFlink, WORK } from "../../../test/support/simulated-flink.ts";

const UNKNOWN = "0".repeat(32);

describe("metrics", () => {
  const path = `/jobs/${JOB}/vertices/${WORK}/subtasks/metrics`;
  const warm = () => {
    const flink = simulatedFlink({ parallelism: 2 });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask("GET /jobmanager/metrics");
    }
    return flink;
  };

  it.each([
    [`${path}?get=numRecordsIn,nope`, []],
    [`/jobs/${JOB}/vertices/${UNKNOWN}/subtasks/metrics?get=numRecordsIn`, []],
    [
      `/jobs/${JOB}/vertices/${WORK}/metrics?get=0.numRecordsIn,7.numRecordsIn,0.nope`,
      [{ id: "0.numRecordsIn", value: expect.stringMatching(/^12[45]\d\d$/) }],
    ],
    [
      `${path}?get=numRecordsIn&agg=min,sum`,
      [{ id: "numRecordsIn", min: expect.closeTo(12_500, -1), sum: expect.closeTo(25_000, -1) }],
    ],
    [`/jobs/${JOB}/metrics?get=numRestarts,nope`, [{ id: "numRestarts", value: "0" }]],
    [
      "/jobmanager/metrics?get=taskSlotsTotal,taskSlotsAvailable",
      [
        { id: "taskSlotsTotal", value: "32" },
        { id: "taskSlotsAvailable", value: "30" },
      ],
    ],
    [`/jobs/${JOB}/vertices/${GEN}/watermarks`, []],
    [`/jobs/${JOB}/vertices/${UNKNOWN}/backpressure`, { status: "deprecated" }],
  ])("GET %s", (asked, expected) => {
    expect(warm().ask(`GET ${asked}`)).toEqual({ status: 200, body: expected });
  });

  it.each([
    ["1.20.5", 0],
    ["2.3.0", 25_000],
  ])("on %s the task of a source has read %d records", (flinkVersion, read) => {
    const flink = simulatedFlink({ cluster: { flinkVersion } });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask(`GET /jobs/${JOB}`);
    }
    const { vertices } = flink.ask(`GET /jobs/${JOB}`).body as {
      vertices: { metrics: Record<string, unknown> }[];
    };
    expect(vertices[0]?.metrics).toMatchObject({
      "read-records": expect.closeTo(read, -1),
      "write-records": expect.closeTo(25_000, -1),
    });
  });

  it("a source that does not report pending records has no such name", () => {
    const flink = simulatedFlink({ reportsPending: false });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask(`GET /jobs/${JOB}`);
    }
    const names = JSON.stringify(flink.ask(`GET /jobs/${JOB}/vertices/${GEN}/subtasks/metrics`).body);
    expect(names).toContain("Source__gen.numRecordsIn");
    expect(names).not.toContain("pendingRecords");
  });
});
