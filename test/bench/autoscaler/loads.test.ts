import { describe, expect, it } from "vitest";
import { loadNamed, syntheticLoads } from "./loads.ts";

const EPOCH = Date.UTC(2026, 0, 5);

describe.each(syntheticLoads(1).map((load) => [load.name, load] as const))("%s", (_, load) => {
  it("stays within what the world carries", () => {
    const curve = load.curve(1_000);
    for (let ms = 0; ms <= load.durationMs; ms += 60_000) {
      expect(curve.rateAt(ms)).toBeGreaterThanOrEqual(0);
      expect(curve.rateAt(ms)).toBeLessThanOrEqual(900 + 1e-9);
    }
  });

  it("ends its past where it begins, with a rate like its first", () => {
    const past = load.history(1_000, EPOCH);
    expect(past !== null).toBe(load.hasHistory);
    if (past === null) return;
    expect(past.from + past.values.length * past.stepMs).toBe(EPOCH);
    expect(Math.abs((past.values.at(-1) ?? 0) - load.curve(1_000).rateAt(0))).toBeLessThan(40);
  });

  it("jumps where it says so, and in the direction that it says", () => {
    const curve = load.curve(1_000);
    for (const at of load.stepsMs) {
      const change = curve.rateAt(at + 1_000) - curve.rateAt(at - 1_000);
      expect(Math.abs(change)).toBeGreaterThan(300);
      expect(load.upMs.includes(at)).toBe(change > 0);
    }
  });
});

it("the walk is another for another seed, and the same for the same", () => {
  const walk = (seed: number): number => loadNamed("random-walk", seed).curve(1_000).arrivedBy(43_200_000);
  expect(walk(1)).toBe(walk(1));
  expect(walk(1)).not.toBe(walk(2));
});

it("an unknown name is refused with the names that there are", () => {
  expect(() => loadNamed("steep", 1)).toThrow(/got steep; expected one of step, ramp/);
});
