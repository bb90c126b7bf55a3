import { describe, expect, it } from "vitest";
import { backtest } from "./backtest.ts";
import { aFittedJob } from "./fake-fitted-job.ts";
import { fittedBench } from "./fitted-world.ts";
import { rivalNamed } from "./rivals.ts";

const bench = fittedBench({ ...aFittedJob(), slots: null }, 16);
const policies = ["static-peak", "static-mean"].map(rivalNamed);
const options = { policies, lagObjectiveMs: 30_000, pricePerSlotHour: 0.5 };
/** Ten minutes of 300 records/s, ten of 900, in steps of a minute; the lines between take one. */
const values = [...new Array<number>(10).fill(300), ...new Array<number>(10).fill(900)];

describe("a back-test", () => {
  it("tells what each policy makes of the load", async () => {
    const result = await backtest(bench, { name: "day", stepMinutes: 1, values }, options);
    expect(result).toMatchObject({ minutes: 20, historyMinutes: 0, missingShare: 0, peakRate: 900 });
    const [peak, mean] = result.rows;
    // 900 / 0.85 / 200 → 6 subtasks; the mean of 615 → 4, which carries 800.
    expect(peak).toMatchObject({ policy: "static-peak", inObjective: 1, rescales: 0, slotHours: 2, cost: 1 });
    expect(mean?.slotHours).toBeCloseTo(4 / 3, 9);
    expect(mean?.inObjective).toBeLessThan(1);
  });

  it("holds the value before a gap, and says how much is missing", async () => {
    const gaps = values.map((v, i) => (i >= 12 && i < 17 ? null : v));
    const result = await backtest(bench, { name: "gaps", stepMinutes: 1, values: gaps }, options);
    expect(result.missingShare).toBe(0.25);
    expect(result.rows[0]).toMatchObject({ inObjective: 1 });
    expect(result.meanRate).toBeCloseTo(615, 9);
  });

  it("spreads a load around its mean", async () => {
    const load = { name: "day", stepMinutes: 1, values: [100, 200, 300, 200] };
    const { peakRate, meanRate } = await backtest(bench, load, {
      ...options,
      policies: [],
      peakToMean: 2,
    });
    expect(peakRate).toBeCloseTo(400, 0);
    expect(meanRate).toBeGreaterThan(0);
  });

  it.each([
    ["of nothing", [0, null, 0], undefined, "expected some load"],
    ["that is constant, to be spread", [5, 5, 5], 2, "it is constant"],
    ["that cannot be spread so far", [100, 400], 20, "can be from 1.00 to 2.00"],
    ["of which most is missing", [5, 6, null, null, null], undefined, "no rate for 60.0 % of it"],
  ])("of a load %s is refused", async (_, rates, peakToMean, text) => {
    const asked = backtest(bench, { name: "x", stepMinutes: 1, values: rates }, { ...options, peakToMean });
    await expect(asked).rejects.toThrow(text);
  });
});
