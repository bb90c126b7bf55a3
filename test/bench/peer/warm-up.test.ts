import { expect, test } from "vitest";
import type { LoadCurve } from "../../../sidecar/whatif/contest.ts";
import type { RunTrace } from "../../../sidecar/whatif/run.ts";
import type { Contest } from "../autoscaler/contest-row.ts";
import { dailyLoad, loadNamed } from "../autoscaler/loads.ts";
import { troubleNamed } from "../autoscaler/trouble.ts";
import { benchWorldNamed } from "../autoscaler/worlds/index.ts";
import { scoredPart, WARM_UP_MS, warmed } from "./warm-up.ts";

const MINUTE_MS = 60_000;

const contestOf = (load: Contest["load"], world = "chain"): Contest => ({
  bench: benchWorldNamed(world),
  load,
  trouble: troubleNamed("none"),
  seed: 1,
});

/** Half an hour at 5-minute steps is 6 of the 8 values. */
const day = dailyLoad({
  name: "day",
  minutes: 60,
  stepMinutes: 5,
  scored: Array.from({ length: 12 }, () => 0.5),
  missingShare: 0,
  before: [0.1, 0.2, 0.3, null, 0.4, 0.5, 0.6, 0.7],
});

test("a recorded day is warmed up with what came before it, and its history ends there", () => {
  const { load } = warmed(contestOf(day));
  const curve = load.curve(100);
  expect([0, 5, 10, 25].map((m) => curve.rateAt(m * MINUTE_MS))).toEqual([30, 30, 40, 70].map(near));
  expect(curve.rateAt(WARM_UP_MS)).toBeCloseTo(50, 6);
  const epoch = 1_000 * WARM_UP_MS;
  expect(load.history(100, epoch)).toEqual({
    from: epoch - 10 * MINUTE_MS,
    stepMs: 5 * MINUTE_MS,
    values: [10, 20],
  });
});

// A gap keeps the rate before it.
const near = (value: number) => expect.closeTo(value, 6);

test("a load without a past is warmed up with the rate that it begins with", () => {
  const contest = contestOf(loadNamed("step", 1));
  const [warm, plain] = [warmed(contest).load.curve(1_000), contest.load.curve(1_000)];
  for (const minute of [0, 10, 29, 31, 44, 46]) {
    const scored = Math.max(0, minute * MINUTE_MS - WARM_UP_MS);
    expect(warm.rateAt(minute * MINUTE_MS)).toBeCloseTo(plain.rateAt(scored), 6);
  }
});

test.each([
  ["a shape", () => warmed(contestOf(loadNamed("step", 1))).load.curve(1_000)],
  ["a recorded day", () => warmed(contestOf(day)).load.curve(1_000)],
  [
    "the load of a world",
    () => {
      const { bench } = warmed(contestOf(loadNamed("step", 1), "load-simulation"));
      if (bench.ownLoad === undefined) throw new Error("expected a load of its own");
      return bench.ownLoad;
    },
  ],
])("what arrives is the integral of the rate, also over the seam: %s", (_, made) => {
  const curve: LoadCurve = made();
  let sum = 0;
  for (let ms = 0; ms < 40 * MINUTE_MS; ms += 1_000) {
    sum += curve.rateAt(ms + 500);
    const arrived = curve.arrivedBy(ms + 1_000);
    expect(Math.abs(arrived - sum)).toBeLessThan(1e-3 * Math.max(1, sum));
  }
});

const trace: RunTrace = {
  policy: "p",
  seconds: 1_810,
  arrivals: Float64Array.from({ length: 1_810 }, (_, s) => s),
  backlog: new Float64Array(1_810),
  slots: new Float64Array(1_810).fill(2),
  down: new Uint8Array(1_810),
  moves: [
    { askedMs: 60_000, atMs: 70_000, from: { a: 1 }, to: { a: 2 } },
    { askedMs: WARM_UP_MS - 1_000, atMs: WARM_UP_MS + 4_000, from: { a: 2 }, to: { a: 3 } },
  ],
  askedMs: [60_000, WARM_UP_MS - 1_000, WARM_UP_MS + 9_000],
  start: { a: 1 },
  failures: 0,
};

test("the score begins after the warm-up, with what it led to", () => {
  const scored = scoredPart(trace);
  expect(scored.seconds).toBe(10);
  expect([...scored.arrivals]).toEqual([
    1_800, 1_801, 1_802, 1_803, 1_804, 1_805, 1_806, 1_807, 1_808, 1_809,
  ]);
  expect(scored.start).toEqual({ a: 2 });
  // Asked for in the warm-up, true in the scored time: it is a move of that.
  expect(scored.moves).toEqual([{ askedMs: -1_000, atMs: 4_000, from: { a: 2 }, to: { a: 3 } }]);
  expect(scored.askedMs).toEqual([9_000]);
});
