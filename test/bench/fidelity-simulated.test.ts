import { describe, expect, it } from "vitest";
import { type Figure, figuresOf } from "./fidelity-figures.ts";
import { FIDELITY_PLANS, type FidelityPlan } from "./fidelity-plan.ts";
import { ridePlan } from "./fidelity-run.ts";
import { startSimulatedTarget } from "./fidelity-simulated.ts";

const quick = FIDELITY_PLANS.filter((p) => p.name === "quick");
const stages = FIDELITY_PLANS.filter((p) => ["skew", "window", "loss"].includes(p.name));

async function rideOf(plan: FidelityPlan, version: "1.20.5" | "2.3.0"): Promise<readonly Figure[]> {
  const target = await startSimulatedTarget(version, plan, 1);
  try {
    return figuresOf(plan, await ridePlan(plan, target));
  } finally {
    await target.close();
  }
}

describe.each(["1.20.5", "2.3.0"] as const)("a ride on simulated Flink %s", (version) => {
  it.each(quick)("sees every figure over REST, and the rescale as this version does it", async (plan) => {
    const figures = await rideOf(plan, version);
    expect(figures.filter((f) => f.value === undefined)).toEqual([]);
    const seen = Object.fromEntries(figures.map((f) => [f.name, f.value ?? Number.NaN]));
    // A plan's PUT comes 2.5 s after a checkpoint's trigger; from 2.0 on Flink waits for the next one to complete.
    const waits = seen["from the PUT to RUNNING"];
    if (version === "1.20.5") expect(waits).toBeLessThan(1);
    else expect(waits).toBeGreaterThan(2.5);
    expect(seen["highest pending"], "1,000/s more than it can read, for 8 s").toBeGreaterThan(3_000);
    expect(seen["age of the restored checkpoint"]).toBeGreaterThan(1);
  });
});

describe("a ride on simulated Flink 1.20.5", () => {
  it.each(stages)("sees every figure of plan $name", { timeout: 60_000 }, async (plan) => {
    const figures = await rideOf(plan, "1.20.5");
    expect(figures.filter((f) => f.value === undefined)).toEqual([]);
    const read = (group: string) =>
      figures.find((f) => f.group === group && f.name === "read by work, by the target's time")?.value;
    const seen = Object.fromEntries(figures.map((f) => [f.name, f.value ?? Number.NaN]));
    if (plan.name === "skew") {
      // 1,000 ms of the hottest of 4 (8) subtasks ÷ 2 ms ÷ its share: 0.3 + 0.7 / 4 (8).
      expect(read("overload at 2/4")).toBeCloseTo(500 / 0.475, -2);
      expect(read("overload at 2/8")).toBeCloseTo(500 / 0.3875, -2);
    }
    if (plan.name === "window")
      expect(seen["read by drop, by the target's time"], "1,000 keys a second at most").toBeLessThan(1_000);
    if (plan.name === "loss")
      expect(seen["from the loss to RUNNING for good"], "until it is dropped").toBeGreaterThan(10.7);
  });
});
