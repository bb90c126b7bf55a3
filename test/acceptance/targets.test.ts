import { afterEach, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import {
  type AutoscalerConfig,
  autoscalerSettings,
  compileAutoscalerSettings,
} from "../../autoscaler/index.ts";
import { PASS_MS, Ride, type RideOptions } from "../support/ride.ts";
import { type FlinkOptions, TroubledFlink, WORK } from "../support/troubled-flink.ts";
import { EPOCH } from "../support/worlds.ts";

// A busy machine needs long for a few dozen passes over HTTP.
vi.setConfig({ testTimeout: 60_000 });

const open: { close(): Promise<void> }[] = [];

/** One Flink per cluster, all in one time, and one Outrider beside them. */
async function start(flinks: Readonly<Record<string, FlinkOptions>>, options: Partial<RideOptions> = {}) {
  const made: Record<string, TroubledFlink> = {};
  for (const [name, flink] of Object.entries(flinks)) made[name] = await new TroubledFlink(flink).listen();
  const clusters = Object.fromEntries(Object.entries(made).map(([name, { url }]) => [name, url]));
  const ride = new Ride({ clusters, ...options });
  open.push({
    close: async () => void (await Promise.all([ride, ...Object.values(made)].map((one) => one.close()))),
  });
  return {
    ride,
    flink: (name: string): TroubledFlink => made[name] ?? expect.fail(`no cluster ${name}`),
    passes: async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const times = Object.values(made).map((flink) => flink.advance(PASS_MS));
        await ride.round(Math.max(...times));
      }
    },
    slots: (): number =>
      Object.values(made).reduce((sum, { parallelism }) => sum + Math.max(...Object.values(parallelism)), 0),
  };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe("a budget of rescales a day", () => {
  it("is kept, told with its numbers, and does not bind a person", async () => {
    const { ride, flink, passes } = await start(
      { main: { arrival: 30 } },
      { settings: { rescalesPerDay: 1, maxParallelism: 8 } },
    );
    await passes(8);
    flink("main").arrival = 100;
    await passes(15);
    expect(flink("main").changes).toHaveLength(1);
    flink("main").arrival = 400;
    await passes(10);
    expect(flink("main").changes).toHaveLength(1);
    const held = ride.acts().at(-1);
    expect(held?.permits.at(-1)).toMatchObject({ code: "budget-exhausted", by: "budget" });
    expect(held?.permits.at(-1)?.sentence).toContain("1 of 1 rescales within 24 h are spent");
    const decision = held?.record.id ?? "";
    const word = { at: 0, by: "ann", verdict: "approved", reason: null } as const;
    ride.store.appendApproval({ decision, ...word });
    await passes(3);
    expect(flink("main").changes).toHaveLength(2);
  });
});

/** Of a plan whose days are those of the simulated clock. */
const settingsOf = (settings: z.input<typeof autoscalerSettings>): Partial<AutoscalerConfig> => {
  const { schedule, excludedPeriods } = compileAutoscalerSettings(autoscalerSettings.parse(settings));
  return { schedule, excludedPeriods };
};

describe("a calendar", () => {
  /** So many minutes after the beginning of the simulated time, as a time of day in UTC. */
  const clock = (minutes: number): string => new Date(EPOCH + minutes * 60_000).toISOString().slice(11, 16);
  const ALWAYS = { time: "00:00", for: "1d", timeZone: "UTC" };

  it("lifts a job to its floor when a plan begins, and lets it go when it ends", async () => {
    const plan = { name: "rush", time: clock(1), for: "1min", timeZone: "UTC" };
    const schedule = [{ ...plan, vertices: { work: { floor: 4 } } }];
    const { ride, flink, passes } = await start(
      { main: { arrival: 30, epoch: EPOCH + 40_000 } },
      { settings: settingsOf({ schedule }) },
    );
    await passes(9);
    expect(flink("main").changes).toEqual([]);
    await passes(12);
    expect(flink("main").parallelism[WORK]).toBe(4);
    expect(ride.acts()[0]?.record.guards.find((g) => g.verdict === "amend")?.sentence).toBe(
      "scheduled floor (rush): work 4 instead of 1",
    );
    await passes(18);
    expect(flink("main").changes).toHaveLength(1);
    await passes(20);
    expect(flink("main").parallelism[WORK]).toBe(1);
    expect(flink("main").changes).toHaveLength(2);
  });

  it("caps a job that falls behind, with the plan as the reason", async () => {
    const plan = { name: "night", ...ALWAYS, ceiling: 2 };
    const { ride, flink, passes } = await start(
      { main: { arrival: 30 } },
      { settings: settingsOf({ schedule: [plan] }) },
    );
    await passes(8);
    flink("main").arrival = 400;
    await passes(30);
    expect(flink("main").parallelism[WORK]).toBe(2);
    expect(ride.view()).toMatchObject({ verdict: "scheduled-ceiling" });
    expect(ride.view().sentence).toContain("Hold: scheduled ceiling (night): work 2 instead of ");
  });

  it("holds everything in an excluded period, and nothing after it", async () => {
    const period = { name: "close", time: clock(0), for: "2min", timeZone: "UTC" };
    const { ride, flink, passes } = await start(
      { main: { arrival: 30 } },
      { settings: settingsOf({ excludedPeriods: [period] }) },
    );
    flink("main").arrival = 200;
    await passes(40);
    expect(flink("main").changes).toEqual([]);
    expect(ride.view()).toMatchObject({ verdict: "excluded-period" });
    await passes(25);
    expect(flink("main").parallelism[WORK]).toBeGreaterThan(1);
  });
});

describe("a quota of slots", () => {
  it("is all that a job gets, and the reason of the hold", async () => {
    const { ride, flink, passes } = await start({ main: { arrival: 30 } }, { settings: { maxSlots: 3 } });
    await passes(8);
    flink("main").arrival = 400;
    await passes(30);
    expect(flink("main").parallelism[WORK]).toBe(3);
    expect(ride.view()).toMatchObject({ verdict: "slot-quota" });
  });
});

describe("metrics that are late", () => {
  it("delay the first decision by as much, and change nothing else", async () => {
    const { flink, passes } = await start({ main: { arrival: 30 } }, { settings: { metricDelayMs: 10_000 } });
    await passes(20);
    flink("main").arrival = 200;
    await passes(5);
    expect(flink("main").changes).toEqual([]);
    await passes(20);
    expect(flink("main").changes).toHaveLength(1);
  });
});

describe("a budget of slots for the fleet", () => {
  it("is never exceeded, and who does not get enough says why", async () => {
    const { ride, flink, passes, slots } = await start(
      { one: { arrival: 30 }, two: { arrival: 30 } },
      { fleetSlots: 9 },
    );
    await passes(8);
    flink("one").arrival = 200;
    await passes(12);
    expect(flink("one").parallelism[WORK]).toBeGreaterThanOrEqual(5);
    flink("two").arrival = 400;
    for (let i = 0; i < 20; i++) {
      await passes(1);
      expect(slots()).toBeLessThanOrEqual(9);
    }
    const permits = ride.acts("two").flatMap((d) => d.permits);
    const held = permits.find((p) => p.by === "fleet");
    expect(held).toMatchObject({ code: "budget-exhausted" });
    expect(held?.sentence).toContain("the fleet may have 9 slots");
  });
});
