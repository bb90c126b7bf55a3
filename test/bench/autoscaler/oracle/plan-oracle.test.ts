import { describe, expect, it } from "vitest";
import { type PlanEntry, prepare } from "./course.ts";
import { type OracleOptions, planOracle } from "./plan-oracle.ts";
import { judge } from "./polish.ts";

/** Numbers between 0 and 1 from a seed, always the same. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const LEVELS = [
  { slots: 1, capacity: 100 },
  { slots: 2, capacity: 190 },
  { slots: 3, capacity: 270 },
] as const;

function aCourse(rate: readonly number[], changes: Partial<OracleOptions> = {}): OracleOptions {
  return {
    rate: Float64Array.from(rate),
    stepMs: 60_000,
    levels: LEVELS,
    pauseMs: 10_000,
    lagObjectiveMs: 30_000,
    share: 0.995,
    maxRescales: 4,
    ...changes,
  };
}

const randomCourse = (seed: number, changes: Partial<OracleOptions> = {}): OracleOptions => {
  const roll = dice(seed);
  const steps = 6;
  return aCourse(
    Array.from({ length: steps }, () => 40 + 250 * roll()),
    { pauseMs: Math.round(roll() * 90) * 1_000, ...changes },
  );
};

/** Every plan there is. */
function bruteForce(options: OracleOptions): number[] {
  const course = prepare(options, options.share);
  const best: number[] = Array.from({ length: options.maxRescales + 1 }, () => Number.POSITIVE_INFINITY);
  const steps = options.rate.length;
  for (let code = 0; code < options.levels.length ** steps; code += 1) {
    const plan: PlanEntry[] = [];
    let rest = code;
    for (let t = 0; t < steps; t += 1) {
      const level = rest % options.levels.length;
      rest = Math.floor(rest / options.levels.length);
      if (plan.at(-1)?.level !== level) plan.push({ atStep: t, level });
    }
    const { slotSeconds, lateSeconds } = judge(course, plan);
    if (lateSeconds > course.mostLateSeconds + 1e-6) continue;
    for (let r = plan.length - 1; r <= options.maxRescales; r += 1) {
      best[r] = Math.min(best[r] ?? slotSeconds, slotSeconds);
    }
  }
  return best;
}

describe("the oracle's plan", () => {
  it.each(Array.from({ length: 30 }, (_, i) => i + 1))(
    "costs what the best of all plans costs (seed %i)",
    (seed) => {
      const options = randomCourse(seed);
      expect([...planOracle(options).slotSeconds]).toEqual(bruteForce(options));
    },
  );

  it.each(Array.from({ length: 30 }, (_, i) => i + 1))(
    "costs that to one slot in one step where a sixth of the time may be late (seed %i)",
    (seed) => {
      const options = randomCourse(seed, { share: 1 - 1 / 6 });
      const { slotSeconds, floorSeconds } = planOracle(options);
      for (const [r, best] of bruteForce(options).entries()) {
        expect(slotSeconds[r]).toBeGreaterThanOrEqual(best);
        expect(slotSeconds[r]).toBeLessThanOrEqual(best + 60);
        expect(floorSeconds[r]).toBeLessThanOrEqual(best + 1e-6);
      }
    },
  );

  it("never costs more with more rescales, and keeps its share", () => {
    const roll = dice(7);
    const rate = Array.from({ length: 300 }, (_, t) => 150 + 100 * Math.sin(t / 40) + 15 * roll());
    const options = aCourse(rate, { maxRescales: 16 });
    const oracle = planOracle(options);
    const course = prepare(options, options.share);
    for (let r = 0; r <= 16; r += 1) {
      if (r > 0) expect(oracle.slotSeconds[r]).toBeLessThanOrEqual(oracle.slotSeconds[r - 1] ?? 0);
      const plan = oracle.planFor(r);
      expect(plan.length - 1).toBeLessThanOrEqual(r);
      const judged = judge(course, plan);
      expect(judged.slotSeconds).toBeCloseTo(oracle.slotSeconds[r] ?? Number.NaN, 6);
      expect(judged.lateSeconds).toBeLessThanOrEqual(course.mostLateSeconds + 1e-6);
      expect(oracle.floorSeconds[r]).toBeLessThanOrEqual(judged.slotSeconds);
    }
  });

  it("follows a step up and down with two rescales", () => {
    const rate = [...Array(20).fill(80), ...Array(20).fill(250), ...Array(20).fill(80)];
    const oracle = planOracle(aCourse(rate));
    expect(oracle.planFor(2).map((e) => e.level)).toEqual([0, 2, 0]);
    // One level for 40 minutes, three for 20, less what the allowed lag saves.
    expect(oracle.slotSeconds[2]).toBeLessThanOrEqual((40 + 3 * 20) * 60 + 120);
    expect(oracle.slotSeconds[0]).toBe(3 * 3_600);
  });

  it("leaves out sizes that carry no more, and speaks of the caller's", () => {
    const levels = [{ slots: 1, capacity: 100 }, { slots: 2, capacity: 90 }, LEVELS[2]];
    const rate = [...Array(20).fill(80), ...Array(20).fill(250)];
    const oracle = planOracle(aCourse(rate, { levels }));
    expect(oracle.planFor(1).map((e) => e.level)).toEqual([0, 2]);
  });

  it("takes capacities that change with time", () => {
    const half = Float64Array.from({ length: 40 }, (_, t) => (t < 20 ? 200 : 50));
    const oracle = planOracle(
      aCourse(Array(40).fill(90), {
        levels: [
          { slots: 1, capacity: half },
          { slots: 2, capacity: half.map((c) => c * 2) },
        ],
      }),
    );
    expect(oracle.planFor(1).map((e) => e.level)).toEqual([0, 1]);
  });

  it("says where the load cannot be carried", () => {
    const oracle = planOracle(aCourse(Array(60).fill(400)));
    expect(oracle.possible).toBe(false);
    expect(oracle.slotSeconds[4]).toBe(Number.POSITIVE_INFINITY);
    expect(oracle.planFor(4)).toEqual([]);
  });

  it("may be late for half a percent of the time, and no more", () => {
    const spike = (seconds: number): number[] =>
      Array.from({ length: 1_440 }, (_, i) => (i >= 700 && i < 700 + seconds / 60 ? 270 : 90));
    const few = { maxRescales: 0 };
    expect(planOracle(aCourse(spike(120), few)).slotSeconds[0]).toBeLessThan(3 * 86_400);
    expect(planOracle(aCourse(spike(1_200), few)).slotSeconds[0]).toBe(3 * 86_400);
  });

  it("knows a floor for any number of rescales", () => {
    const rate = Array.from({ length: 240 }, (_, t) => 150 + 110 * Math.sin(t / 7));
    const oracle = planOracle(aCourse(rate, { maxRescales: 90 }));
    expect(oracle.slotSeconds[90]).toBeLessThanOrEqual(oracle.slotSeconds[12] ?? 0);
    expect(oracle.floorSeconds[90]).toBeLessThanOrEqual(oracle.slotSeconds[90] ?? 0);
    expect(oracle.floorSeconds[90]).toBeGreaterThan(0);
  });
});
