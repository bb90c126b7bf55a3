import { describe, expect, it } from "vitest";
import { aVertex } from "../../../test/support/worlds.ts";
import type { VertexPlan } from "../world.ts";
import { createRandom } from "./random.ts";
import { serviceOf } from "./service.ts";

const costs = (plan: Partial<VertexPlan>, attempts: number): number[] =>
  Array.from({ length: attempts }, (_, n) => {
    const { cpuMs, waitMs } = serviceOf(aVertex("v", plan), 4, createRandom(7, `attempt ${n}`));
    return cpuMs + waitMs;
  });
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("what a record costs in an attempt", () => {
  it("is what the plan says where nothing was measured", () => {
    expect(serviceOf(aVertex("v", { cpuMs: 1, waitMs: 3 }), 4, createRandom(1, "a"))).toEqual({
      cpuMs: 1,
      waitMs: 3,
    });
  });

  it("follows from the capacity at its parallelism, CPU and waiting in the plan's proportion", () => {
    // 4 subtasks read 800/s: 5 ms a record.
    const plan = aVertex("v", {
      cpuMs: 1,
      waitMs: 3,
      capacity: [
        [1, 300],
        [4, 800],
      ],
    });
    const { cpuMs, waitMs } = serviceOf(plan, 4, createRandom(1, "a"));
    expect(cpuMs).toBeCloseTo(1.25, 9);
    expect(waitMs).toBeCloseTo(3.75, 9);
  });

  it("is all CPU where the plan gives no proportion", () => {
    const service = serviceOf(aVertex("v", { capacity: [[4, 1_000]] }), 4, createRandom(1, "a"));
    expect(service).toEqual({ cpuMs: 4, waitMs: 0 });
  });

  it("differs from attempt to attempt by the repeat-to-repeat spread", () => {
    const logs = costs({ cpuMs: 1, attemptNoise: 0.2 }, 2_000).map((cost) => Math.log(cost));
    const sigma = Math.sqrt(mean(logs.map((l) => (l - mean(logs)) ** 2)));
    expect(sigma).toBeGreaterThan(0.18);
    expect(sigma).toBeLessThan(0.22);
    // The capacity, and so 1 / cost, has the mean that was measured.
    expect(mean(logs.map((l) => Math.exp(-l)))).toBeCloseTo(1, 1);
  });

  it("collapses as often as it should, to what it should", () => {
    const bad = costs({ cpuMs: 1, collapse: { chance: 0.1, to: 0.4 } }, 2_000).filter((cost) => cost > 1);
    expect(bad.length).toBeGreaterThan(150);
    expect(bad.length).toBeLessThan(250);
    expect(new Set(bad)).toEqual(new Set([2.5]));
  });
});
