import { describe, expect, it } from "vitest";
import { aConfig, aVertex } from "../test/support/scale-inputs.ts";
import { restartPauseOf, withOwnCost } from "./learned-overrides.ts";
import { autoscalerSettings, compileAutoscalerSettings } from "./settings.ts";

it.each([
  ["what people say counts", "9s", 4_000, 9_000],
  ["else what was measured", undefined, 4_000, 4_000],
  ["else the assumption", undefined, null, 3_000],
])("the pause of a rescale: %s", (_, restartPause, measured, expected) => {
  const settings = { restartPause: "3s", learned: { restartPause } };
  const config = compileAutoscalerSettings(autoscalerSettings.parse(settings));
  expect(restartPauseOf(measured, config)).toBe(expected);
});

describe("the cost of a vertex that people know better", () => {
  const vertex = aVertex({ name: "work", parallelism: 4, costMs: 1, arrivalRate: 1_000 });
  const withCosts = (costMs: Record<string, number>) =>
    aConfig({ learned: { restartPauseMs: null, costMs, windowMs: null } });

  it("brings its capacity and utilisation with it", () => {
    expect(withOwnCost("v1", vertex, withCosts({ work: 2 }))).toEqual({
      ...vertex,
      costMs: 2,
      capacity: 2_000,
      utilization: 0.5,
    });
  });

  it.each([
    ["the id counts before the name", { v1: 4, work: 2 }, 4],
    ["another vertex is left alone", { sink: 4 }, 1],
    ["a name that every object has is no setting", {}, 1],
  ])("%s", (_, costs, expected) => {
    const named = expected === 1 ? { ...vertex, name: "constructor" } : vertex;
    expect(withOwnCost("v1", named, withCosts(costs)).costMs).toBe(expected);
  });

  it("leaves a missing arrival rate missing", () => {
    const unknown = aVertex({ name: "work", arrivalRate: null });
    expect(withOwnCost("v1", unknown, withCosts({ work: 2 })).utilization).toBeNull();
  });
});
