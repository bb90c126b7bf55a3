import { describe, expect, it } from "vitest";
import type { PastRescale, ScaleInputs, VertexInputs } from "../model/index.ts";
import { aRescale } from "../test/support/rescales.ts";
import { aConfig, aVertex, NOW, SUBJECT, someInputs } from "../test/support/scale-inputs.ts";
import { decide } from "./decide.ts";

const MINUTE = 60_000;
/** Nothing arrives, so nothing can be measured; 8 subtasks carried 8,000/s. */
const IDLE: Partial<VertexInputs> = { arrivalRate: 0, capacity: null, busyShare: 0, measured: [[8, 8_000]] };

const growth = (agoMs: number, changes: Partial<PastRescale> = {}): PastRescale =>
  aRescale({
    at: NOW - agoMs,
    from: { src: 2 },
    to: { src: 8 },
    consumedBefore: 1_000,
    effect: "helped",
    ...changes,
  });

/** One source of 8 subtasks that each carry 1,000 records/s. */
function decided(rate: number, rescales: readonly PastRescale[], changes: Partial<ScaleInputs> = {}) {
  const src = aVertex({ source: true, parallelism: 8, arrivalRate: rate, peakArrivalRate: rate });
  const lastRescaleAt = rescales.at(-1)?.at ?? null;
  return decide(
    SUBJECT,
    someInputs({ src }, { rescales: [...rescales], lastRescaleAt, ...changes }),
    aConfig(),
    NOW,
  );
}

describe("what a growth brought", () => {
  it.each<[string, number, readonly PastRescale[], string]>([
    ["is kept while the load is what it was then", 1_000, [growth(20 * MINUTE)], "cooldown"],
    ["is kept when the load fell by less than a fifth", 850, [growth(20 * MINUTE)], "cooldown"],
    ["is given back after half an hour", 1_000, [growth(31 * MINUTE)], "scale-down"],
    ["is given back when the load is another one", 700, [growth(20 * MINUTE)], "scale-down"],
    // 1,000 records/s at 1 ms are one subtask's work.
    [
      "is kept while the load is about as much work",
      1_000,
      [growth(20 * MINUTE, { workBefore: 1.9 })],
      "cooldown",
    ],
    [
      "is given back when the load has become half the work",
      1_000,
      [growth(20 * MINUTE, { workBefore: 2.1 })],
      "scale-down",
    ],
    [
      "is given back when a plan of people's asked for it",
      1_000,
      [growth(20 * MINUTE, { reason: "scheduled-floor" })],
      "scale-down",
    ],
  ])("%s", (_, rate, rescales, reason) => {
    expect(decided(rate, rescales).reason).toBe(reason);
  });

  it("is given back under a plan, too, when the load has become half the work, but not when half of it arrives", () => {
    const steps = Array.from({ length: 96 }, () => 1_000);
    const forecast = {
      from: NOW,
      stepMs: 900_000,
      median: steps,
      upper: steps,
      method: "seasonal-naive-day",
    };
    const reasonAt = (rate: number, workBefore: number) =>
      decided(rate, [growth(20 * MINUTE, { workBefore })], { forecast }).reason;
    expect([reasonAt(1_000, 1.9), reasonAt(1_000, 2.1), reasonAt(500, 2.1)]).toEqual([
      "cooldown",
      "scale-down",
      "cooldown",
    ]);
  });

  it("is given back where the work has nothing to do with the load", () => {
    const src = aVertex({ source: true, parallelism: 8, arrivalRate: 1_000, spread: 0.5 });
    const rescales = [growth(20 * MINUTE)];
    const inputs = someInputs({ src }, { rescales, lastRescaleAt: NOW - 20 * MINUTE });
    expect(decide(SUBJECT, inputs, aConfig(), NOW).reason).toBe("scale-down");
  });
});

describe("a job that seems too small just after a rescale", () => {
  const decidedAfter = (ranMs: number, changes: Partial<ScaleInputs> = {}, load = 10_000): string =>
    decided(10_000, [growth(ranMs, { consumedBefore: load })], { runningSince: NOW - ranMs, ...changes })
      .reason;

  it.each<[string, string, string]>([
    ["waits until its tasks have warmed up", decidedAfter(20_000), "stabilizing"],
    ["does not wait longer", decidedAfter(31_000), "scale-up"],
    ["does not wait when it is not known what waits", decidedAfter(20_000, { backlog: null }), "scale-up"],
    ["does not wait when the load is another one", decidedAfter(20_000, {}, 6_000), "scale-up"],
    [
      "does not wait when records wait for half of the lag objective",
      decidedAfter(20_000, { backlog: 155_000 }),
      "scale-up",
    ],
  ])("%s", (_, reason, expected) => {
    expect(reason).toBe(expected);
  });
});

