import { describe, expect, it } from "vitest";
import { aRescale } from "../test/support/rescales.ts";
import { aChain, aConfig, aVertex, someInputs } from "../test/support/scale-inputs.ts";
import { propose } from "./propose.ts";
import { catchUpFactor } from "./urgency.ts";

const config = aConfig({ targetUtilization: 0.7 });

describe("propose", () => {
  it("gives 5 and 3 subtasks for 1500 records/s at 2 ms and 1 ms", () => {
    // 1500 × 2 ms = 3 busy subtasks, / 0.7 = 4.3 → 5; 1500 × 1 ms = 1.5, / 0.7 = 2.1 → 3.
    const { proposal } = propose(someInputs(aChain(1_500, { work: 2, count: 1 })), config);
    expect(proposal).toEqual({ src: 1, work: 5, count: 3 });
  });

  it("gives more while a backlog has to be caught up with", () => {
    // 60 000 and 3 s × 1500/s are 43 s of load, drained in twice that: 750/s on top of 1500/s, × 2 ms / 0.95 = 4.7 → 5;
    // where one minute is asked for 64 500 / 60 s more: 2575 × 2 ms / 0.95 = 5.4 → 6.
    const waiting = someInputs(aChain(1_500, { work: 2, count: 1 }), { backlog: 60_000 });
    expect(propose(waiting, config).proposal["work"]).toBe(5);
    expect(propose(waiting, { ...config, catchUpMs: 60_000 }).proposal["work"]).toBe(6);
  });

  it("keeps the subtasks that a backlog needs after the last record arrived", () => {
    const chain = aChain(0, { work: 2, count: 1 }, { work: 5, count: 3 });
    expect(propose(someInputs(chain, { backlog: 0 }), config).proposal).toMatchObject({ work: 1, count: 1 });
    // 120 000 records in 60 s are 2000/s: 4 subtasks' worth at 2 ms, / 0.95 = 4.2 → 5.
    const inAMinute = { ...config, catchUpMs: 60_000 };
    expect(propose(someInputs(chain, { backlog: 120_000 }), inAMinute).proposal["work"]).toBe(5);
  });

  it("does not grow for one record that waits where hardly any arrive", () => {
    // One in thirty years: by rates alone its lag is as long.
    const rare = { v: aVertex({ source: true, arrivalRate: 1e-9, peakArrivalRate: 1e-9 }) };
    expect(propose(someInputs(rare, { backlog: 1 }), config).proposal).toEqual({ v: 1 });
  });

  it("leaves a vertex between target and upper mark alone, unless others grow anyway", () => {
    const above = { work: aVertex({ arrivalRate: 750 }) };
    expect(propose(someInputs(above), config).proposal).toEqual({ work: 1 });
    const beside = { ...above, other: aVertex({ arrivalRate: 1_500 }) };
    expect(propose(someInputs(beside), config).proposal).toEqual({ work: 2, other: 3 });
  });

  it("takes nothing away while anything grows", () => {
    const vertices = {
      idle: aVertex({ arrivalRate: 10, parallelism: 8 }),
      short: aVertex({ arrivalRate: 1_500 }),
    };
    expect(propose(someInputs(vertices), config).proposal).toEqual({ idle: 8, short: 3 });
    const { idle } = vertices;
    expect(propose(someInputs({ idle }), config).proposal).toEqual({ idle: 1 });
  });

  it("does not scale down below what the peak within the patience needed", () => {
    const idle = aVertex({ arrivalRate: 10, peakArrivalRate: 1_000, parallelism: 8 });
    expect(propose(someInputs({ idle }), config).proposal).toEqual({ idle: 2 });
  });

  it.each([
    ["the common upper bound", { maxParallelism: 2 }, 2],
    ["an upper bound by name", { vertices: { slow: { max: 3 } } }, 3],
    ["an upper bound by id", { vertices: { v: { max: 4 } } }, 4],
    ["a lower bound", { vertices: { slow: { min: 9 } } }, 9],
    ["exclusion", { vertices: { slow: { exclude: true } } }, 1],
  ])("keeps %s", (_, changes, expected) => {
    const v = aVertex({ name: "slow", arrivalRate: 4_000 });
    expect(propose(someInputs({ v }), aConfig(changes)).proposal).toEqual({ v: expected });
  });

  it("says that the bounds do not carry the need", () => {
    const v = aVertex({ arrivalRate: 4_000 });
    expect(propose(someInputs({ v }), aConfig({ maxParallelism: 2 })).vertices["v"]?.capped).toBe(true);
  });
});

