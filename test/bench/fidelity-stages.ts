import type { FidelityPlan, Measure, Parallelisms } from "./fidelity-plan.ts";

/** One plan per kind of stage or trouble; where a plan has no `step`, its backlog is not meant to drain. */

const at = (work: number, count: number): Parallelisms => ({ gen: 1, work, count, drop: count });

const STEADY: readonly Measure[] = ["throughput", "cost", "back-pressure", "in-flight", "checkpoint"];
const HELD: readonly Measure[] = [...STEADY, "pending"];

export const STAGE_PLANS: readonly FidelityPlan[] = [
  {
    name: "cpu",
    title:
      "work waits 2 ms and computes 0.5 ms on a TaskManager with one core: 150/s, 3,000/s at 1/1, PUT 2/1, PUT 8/1",
    startRate: 150,
    args: { "cpu-ms": 0.5, "count-ms": 0.2 },
    core: 1,
    world: { cluster: { coresPerTaskManager: 1 }, vertices: { work: { cpuMs: 0.52 } } },
    acts: [
      { name: "step", atS: 20, rate: 3_000 },
      { name: "two", atS: 45, put: at(2, 1) },
      { name: "eight", atS: 70, put: at(8, 1) },
    ],
    endS: 95,
    phases: [
      { name: "steady at 150/s, 1/1", from: "start", fromS: 5, to: "step", measures: STEADY },
      { name: "overload at 1/1", from: "step", fromS: 5, to: "two", measures: HELD },
      { name: "overload at 2/1", from: "two", fromS: 6, to: "eight", measures: HELD },
      { name: "overload at 8/1, the core is short", from: "eight", fromS: 6, to: "end", measures: HELD },
    ],
  },
  {
    name: "window",
    title: "count in tumbling windows of 1 s over 1,000 keys: 250/s, 1,500/s at 1/1, PUT 4/3, drained",
    startRate: 250,
    args: { "work-ms": 1, "window-ms": 1_000 },
    world: { vertices: { count: { window: "1s", windowKeys: 1_000 } } },
    acts: [
      { name: "step", atS: 25, rate: 1_500 },
      { name: "up", atS: 50, put: at(4, 3) },
    ],
    endS: 110,
    phases: [
      { name: "steady at 250/s, 1/1", from: "start", fromS: 5, to: "step", measures: [...STEADY, "emitted"] },
      { name: "overload at 1/1", from: "step", fromS: 5, to: "up", measures: [...HELD, "emitted"] },
      { name: "steady at 1,500/s, 4/3", from: "gone", fromS: 8, to: "end", measures: [...STEADY, "emitted"] },
    ],
    step: "step",
  },
  {
    name: "skew",
    title: "30 % of the records have one key, count 2 ms: 1,500/s on count 4, PUT count 8",
    startRate: 250,
    args: { "work-ms": 1, "count-ms": 2, "hot-key-share": 0.3 },
    world: { vertices: { count: { from: { work: { hotShare: 0.3 } } } } },
    acts: [
      { name: "spread", atS: 10, put: at(2, 4) },
      { name: "step", atS: 25, rate: 1_500 },
      { name: "wider", atS: 50, put: at(2, 8) },
    ],
    endS: 75,
    phases: [
      { name: "steady at 250/s, 2/4", from: "spread", fromS: 6, to: "step", measures: STEADY },
      { name: "overload at 2/4", from: "step", fromS: 5, to: "wider", measures: HELD },
      { name: "overload at 2/8", from: "wider", fromS: 6, to: "end", measures: HELD },
    ],
  },
  {
    name: "cap",
    title: "a sink into a system that takes 400/s in all: 250/s, 1,000/s at 2/1, PUT 2/3 changes nothing",
    startRate: 250,
    args: { "work-ms": 1, "sink-cap": 400 },
    world: { vertices: { drop: { cap: 400 } } },
    acts: [
      { name: "spread", atS: 10, put: at(2, 1) },
      { name: "step", atS: 25, rate: 1_000 },
      { name: "wider", atS: 50, put: at(2, 3) },
    ],
    endS: 110,
    phases: [
      { name: "steady at 250/s, 2/1", from: "spread", fromS: 6, to: "step", measures: STEADY },
      { name: "held back at 2/1", from: "step", fromS: 5, to: "wider", measures: HELD },
      { name: "held back at 2/3", from: "wider", fromS: 30, to: "end", measures: HELD },
    ],
  },
  {
    name: "barriers",
    title: "checkpoints under overload: work 2 ms, count 4 ms, both held back, 250/s, then 1,500/s at 2/2",
    startRate: 200,
    args: { "count-ms": 4 },
    acts: [
      { name: "spread", atS: 10, put: at(2, 2) },
      { name: "step", atS: 25, rate: 1_500 },
    ],
    endS: 75,
    phases: [
      { name: "steady at 200/s, 2/2", from: "spread", fromS: 6, to: "step", measures: STEADY },
      { name: "overload at 2/2", from: "step", fromS: 10, to: "end", measures: HELD },
    ],
  },
  {
    name: "loss",
    title:
      "three TaskManagers with four slots, 1,000/s at 5/3; the one that hosts work dies and does not come back",
    startRate: 250,
    machines: { taskManagers: 3, slots: 4 },
    acts: [
      { name: "spread", atS: 10, put: at(5, 3) },
      { name: "step", atS: 20, rate: 1_000 },
      { name: "lost", atS: 35, lose: "work" },
    ],
    endS: 125,
    phases: [
      { name: "steady at 1,000/s, 5/3", from: "step", fromS: 4, to: "lost", measures: STEADY },
      { name: "steady again", from: "gone", fromS: 3, to: "end", measures: STEADY },
    ],
    step: "lost",
  },
];
