/** For tests: one source and a worker of 200 records/s per subtask, of which there are 2, under 500 records/s. */
import type { FittedJob } from "./fitted-job.ts";

export const GEN = "a".repeat(32);
export const WORK = "b".repeat(32);

export function aFittedJob(changes: Partial<FittedJob> = {}): FittedJob {
  const of = { maxParallelism: 128, slotSharingGroup: "default", partitions: null, cap: null, share: 1 };
  const gen: readonly (readonly [number, number])[] = [
    [1, 5_000],
    [2, 10_000],
  ];
  const work: readonly (readonly [number, number])[] = [
    [1, 200],
    [16, 3_200],
  ];
  return {
    job: "prod/default/orders",
    at: Date.UTC(2026, 10, 21, 12, 3),
    rate: 500,
    backlog: 1_000,
    vertices: [
      { ...of, id: GEN, name: "gen", parallelism: 1, source: true, capacity: gen },
      { ...of, id: WORK, name: "work", parallelism: 2, source: false, capacity: work },
    ],
    edges: [{ from: GEN, to: WORK, ship: "REBALANCE", selectivity: 1, hotShare: 0 }],
    restartPauseMs: 4_000,
    checkpointIntervalMs: 10_000,
    slots: 16,
    lagObjectiveMs: 30_000,
    load: null,
    assumed: [],
    ...changes,
  };
}
