import { describe, expect, it } from "vitest";
import { aRescaleAgo } from "../../test/support/rescales.ts";
import { aVertex } from "../../test/support/scale-inputs.ts";
import { asked, bound, checkpoints, HOUR, seesaw, skewed, type Veto } from "../../test/support/vetoes.ts";
import * as vetoes from "./index.ts";

describe("a veto", () => {
  it.each<[string, Veto, Parameters<typeof asked>[1], RegExp]>([
    [
      "sink-bound names the vertex, its rate and what to do",
      vetoes.sinkBound,
      { work: { bound }, to: 2 },
      /^vertex work takes 300 records\/s however many subtasks it has \(measured 12 min ago\), 450 arrive; more than 1 subtasks bring nothing: raise the limit/,
    ],
    [
      "sink-bound also says why a job that falls behind is left as it is",
      vetoes.sinkBound,
      { work: { bound } },
      /^vertex work takes 300/,
    ],
    [
      "skew-bound names vertex and subtask, and what more would bring",
      vetoes.skewBound,
      { work: skewed, to: 5 },
      /^subtask 3 of vertex work reads 70 % of its records, about 60 % stick to it; 4 → 5 subtasks would bring 3 % more: spread the hot key/,
    ],
    [
      "skew-bound also says why a job that falls behind is left as it is",
      vetoes.skewBound,
      { work: { ...skewed, hottestShare: 0.9 } },
      /^subtask 3 of vertex work reads 90 %.* 4 → 8 subtasks would bring 2 %/,
    ],
    [
      "restart-loop counts the starts",
      vetoes.restartLoop,
      { pressure: { foreignStarts: 4 }, to: 2 },
      /^the job started 4 times within 10 min without us and a rescale would be one restart more: mend/,
    ],
    [
      "restart-loop holds also where nothing is proposed",
      vetoes.restartLoop,
      { pressure: { foreignStarts: 3 } },
      /its numbers say little/,
    ],
    [
      "checkpoint-unhealthy: they fail in a row",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointsFailing: 3 }, to: 2 },
      /^3 checkpoints in a row failed, the newest is 9 s old; a rescale would go back to it: see why/,
    ],
    [
      "checkpoint-unhealthy: the newest is old",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointAgeMs: 700_000 }, to: 2 },
      /^no checkpoint has completed for 11 min 40 s; a rescale/,
    ],
    [
      "checkpoint-unhealthy: too old even for a job that is held back",
      vetoes.checkpointUnhealthy,
      { pressure: { ...checkpoints, checkpointAgeMs: 2 * HOUR }, work: { backPressuredShare: 0.9 }, to: 2 },
      /2 h/,
    ],
    [
      "checkpoint-unhealthy: also before shrinking, held back or not",
      vetoes.checkpointUnhealthy,
      {
        pressure: { ...checkpoints, checkpointsFailing: 2 },
        work: { parallelism: 2, backPressuredShare: 0.9 },
        to: 1,
      },
      /^2 checkpoints in a row failed/,
    ],
    [
      "memory-pressure: garbage collection",
      vetoes.memoryPressure,
      { pressure: { gcShare: 0.42 }, work: { parallelism: 2 }, to: 1 },
      /^a TaskManager spends 42 % of its time in garbage collection; fewer subtasks would hold the same state in less memory/,
    ],
    [
      "memory-pressure: a full heap",
      vetoes.memoryPressure,
      { pressure: { heapShare: 0.97, gcShare: 0.1 }, work: { parallelism: 2 }, to: 1 },
      /^a TaskManager keeps 97 % of its heap in use;/,
    ],
    [
      "memory-pressure: something is taken away although something else grows",
      vetoes.memoryPressure,
      { pressure: { heapShare: 0.97 }, work: { parallelism: 2 }, to: 1, twin: 2 },
      /97 %/,
    ],
    [
      "cpu-starved: no TaskManager has any left",
      vetoes.cpuStarved,
      { pressure: { cpuLoad: 1, cpuLoadLeast: 0.96 }, to: 3 },
      /^vertex work is 100 % busy, but every TaskManager uses 96 % of its processors or more; 1 → 3 subtasks would share the same ones: add/,
    ],
    [
      "catching-up: nothing is taken away while records wait",
      vetoes.catchingUp,
      { inputs: { backlog: 9_000 }, work: { parallelism: 2 }, to: 1 },
      /^9,000 records still wait; what drains them is not taken away/,
    ],
    [
      "catching-up: also while nothing arrives any more",
      vetoes.catchingUp,
      {
        inputs: { backlog: 11_000, vertices: { src: aVertex({ source: true, arrivalRate: 0 }) } },
        work: { parallelism: 2 },
        to: 1,
      },
      /^11,000 records still wait/,
    ],
    [
      "catching-up: a growth that is enough gets its time",
      vetoes.catchingUp,
      { inputs: { backlog: 9_000, rescales: [aRescaleAgo(0.5, "up", 450)] }, utilization: 0.8, to: 2 },
      /^9,000 records wait, and the rescale of 30 s ago is enough for what arrives; it gets 1 min to drain them/,
    ],
    [
      "catching-up: a growth is measured before the same vertex grows again",
      vetoes.catchingUp,
      {
        inputs: { backlog: 0, rescales: [aRescaleAgo(0.5, "up", 450, { effect: "unknown" })] },
        work: { parallelism: 2 },
        to: 3,
      },
      /^vertex work got 1 → 2 subtasks 30 s ago, and what that brought is still measured/,
    ],
    [
      "snapshot-in-progress",
      vetoes.snapshotInProgress,
      { pressure: { snapshotInProgress: true }, to: 2 },
      /^a savepoint is being taken/,
    ],
    [
      "oscillation-frozen: up, down and up under one load",
      vetoes.oscillationFrozen,
      { inputs: { rescales: seesaw }, work: { parallelism: 2 }, to: 1, utilization: 0.4 },
      /^the last rescales undid each other under the same load, the last 20 min ago; nothing is changed for 1 h/,
    ],
    [
      "oscillation-frozen: loads that nobody knows count as the same",
      vetoes.oscillationFrozen,
      {
        inputs: { rescales: seesaw.map((r) => ({ ...r, consumedBefore: null, consumedAfter: null })) },
        to: 2,
        utilization: 0.9,
      },
      /^the last rescales/,
    ],
    [
      "benefit-below-cost",
      (i, p) =>
        vetoes.benefitBelowCost(i, p, {
          gainSlotMs: HOUR,
          costSlotMs: 2 * HOUR,
          horizonMs: 6 * HOUR,
          slots: 3,
        }),
      { work: { parallelism: 2 }, to: 1 },
      /^3 slots would save 1\.00 slot-hours within 6 h, which is not worth a restart: it counts as 2\.00 slot-hours/,
    ],
  ])("%s", (_, veto, parts, sentence) => {
    const verdict = asked(veto, parts);
    expect(verdict.verdict).toBe("veto");
    expect(verdict.sentence).toMatch(sentence);
    expect(Object.values(verdict.numbers).every(Number.isFinite)).toBe(true);
  });
});
