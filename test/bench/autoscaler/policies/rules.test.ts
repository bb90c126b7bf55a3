import { describe, expect, it } from "vitest";
import { type CpuSince, msfParallelism } from "./aws-msf.ts";
import { type DataflowLean, type DataflowLook, dataflowWorkers } from "./dataflow.ts";

const MINUTE = 60_000;

/** Parallelism after so many minutes at one CPU share, a look each minute. */
function msf(cpu: number, minutes: number, start = 4): number[] {
  const seen: number[] = [];
  let [since, parallelism]: [CpuSince, number] = [{ high: null, low: null }, start];
  for (let m = 0; m <= minutes; m += 1) {
    ({ since, parallelism } = msfParallelism(
      since,
      parallelism,
      { configured: 3, max: 20 },
      cpu,
      m * MINUTE,
    ));
    seen.push(parallelism);
  }
  return seen;
}

describe("the rule of Amazon's managed service", () => {
  it("doubles after 15 minutes above 75 %, and counts anew after it", () => {
    const seen = msf(0.8, 31);
    expect([seen[14], seen[15], seen[30], seen[31]]).toEqual([4, 8, 8, 16]);
  });

  it("ends at the bound", () => {
    expect(msf(0.8, 120).at(-1)).toBe(20);
  });

  it("halves after 6 hours below 10 %, never below what was configured", () => {
    const seen = msf(0.05, 1_440);
    expect([seen[359], seen[360], seen.at(-1)]).toEqual([4, 3, 3]);
  });

  it("does nothing in between", () => {
    expect(new Set(msf(0.5, 1_440))).toEqual(new Set([4]));
  });

  it("begins to count anew when the CPU falls for one look", () => {
    const since = msfParallelism(
      { high: 0, low: null },
      4,
      { configured: 1, max: 20 },
      0.7,
      10 * MINUTE,
    ).since;
    expect(since).toEqual({ high: null, low: null });
  });
});

const look = (changes: Partial<DataflowLook>): DataflowLook => ({
  workers: 10,
  maxWorkers: 40,
  backlog: 0,
  arriving: 1_000,
  reading: 1_000,
  cpu: 0.75,
  ...changes,
});

/** What it makes of the same look at 0 and after so long. */
function dataflowAfter(changes: Partial<DataflowLook>, ms: number): number {
  const none: DataflowLean = { up: null, down: null };
  const { lean } = dataflowWorkers(none, look(changes), 0);
  return dataflowWorkers(lean, look(changes), ms).workers;
}

describe("the rule of Dataflow", () => {
  it("clears a backlog of two minutes' standing in 150 s", () => {
    // 2,000 records/s arrive, 1,000 are read by 10; 150,000 wait: (2,000 + 150,000 ÷ 150) ÷ 100 each.
    const backlogged = { backlog: 150_000, arriving: 2_000 };
    expect(dataflowAfter(backlogged, 119_000)).toBe(10);
    expect(dataflowAfter(backlogged, 120_000)).toBe(30);
  });

  it("lands at 75 % CPU when there is no backlog", () => {
    expect(dataflowAfter({ cpu: 0.3 }, 120_000)).toBe(4);
  });

  it.each([
    ["a backlog while the workers idle", { backlog: 150_000, cpu: 0.2 }],
    ["high CPU without a backlog", { cpu: 0.99 }],
    ["low CPU with a backlog of ten seconds", { backlog: 10_000, cpu: 0.1 }],
  ])("leaves %s alone", (_, changes) => {
    expect(dataflowAfter(changes, 600_000)).toBe(10);
  });

  it("keeps its bound", () => {
    expect(dataflowAfter({ backlog: 1e9 }, 120_000)).toBe(40);
  });
});
