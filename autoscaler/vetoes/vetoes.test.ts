import { describe, expect, it } from "vitest";
import type { PastRescale, PressureInputs, ScaleInputs, VertexInputs } from "../../model/index.ts";
import { aConfig, aVertex, NOW, someInputs } from "../../test/support/scale-inputs.ts";
import * as vetoes from "./index.ts";
import type { Asked, Verdict } from "./verdict.ts";

type Veto = (inputs: ScaleInputs, asked: Asked) => Verdict;

const calm: PressureInputs = someInputs({}).pressure;

/** src → work, and a twin of work; `to`: subtasks of work and twin in the proposal. */
function asked(
  veto: Veto,
  parts: {
    readonly work?: Partial<VertexInputs>;
    readonly to?: number;
    readonly twin?: number;
    readonly pressure?: Partial<PressureInputs> & Partial<vetoes.ProcessorRoom>;
    readonly inputs?: Partial<ScaleInputs>;
    readonly utilization?: number;
  },
): Verdict {
  const { work = {}, to, twin = 1, pressure = {}, inputs: changes = {}, utilization = 1.5 } = parts;
  const vertices = {
    src: aVertex({ name: "src", source: true, costMs: 0.01, arrivalRate: 450 }),
    work: aVertex({ name: "work", inputs: ["src"], arrivalRate: 450, costMs: 3, ...work }),
    twin: aVertex({ name: "twin", inputs: ["src"], arrivalRate: 450 }),
  };
  const inputs = someInputs(vertices, { pressure: { ...calm, ...pressure }, ...changes });
  const present = vertices.work.parallelism;
  const proposal = { src: 1, work: to ?? present, twin };
  const up = proposal.work > present || twin > 1;
  const down = proposal.work < present;
  const direction = up && down ? "both" : up ? "up" : down ? "down" : "none";
  const of = (p: number, own: number) =>
    ({ direction: "stay", parallelism: p, utilization: own, capped: false }) as const;
  const wishes = { src: of(1, 0.1), work: of(proposal.work, utilization), twin: of(twin, 0.4) };
  return veto(inputs, {
    config: aConfig({ catchUpMs: 60_000 }),
    now: NOW,
    proposal,
    vertices: wishes,
    direction,
  });
}

const bound = { at: NOW - 720_000, rate: 300, parallelism: 1 };
const skewed = { parallelism: 4, hottestSubtask: 3, hottestShare: 0.7, hashed: true };
const checkpoints = { checkpointIntervalMs: 10_000, checkpointsFailing: 0, checkpointAgeMs: 9_000 };
const HOUR = 3_600_000;

function aRescale(
  minutesAgo: number,
  direction: "up" | "down",
  load: number | null,
  changes: Partial<PastRescale> = {},
): PastRescale {
  const [less, more] = [{ work: 1 }, { work: 2 }];
  return {
    at: NOW - minutesAgo * 60_000,
    from: direction === "up" ? less : more,
    to: direction === "up" ? more : less,
    direction,
    reason: `scale-${direction}`,
    pauseMs: 1_000,
    consumedBefore: load,
    consumedAfter: load,
    effect: "helped",
    ...changes,
  };
}
const seesaw = [aRescale(40, "up", 450), aRescale(30, "down", 450), aRescale(20, "up", 450)];

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
        inputs: { backlog: 9_000, vertices: { src: aVertex({ source: true, arrivalRate: 0 }) } },
        work: { parallelism: 2 },
        to: 1,
      },
      /^9,000 records still wait/,
    ],
    [
      "catching-up: a growth that is enough gets its time",
      vetoes.catchingUp,
      { inputs: { backlog: 9_000, rescales: [aRescale(0.5, "up", 450)] }, utilization: 0.8, to: 2 },
      /^9,000 records wait, and the rescale of 30 s ago is enough for what arrives; it gets 1 min to drain them/,
    ],
    [
      "catching-up: a growth is measured before the same vertex grows again",
      vetoes.catchingUp,
      {
        inputs: { backlog: 0, rescales: [aRescale(0.5, "up", 450, { effect: "unknown" })] },
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
        vetoes.benefitBelowCost(i, p, { gainSlotMs: HOUR, costSlotMs: 2 * HOUR, horizonMs: 6 * HOUR }),
      { work: { parallelism: 2 }, to: 1 },
      /^1\.00 slot-hours saved within 6 h are not worth a restart, which counts as 2\.00 slot-hours/,
    ],
  ])("%s", (_, veto, parts, sentence) => {
    const verdict = asked(veto, parts);
    expect(verdict.verdict).toBe("veto");
    expect(verdict.sentence).toMatch(sentence);
    expect(Object.values(verdict.numbers).every(Number.isFinite)).toBe(true);
  });
});

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
      { inputs: { backlog: 9_000, rescales: [aRescale(0.5, "up", 450)] }, to: 2 },
    ],
    [
      "for growth when the catch-up time is over",
      vetoes.catchingUp,
      { inputs: { backlog: 9_000, rescales: [aRescale(2, "up", 450)] }, utilization: 0.8, to: 2 },
    ],
    [
      "for another vertex than the one that is measured",
      vetoes.catchingUp,
      {
        inputs: { rescales: [aRescale(0.5, "up", 450, { effect: "unknown" })] },
        work: { parallelism: 2 },
        twin: 2,
      },
    ],
    [
      "for an effect that nobody could measure",
      vetoes.catchingUp,
      {
        inputs: { rescales: [aRescale(2, "up", 450, { effect: "unknown" })] },
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
        inputs: { rescales: [aRescale(40, "up", 450), aRescale(30, "down", 200), aRescale(20, "up", 450)] },
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
        inputs: { rescales: [aRescale(90, "up", 450), aRescale(30, "down", 450), aRescale(20, "up", 450)] },
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
        vetoes.benefitBelowCost(i, p, { gainSlotMs: 3 * HOUR, costSlotMs: 2 * HOUR, horizonMs: HOUR }),
      { work: { parallelism: 2 }, to: 1 },
    ],
    ["without a plan", (i, p) => vetoes.benefitBelowCost(i, p, null), { work: { parallelism: 2 }, to: 1 }],
  ])("%s", (_, veto, parts) => {
    const verdict = asked(veto, parts);
    expect([verdict.verdict, verdict.sentence]).toEqual(["pass", expect.stringMatching(/^\S.+[^.]$/)]);
  });
});
