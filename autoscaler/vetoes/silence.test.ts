import { describe, expect, it } from "vitest";
import { aRescaleAgo } from "../../test/support/rescales.ts";
import { asked, bound, checkpoints, HOUR, seesaw, skewed, type Veto } from "../../test/support/vetoes.ts";
import * as vetoes from "./index.ts";

describe("no veto", () => {
  it.each<[string, Veto, Parameters<typeof asked>[1]]>([
    ["for the twin of a vertex that the outside bounds", vetoes.sinkBound, { work: { bound }, twin: 3 }],
    [
      "for giving back what a bound vertex does not need",
      vetoes.sinkBound,
      { work: { bound, parallelism: 3 }, to: 1 },
    ],
    [
      "for a bound vertex whose bound is enough for what arrives",
      vetoes.sinkBound,
      { work: { bound: { ...bound, rate: 451 } }, to: 2 },
    ],
    ["for a vertex without a bound", vetoes.sinkBound, { to: 3 }],
    [
      "for a skewed vertex that growth still helps",
      vetoes.skewBound,
      { work: { ...skewed, hottestShare: 0.4 }, to: 8 },
    ],
    ["for an even vertex", vetoes.skewBound, { work: { ...skewed, hottestShare: 0.26 }, to: 5 }],
    ["for a vertex whose subtasks nobody read", vetoes.skewBound, { work: { parallelism: 4 }, to: 5 }],
    [
      "for a skewed vertex beside one that grows with profit",
      vetoes.skewBound,
      { work: skewed, to: 5, twin: 2 },
    ],
    ["for a skewed vertex that keeps up", vetoes.skewBound, { work: skewed, utilization: 0.8 }],
    ["for a job that started twice", vetoes.restartLoop, { pressure: { foreignStarts: 2 }, to: 2 }],
    [
      "for a checkpoint that failed once",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointsFailing: 1 }, to: 2 },
    ],
    [
      "for long intervals that take their time",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointIntervalMs: HOUR, checkpointAgeMs: 2.9 * HOUR }, to: 2 },
    ],
    [
      "for a job without periodic checkpoints",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointIntervalMs: null, checkpointAgeMs: 5 * HOUR }, to: 2 },
    ],
    ["for checkpoints that nobody knows of", vetoes.checkpointUnhealthy, { to: 2 }],
    [
      "for growth that lets checkpoints complete again",
      vetoes.checkpointUnhealthy,
      {
        pressure: { ...checkpoints, checkpointsFailing: 4, checkpointAgeMs: 700_000 },
        work: { backPressuredShare: 0.6 },
        to: 2,
      },
    ],
    [
      "for failing checkpoints where nothing changes",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointsFailing: 4 } },
    ],
    [
      "for growth under memory pressure",
      vetoes.memoryPressure,
      { pressure: { gcShare: 0.9, heapShare: 0.99 }, to: 2 },
    ],
    [
      "for shrinking with memory to spare",
      vetoes.memoryPressure,
      { pressure: { gcShare: 0.3, heapShare: 0.95 }, work: { parallelism: 2 }, to: 1 },
    ],
    ["for memory that nobody knows of", vetoes.memoryPressure, { work: { parallelism: 2 }, to: 1 }],
    [
      "while one TaskManager has processor time left",
      vetoes.cpuStarved,
      { pressure: { cpuLoad: 1, cpuLoadLeast: 0.5 }, to: 3 },
    ],
    ["while only the busiest TaskManager is known", vetoes.cpuStarved, { pressure: { cpuLoad: 1 }, to: 3 }],
    [
      "for a vertex that waits and uses no processor",
      vetoes.cpuStarved,
      { pressure: { cpuLoad: 1, cpuLoadLeast: 1 }, work: { busyShare: 0.3 }, to: 3 },
    ],
    [
      "for shrinking on full processors",
      vetoes.cpuStarved,
      { pressure: { cpuLoad: 1, cpuLoadLeast: 1 }, work: { parallelism: 2 }, to: 1 },
    ],
    [
      "for shrinking with a backlog that is gone in seconds anyway",
      vetoes.catchingUp,
      { inputs: { backlog: 4_000 }, work: { parallelism: 2 }, to: 1 },
    ],
    [
      "for growth of a job that falls behind again",
      vetoes.catchingUp,
      { inputs: { backlog: 9_000, rescales: [aRescaleAgo(0.5, "up", 450)] }, to: 2 },
    ],
    [
      "for growth when the catch-up time is over",
      vetoes.catchingUp,
      { inputs: { backlog: 9_000, rescales: [aRescaleAgo(2, "up", 450)] }, utilization: 0.8, to: 2 },
    ],
    [
      "for another vertex than the one that is measured",
      vetoes.catchingUp,
      {
        inputs: { rescales: [aRescaleAgo(0.5, "up", 450, { effect: "unknown" })] },
        work: { parallelism: 2 },
        twin: 2,
      },
    ],
    [
      "for an effect that nobody could measure",
      vetoes.catchingUp,
      {
        inputs: { rescales: [aRescaleAgo(2, "up", 450, { effect: "unknown" })] },
        work: { parallelism: 2 },
        to: 3,
      },
    ],
    [
      "for an unknown backlog",
      vetoes.catchingUp,
      { inputs: { backlog: null }, work: { parallelism: 2 }, to: 1 },
    ],
    [
      "for a savepoint where nothing changes",
      vetoes.snapshotInProgress,
      { pressure: { snapshotInProgress: true } },
    ],
    [
      "for rescales that followed the load",
      vetoes.oscillationFrozen,
      {
        inputs: {
          rescales: [aRescaleAgo(40, "up", 450), aRescaleAgo(30, "down", 200), aRescaleAgo(20, "up", 450)],
        },
        work: { parallelism: 2 },
        to: 1,
      },
    ],
    [
      "an hour later",
      vetoes.oscillationFrozen,
      { inputs: { rescales: seesaw.map((r) => ({ ...r, at: r.at - HOUR })) }, to: 2, utilization: 0.9 },
    ],
    [
      "for slow turns",
      vetoes.oscillationFrozen,
      {
        inputs: {
          rescales: [aRescaleAgo(90, "up", 450), aRescaleAgo(30, "down", 450), aRescaleAgo(20, "up", 450)],
        },
        to: 2,
        utilization: 0.9,
      },
    ],
    [
      "for growth of a frozen job that falls behind",
      vetoes.oscillationFrozen,
      { inputs: { rescales: seesaw }, to: 2 },
    ],
    [
      "for a frozen job whose work does not follow the load",
      vetoes.oscillationFrozen,
      { inputs: { rescales: seesaw }, work: { parallelism: 2, spread: 0.4 }, to: 1 },
    ],
    [
      "for a frozen job whose load has moved",
      vetoes.oscillationFrozen,
      {
        inputs: { rescales: seesaw.map((r) => ({ ...r, consumedBefore: 250, consumedAfter: 250 })) },
        work: { parallelism: 2 },
        to: 1,
      },
    ],
    [
      "for a saving that pays",
      (i, p) =>
        vetoes.benefitBelowCost(i, p, {
          gainSlotMs: 3 * HOUR,
          costSlotMs: 2 * HOUR,
          slots: 1,
          horizonMs: HOUR,
        }),
      { work: { parallelism: 2 }, to: 1 },
    ],
    ["without a plan", (i, p) => vetoes.benefitBelowCost(i, p, null), { work: { parallelism: 2 }, to: 1 }],
  ])("%s", (_, veto, parts) => {
    const verdict = asked(veto, parts);
    expect([verdict.verdict, verdict.sentence]).toEqual(["pass", expect.stringMatching(/^\S.+[^.]$/)]);
  });
});