describe("vertices joined by a FORWARD edge", () => {
  const joined = (a: Parameters<typeof aVertex>[0], b: Parameters<typeof aVertex>[0]) => ({
    a: aVertex({ source: true, arrivalRate: 1_500, costMs: 0.1, ...a }),
    b: aVertex({ inputs: ["a"], forwardInputs: ["a"], arrivalRate: 1_500, ...b }),
  });

  it("get the larger of the two", () => {
    expect(propose(someInputs(joined({}, {})), config).proposal).toEqual({ a: 3, b: 3 });
  });

  it("never get more than the smaller upper bound of the two", () => {
    const found = propose(someInputs(joined({ partitions: 2 }, {})), config);
    expect(found.proposal).toEqual({ a: 2, b: 2 });
    expect(found.vertices["b"]?.capped).toBe(true);
  });

  it("stay as they are when one of them is to be left alone", () => {
    const excluded = aConfig({ vertices: { a: { exclude: true } } });
    expect(propose(someInputs(joined({}, {})), excluded).proposal).toEqual({ a: 1, b: 1 });
  });
});

describe("catchUpFactor", () => {
  it("outdoes arrival by the backlog, and by what the pause adds to it", () => {
    // 3300 waiting are 33 s of load; twice that is more than the minute asked for: 1 + 3300 / (60 × 100).
    const inputs = someInputs({ s: aVertex({ source: true }) }, { backlog: 3_000 });
    expect(catchUpFactor(inputs, 6, aConfig({ catchUpMs: 60_000 }))).toBeCloseTo(1.55, 12);
    // In twice the time that it stands for: 1.5. Nobody needs it faster than in 25 s: 1 + 200 / (25 × 100).
    expect(catchUpFactor(inputs, 6, aConfig())).toBeCloseTo(1.5, 12);
    // What a pause of 3 s adds stays within the objective.
    expect(catchUpFactor({ ...inputs, backlog: 200 }, 6, aConfig())).toBeCloseTo(1 + 200 / 2_500, 12);
  });

  it("takes for what grew slowly as long as it took to grow, at most the catch-up time", () => {
    const inputs = someInputs({ s: aVertex({ source: true }) }, { backlog: 400 });
    // 4 s of load that came at 4 %: in 100 s.
    expect(catchUpFactor(inputs, 1 / 0.96, aConfig())).toBeCloseTo(1.04, 12);
    expect(catchUpFactor(inputs, 1, aConfig({ catchUpMs: 120_000 }))).toBeCloseTo(1 + 4 / 120, 12);
    // After a growth that was too small it came of a step.
    const grown = { ...inputs, backlog: 3_300, rescales: [aRescale({ at: inputs.to - 60_000 })] };
    expect(catchUpFactor(grown, 1 / 0.96, aConfig())).toBeCloseTo(1.5, 12);
    // Everything is carried: what waits came of an outage.
    expect(catchUpFactor({ ...inputs, backlog: 3_300 }, 0.5, aConfig())).toBeCloseTo(1.5, 12);
  });

  it.each([
    ["nothing arrives", 0, 3_000],
    ["the backlog is not assessed", 100, null],
  ])("is 1 where %s", (_, arrivalRate, backlog) => {
    expect(
      catchUpFactor(someInputs({ s: aVertex({ source: true, arrivalRate }) }, { backlog }), 6, aConfig()),
    ).toBe(1);
  });
});
