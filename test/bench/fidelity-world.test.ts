import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readWorld } from "../../engine/simulated/index.ts";
import { FIDELITY_PLANS, type FidelityPlan } from "./fidelity-plan.ts";
import { changedWorld } from "./fidelity-world.ts";

const text = readFileSync(join(import.meta.dirname, "worlds", "load-job-1.20.5.yaml"), "utf8");
const plain: FidelityPlan = { name: "n", title: "t", startRate: 1, acts: [], endS: 1, phases: [] };

interface Changed {
  readonly cluster: Record<string, unknown>;
  readonly jobs: readonly { readonly vertices: Record<string, Record<string, unknown>> }[];
}

const changed = (plan: Partial<FidelityPlan>): Changed =>
  parse(changedWorld(text, { ...plain, ...plan })) as Changed;

describe("the world of a plan", () => {
  it("is the file's own where the plan changes nothing", () => {
    expect(changed({})).toEqual(parse(text));
  });

  it("waits as long per record as the load job is told to", () => {
    const { vertices } = changed({ args: { "work-ms": 7 } }).jobs[0] ?? {};
    expect([vertices?.["work"]?.["waitMs"], vertices?.["count"]?.["waitMs"]]).toEqual([7, 1]);
  });

  it("has the plan's machines", () => {
    const { cluster } = changed({ machines: { taskManagers: 3, slots: 4 } });
    expect(cluster).toMatchObject({ taskManagers: 3, slotsPerTaskManager: 4, flinkVersion: "1.20.5" });
  });

  it("keeps what stands beside a value that is changed deep inside", () => {
    const world = changed({ world: { vertices: { count: { from: { work: { hotShare: 0.5 } } } } } });
    expect(world.jobs[0]?.vertices["count"]?.["from"]).toEqual({
      work: { ship: "hash", recordBytes: 52, hotShare: 0.5 },
    });
  });

  it.each(FIDELITY_PLANS)("of plan $name is one that the simulator takes", (plan) => {
    expect(() => readWorld(changedWorld(text, plan))).not.toThrow();
  });
});

describe("a plan", () => {
  it.each(FIDELITY_PLANS)("$name takes its phases from acts that it has, in the order of time", (plan) => {
    const known = ["start", "end", "gone", ...plan.acts.map((act) => act.name)];
    for (const { from, to } of plan.phases) expect(known).toEqual(expect.arrayContaining([from, to]));
    if (plan.step !== undefined) expect(known).toContain(plan.step);
    const times = plan.acts.map((act) => act.atS);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(Math.max(...times)).toBeLessThan(plan.endS);
  });
});
