import { describe, expect, it } from "vitest";
import { FAVOURED, overrideAutoscaler } from "./favour.ts";
import { autoscalerSettings, compileAutoscalerSettings } from "./settings.ts";

type Written = Partial<(typeof autoscalerSettings)["_zod"]["input"]>;
const compiled = (all: Written, own: Written = {}) => {
  const override = own as Parameters<typeof overrideAutoscaler>[1];
  return compileAutoscalerSettings(overrideAutoscaler(autoscalerSettings.parse(all), override));
};

const { latency, balanced, cost } = FAVOURED;

describe("the slider", () => {
  it("trades slots for lag", () => {
    expect(latency.targetUtilization).toBeLessThan(balanced.targetUtilization);
    expect(balanced.targetUtilization).toBeLessThan(cost.targetUtilization);
  });

  it.each<[string, Written, Written, number, number]>([
    // all jobs, this job, target utilisation, catch-up in seconds
    ["is in the middle by itself", {}, {}, balanced.targetUtilization, 120],
    ["towards latency", { favour: "latency" }, {}, latency.targetUtilization, 60],
    ["towards cost", { favour: "cost" }, {}, cost.targetUtilization, 300],
    ["gives way to what is set by itself", { favour: "cost", targetUtilization: 0.6 }, {}, 0.6, 300],
    [
      "of a job wins over a target of all",
      { targetUtilization: 0.6, catchUp: "10s" },
      { favour: "latency" },
      latency.targetUtilization,
      60,
    ],
    ["of all gives way to a target of the job", { favour: "cost" }, { targetUtilization: 0.5 }, 0.5, 300],
    [
      "of a job gives way to a target of the job",
      {},
      { favour: "cost", catchUp: "30s" },
      cost.targetUtilization,
      30,
    ],
  ])("%s", (_, all, own, target, catchUpSeconds) => {
    const config = compiled(all, own);
    expect([config.targetUtilization, config.catchUpMs]).toEqual([target, catchUpSeconds * 1_000]);
  });
});

it("what nobody set is off", () => {
  expect(compiled({})).toMatchObject({
    metricDelayMs: 0,
    scaleUpLimit: null,
    scaleDownLimit: 1,
    schedule: [],
    excludedPeriods: [],
    freezeAfterStableMs: null,
    rescalesPerDay: null,
    maxSlots: null,
    learned: { restartPauseMs: null, costMs: {}, windowMs: null },
  });
});

it.each<[string, Record<string, unknown>]>([
  ["a factor of one, which is no growth", { scaleUpLimit: 1 }],
  ["a share above all", { scaleDownLimit: 1.1 }],
  ["no rescale a day: use mode observe", { rescalesPerDay: 0 }],
  ["no slot at all", { maxSlots: 0 }],
  ["a cost of nothing", { learned: { costMs: { work: 0 } } }],
  ["a freeze that is no duration", { freezeAfterStable: "a day" }],
  ["a slider that has no such end", { favour: "speed" }],
])("refused: %s", (_, settings) => {
  expect(autoscalerSettings.safeParse(settings).success).toBe(false);
});
