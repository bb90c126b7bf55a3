import { describe, expect, it } from "vitest";
import { type Figure, figuresOf } from "./fidelity-figures.ts";
import { FIDELITY_PLANS, type FidelityPlan } from "./fidelity-plan.ts";
import { ridePlan } from "./fidelity-run.ts";
import { startSimulatedTarget } from "./fidelity-simulated.ts";

const quick = FIDELITY_PLANS.filter((p) => p.name === "quick");

async function rideOf(plan: FidelityPlan, version: "1.20.5" | "2.3.0"): Promise<readonly Figure[]> {
  const target = await startSimulatedTarget(version, plan.startRate, 1);
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