describe("a load that outgrows one size after the other", () => {
  const up = (agoMs: number, load: number): PastRescale => growth(agoMs, { consumedBefore: load });
  it.each<[string, readonly PastRescale[], number]>([
    // 9,790 × 1.1 ÷ 0.94 = 11,456.
    ["gets a tenth to spare the first time", [], 12],
    ["gets a fifth the second time", [up(5 * MINUTE, 6_000)], 13],
    ["gets two fifths the third time", [up(9 * MINUTE, 5_000), up(5 * MINUTE, 6_000)], 15],
    ["gets a tenth when it was the size that was wrong, not the load", [up(5 * MINUTE, 9_700)], 12],
    ["gets a tenth when that is hours ago", [up(150 * MINUTE, 5_000)], 12],
  ])("%s", (_, rescales, parallelism) => {
    expect(decided(9_790, rescales).proposal).toEqual({ src: parallelism });
  });
});

describe("a backlog that the job drains by itself", () => {
  // 60 s of load wait, and 60 % more than the load is carried: 50 s until it is back inside the objective of 30 s.
  const lagging = (restartPauseMs: number) =>
    decided(5_000, [], { backlog: 450_000, restartPauseMs, slotsFree: 900 });

  it("asks for no restart that takes longer", () => {
    expect(lagging(180_000).proposal).toEqual({ src: 8 });
  });

  it("is left to drain when the pause of a shrink brought it", () => {
    const sizeFor = (backlog: number, agoMs: number) => {
      const shrunk = { direction: "down", from: { src: 16 }, to: { src: 8 }, pauseMs: 60_000 } as const;
      return decided(5_000, [growth(agoMs, shrunk)], { backlog, slotsFree: 900 }).proposal["src"];
    };
    expect(sizeFor(370_000, MINUTE)).toBe(8);
    // More than arrived in the pause, or long after it.
    expect(sizeFor(450_000, MINUTE)).toBeGreaterThan(8);
    expect(sizeFor(370_000, 61 * MINUTE)).toBeGreaterThan(8);
  });

  it("is drained by more subtasks where a restart is short", () => {
    expect(lagging(3_000).proposal["src"]).toBeGreaterThan(8);
  });
});

describe("a saving that the plan leaves", () => {
  it("is the reason to hold, with what it would bring and what it costs", () => {
    // Three slots less for two hours are 6 slot-hours; two changes count as 3.75 each, the second one is in the plan.
    const path = Array.from({ length: 96 }, (_, i) => (i < 8 ? 4_500 : 7_400));
    const forecast = {
      from: NOW,
      stepMs: 15 * MINUTE,
      median: path,
      upper: path,
      method: "seasonal-naive-day",
    };
    const held = decided(4_500, [], { forecast });
    expect(held.reason).toBe("benefit-below-cost");
    expect(held.sentence).toMatch(
      /^Hold: 5 slots would save 2\.25 slot-hours within 1 d, which is not worth/,
    );
  });
});

describe("a job of which less is asked", () => {
  const src = (changes: Partial<VertexInputs> = {}) =>
    aVertex({ source: true, parallelism: 8, arrivalRate: 1_000, ...changes });
  it.each<[string, Partial<VertexInputs>, Partial<ScaleInputs>, string]>([
    ["gives back what it does not need", {}, {}, "scale-down"],
    ["gives nothing back while a vertex is busy all of its time", { busyShare: 0.99 }, {}, "stabilizing"],
    ["gives nothing back while the load is rising", {}, { loadRising: true }, "stabilizing"],
    ["gives back by what it last carried when nothing arrives", IDLE, {}, "scale-down"],
    [
      "waits half an hour when nothing arrives: that may be an outage",
      IDLE,
      { idleMs: 1_500_000 },
      "stabilizing",
    ],
    [
      "keeps what it has when nothing arrives and nothing is known",
      { ...IDLE, measured: [] },
      {},
      "within-target",
    ],
    ["gives back what a leftover does not need", IDLE, { backlog: 38 }, "scale-down"],
    ["keeps what drains a backlog when nothing arrives", IDLE, { backlog: 300_000 }, "catching-up"],
  ])("%s", (_, vertex, changes, reason) => {
    const record = decide(SUBJECT, someInputs({ src: src(vertex) }, changes), aConfig(), NOW);
    expect([record.reason, record.sentence]).toEqual([reason, expect.any(String)]);
  });
});

describe("a peak just above what is carried", () => {
  const path = new Array<number>(96).fill(7_000);
  const forecast = {
    from: NOW,
    stepMs: 15 * MINUTE,
    method: "seasonal-profile-day",
    median: path,
    upper: path,
  };
  it("is left to pass, with what waits now and what would wait then", () => {
    const record = decided(8_160, [], { backlog: 12_000, forecast });
    expect(record.reason).toBe("shortage-borne");
    expect(record.sentence).toBe(
      "Hold: 102 % of the capacity is needed; the lag is 1.5 s and, after one more minute and a restart, would be 5.6 s of 30 s: not worth a restart yet.",
    );
  });

  it("is not left when the lag would come near its objective", () => {
    expect(decided(8_160, [], { backlog: 170_000, forecast }).reason).toBe("scale-up");
  });
});
