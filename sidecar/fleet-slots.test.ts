import { beforeEach, describe, expect, it } from "vitest";
import type { DecisionRecord, ScaleDecision } from "../model/index.ts";
import { aConfig, aVertex, NOW, SUBJECT, someInputs } from "../test/support/scale-inputs.ts";
import { FleetSlots } from "./fleet-slots.ts";
import type { Store } from "./store/port.ts";
import { openStore } from "./store/sqlite.ts";

let store: Store;
beforeEach(() => {
  store = openStore({ path: ":memory:", keepMs: 1_000, maxRows: 100 });
  return () => store.close();
});

const key = (name: string, cluster = "prod"): string => `${cluster}/default/${name}`;

/** A decision of a job that holds so many slots and would have so many. */
function decision(job: string, held: number, wished: number): ScaleDecision & DecisionRecord {
  return {
    ...{ kind: "scale", version: 1, id: `d-${job}`, since: NOW, times: 1, at: NOW, trigger: "pass" },
    ...SUBJECT,
    job,
    inputs: someInputs({ v: aVertex() }),
    settings: {},
    proposal: {},
    guards: [],
    effective: {},
    estimate: { pauseMs: 0, backlogAfterPause: null, drainMs: null, slotsBefore: held, slotsAfter: wished },
    reason: "scale-up",
    sentence: "",
  };
}

/** A pass that wants to act: it shows itself, then asks. */
function pass(slots: FleetSlots, job: string, held: number, wished: number, priority = 100): string | null {
  const made = decision(job, held, wished);
  slots.saw(made, priority);
  return slots.refuse(made, priority, NOW);
}

describe("the slots of the fleet", () => {
  it("are taken by who asks first, and not given twice", () => {
    const slots = new FleetSlots(20, store);
    slots.saw(decision(key("a"), 5, 5), 100);
    slots.saw(decision(key("b"), 5, 5), 100);
    expect(pass(slots, key("a"), 5, 15)).toBeNull();
    expect(pass(slots, key("b"), 5, 10)).toBe(
      "the fleet may have 20 slots and its jobs hold 20; this job holds 5 and asks for 10",
    );
  });

  it("go to the higher priority where both wait for them", () => {
    const slots = new FleetSlots(20, store);
    slots.saw(decision(key("low"), 8, 8), 100);
    expect(pass(slots, key("high"), 8, 14, 200)).toContain("; it may have 12");
    expect(pass(slots, key("low"), 8, 10)).toBe(
      "the fleet may have 20 slots and its jobs hold 16, 4 of the free ones go to jobs before it; this job holds 8 and asks for 10",
    );
  });

  it("that are left over let a job decide within them, for a while", () => {
    const slots = new FleetSlots(20, store);
    slots.saw(decision(key("b"), 10, 10), 100);
    pass(slots, key("a"), 5, 15);
    const config = aConfig({ maxSlots: 50 });
    expect(slots.within(config, key("a"), NOW + 2_000).maxSlots).toBe(10);
    expect(slots.within(config, key("b"), NOW + 2_000).maxSlots).toBe(50);
    expect(slots.within(config, key("a"), NOW + 60_000).maxSlots).toBe(50);
    expect(pass(slots, key("a"), 5, 10)).toBeNull();
    expect(slots.within(config, key("a"), NOW + 2_000).maxSlots).toBe(50);
  });

  it("are free again once a job runs with fewer", () => {
    const slots = new FleetSlots(20, store);
    pass(slots, key("a"), 15, 5);
    expect(pass(slots, key("b"), 5, 10)).not.toBeNull();
    slots.saw(decision(key("a"), 5, 5), 100);
    expect(pass(slots, key("b"), 5, 10)).toBeNull();
  });

  it("of a job that is gone are free, those of another cluster are not", () => {
    const slots = new FleetSlots(20, store);
    slots.saw(decision(key("gone"), 8, 8), 100);
    slots.saw(decision(key("far", "other"), 8, 8), 100);
    slots.keep("prod", new Set([key("a")]));
    expect(pass(slots, key("a"), 2, 10)).toBeNull();
    expect(pass(slots, key("a"), 10, 13)).not.toBeNull();
  });

  it("are known after a restart, also those behind a cluster that does not answer", () => {
    const before = new FleetSlots(20, store);
    before.saw(decision(key("far", "other"), 15, 15), 100);
    before.saw(decision(key("gone"), 3, 3), 100);
    before.keep("prod", new Set());
    const after = new FleetSlots(20, store);
    expect(pass(after, key("a"), 2, 6)).toContain("its jobs hold 17;");
    expect(pass(after, key("a"), 2, 5)).toBeNull();
  });

  it("that nobody asks for any more are not kept for him", () => {
    const slots = new FleetSlots(20, store);
    slots.saw(decision(key("low"), 8, 8), 100);
    pass(slots, key("high"), 8, 14, 200);
    slots.saw(decision(key("high"), 8, 8), 200);
    expect(pass(slots, key("low"), 8, 12)).toBeNull();
  });
});
