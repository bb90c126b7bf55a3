import { describe, expect, it } from "vitest";
import { ABSENT, type JobReadout, NOT_A_NUMBER, reading, STALE } from "../../model/index.ts";
import { aGraph, anObservation } from "../../test/support/observations.ts";
import { flinkReadout, observedReadout, type Totals } from "./readings.ts";

const graph = aGraph("src>work");
const observed = (at: number, changes: Parameters<typeof anObservation>[3] = {}) =>
  anObservation(
    at,
    graph,
    {
      src: {
        readRecords: 500,
        outRate: 100,
        busyShare: 0.1,
        backPressuredShare: 0.2,
        pendingRecords: 7,
        sourcePartitions: 3,
      },
      work: { readRecords: 400, busyShare: 0.5, backPressuredShare: 0, hottestBusyShare: 0.6 },
    },
    changes,
  );

describe("observations in the policy's form", () => {
  it("are added up to counters", () => {
    let totals: Totals | null = null;
    let last = observedReadout(totals, observed(5_000));
    totals = last.totals;
    last = observedReadout(totals, observed(10_000));
    expect(last.readout.vertices["src"]).toMatchObject({
      recordsIn: 1_000,
      recordsOut: 1_000,
      busyMs: 1_000,
      backPressuredMs: 2_000,
      pending: 7,
      busyGauge: null,
    });
    expect(last.readout.vertices["work"]).toMatchObject({
      recordsIn: 800,
      busyMs: 5_000,
      busyGauge: { max: 600 },
    });
    expect(last.readout.topology.map((v) => v.partitions)).toEqual([3, 0]);
  });

  it("begin again with every attempt", () => {
    const first = observedReadout(null, observed(5_000));
    const next = observedReadout(first.totals, observed(10_000, { runningSince: 8_000 }));
    expect(next.readout.vertices["src"]?.recordsIn).toBe(500);
  });

  it("stay as they are while the counters are stale, and lose the busy time that Flink does not tell", () => {
    const { totals } = observedReadout(null, observed(5_000));
    const one = observed(10_000);
    const src = one.vertices["src"];
    if (src === undefined) throw new Error("no source");
    const stale = { ...src, taskMs: STALE, readRecords: STALE, busyShare: STALE, outRate: STALE };
    const kept = observedReadout(totals, { ...one, vertices: { ...one.vertices, src: stale } });
    expect(kept.readout.vertices["src"]).toMatchObject({ recordsIn: 500, busyMs: 500 });
    const mute = { ...src, taskMs: NOT_A_NUMBER, readRecords: ABSENT, busyShare: ABSENT, outRate: ABSENT };
    const lost = observedReadout(totals, { ...one, vertices: { ...one.vertices, src: mute } });
    expect(lost.readout.vertices["src"]).toMatchObject({ recordsIn: 500, busyMs: null });
  });
});

it("a readout gives its counters, the source's own reply before the job's, and nothing for what is missing", () => {
  const vertex = {
    readRecords: reading(90),
    writeRecords: reading(80),
    busyMs: reading(10),
    idleMs: ABSENT,
    backPressuredMs: ABSENT,
    pendingRecords: ABSENT,
    sourcePartitions: ABSENT,
    hottestBusyMsPerSecond: reading(300),
  };
  const readout: JobReadout = {
    flinkJobId: "f".repeat(32),
    name: "orders",
    state: "RUNNING",
    at: 1_000,
    runningSince: 0,
    adaptive: true,
    graph,
    vertices: { src: vertex, work: vertex },
    sources: {
      src: {
        consumedRecords: reading(100),
        pendingRecords: reading(5),
        busyMs: reading(20),
        idleMs: ABSENT,
        backPressuredMs: reading(1),
      },
    },
    slotsTotal: reading(8),
    slotsFree: reading(3),
    requirements: { src: 1, work: 1 },
    checkpoints: undefined,
    pressure: { gcShare: reading(0.2), heapShare: ABSENT, cpuLoad: ABSENT },
  };
  const got = flinkReadout(readout);
  expect(got.vertices["src"]).toMatchObject({ recordsIn: 100, pending: 5, busyMs: 20, backPressuredMs: 1 });
  expect(got.vertices["work"]).toMatchObject({
    recordsIn: 90,
    pending: null,
    backPressuredMs: null,
    busyGauge: { max: 300 },
  });
  expect(got).toMatchObject({ running: true, requirements: { src: 1, work: 1 } });
  expect(got.global).toMatchObject({ gcPressure: 0.2, slotsUsed: 5 });
  expect(got.global.heapRatio).toBeUndefined();
});
