import { describe, expect, it } from "vitest";
import { aConfig, aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { excludedPeriod } from "./excluded-period.ts";
import { autoscalerSettings, compileAutoscalerSettings } from "./settings.ts";

const CLOSE = { name: "month end", time: "11:00", for: "3h", timeZone: "UTC" };
const UNTIL = "the excluded period month end goes on for 2 h";
const calm = aVertex({ source: true });
const swamped = aVertex({ source: true, arrivalRate: 2_000 });

describe("an excluded period", () => {
  it.each<[string, Record<string, unknown>, typeof calm, "up" | "down" | "both" | "none", string]>([
    ["outside of it nothing is held", { time: "13:00" }, swamped, "up", "pass no excluded period"],
    ["holds a scale-down", {}, calm, "down", `veto ${UNTIL}`],
    ["holds a scale-up, also of a job that falls behind", {}, swamped, "up", `veto ${UNTIL}`],
    [
      "lets one that falls behind grow where it says so",
      { allowScaleUp: true },
      swamped,
      "up",
      `pass ${UNTIL}, but the job falls behind`,
    ],
    [
      "does not let a calm one grow even then",
      { allowScaleUp: true },
      calm,
      "up",
      `veto ${UNTIL}, and the job does not fall behind`,
    ],
    [
      "does not let it shrink elsewhere even then",
      { allowScaleUp: true },
      swamped,
      "both",
      `veto ${UNTIL}, and the job does not fall behind`,
    ],
    ["is no reason where nothing is to be done", {}, calm, "none", "pass nothing is to be changed"],
  ])("%s", (_, changes, vertex, direction, expected) => {
    const settings = autoscalerSettings.parse({ excludedPeriods: [{ ...CLOSE, ...changes }] });
    const proposed = { config: compileAutoscalerSettings(settings), now: NOW, direction };
    const { verdict, sentence } = excludedPeriod(someInputs({ v: vertex }), proposed);
    expect(`${verdict} ${sentence}`).toBe(expected);
  });
});

it("without any period nothing is held", () => {
  const proposed = { config: aConfig(), now: NOW, direction: "down" } as const;
  expect(excludedPeriod(someInputs({ v: calm }), proposed).verdict).toBe("pass");
});
