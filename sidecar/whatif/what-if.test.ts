import { describe, expect, it } from "vitest";
import type { FittedJob } from "./fitted-job.ts";
import { whatIf } from "./what-if.ts";

const always = { mayGoOn: () => true };

/** One source and a worker of 200 records/s per subtask, of which there are 2, under 500 records/s. */
export function aFittedJob(changes: Partial<FittedJob> = {}): FittedJob {
  const of = { maxParallelism: 128, slotSharingGroup: "default", partitions: null, cap: null, share: 1 };
  return {
    job: "prod/default/orders",
    at: Date.UTC(2026, 10, 21, 12, 3),
    rate: 500,
    backlog: 1_000,
    vertices: [
      {
        ...of,
        id: "a".repeat(32),
        name: "gen",
        parallelism: 1,
        source: true,
        capacity: [
          [1, 5_000],
          [2, 10_000],
        ],
      },
      {
        ...of,
        id: "b".repeat(32),
        name: "work",
        parallelism: 2,
        source: false,
        capacity: [
          [1, 200],
          [16, 3_200],
        ],
      },
    ],
    edges: [{ from: "a".repeat(32), to: "b".repeat(32), ship: "REBALANCE", selectivity: 1, hotShare: 0 }],
    restartPauseMs: 4_000,
    checkpointIntervalMs: 10_000,
    slots: 16,
    lagObjectiveMs: 30_000,
    load: null,
    assumed: [],
    ...changes,
  };
}

const WORK = "b".repeat(32);

describe("a what-if", () => {
  it("shows the lag with more subtasks beside the lag without", async () => {
    const { courses, sentence } = await whatIf(
      aFittedJob(),
      { parallelism: { [WORK]: 4 }, minutes: 10 },
      always,
    );
    const [without, changed] = courses;
    // 100 records/s too many for 10 min on top of 1,000: 61,000 wait, which is 122 s of load.
    expect(without?.endLagSeconds).toBeCloseTo(122, 0);
    expect(without?.drainSeconds).toBeNull();
    expect(changed?.parallelism[WORK]).toBe(4);
    expect(changed?.drainSeconds).toBeLessThan(60);
    expect(changed?.downSeconds).toBeGreaterThanOrEqual(4);
    expect(sentence).toBe("");
  });
  it("about another load says what Outrider would do", async () => {
    const fitted = aFittedJob({ rate: 300, backlog: 0 });
    const { courses, sentence } = await whatIf(fitted, { loadFactor: 2, minutes: 20 }, always);
    expect(courses.map((c) => c.name)).toEqual(["without", "with", "outrider"]);
    expect(courses[2]?.parallelism[WORK]).toBeGreaterThanOrEqual(3);
    expect(courses[2]?.drainSeconds).not.toBeNull();
    expect(sentence).toBe("");
  });
});
