import { describe, expect, it } from "vitest";
import type { ScaleInputs } from "../model/index.ts";
import { aRescale } from "../test/support/rescales.ts";
import { aConfig, aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { bearableShortage } from "./bearable.ts";

const DAY = { from: NOW, stepMs: 900_000, method: "seasonal-profile-day", median: [100], upper: [110] };

/** 100 records/s arrive, a restart takes 8 s, the objective is 30 s. */
const bears = (utilization: number, changes: Partial<ScaleInputs>, target = 0.94): boolean =>
  bearableShortage(
    someInputs({ src: aVertex({ source: true }) }, { restartPauseMs: 8_000, forecast: DAY, ...changes }),
    utilization,
    aConfig({ targetUtilization: target, lagObjectiveMs: 30_000 }),
  ) !== null;

describe("a job that is a little short", () => {
  const grownAgo = (ms: number) => [aRescale({ at: NOW - ms })];
  it.each<[string, number, Partial<ScaleInputs>, boolean]>([
    ["is left so while little waits", 1.03, { backlog: 1_400 }, true],
    ["is not when more waits", 1.03, { backlog: 1_430 }, false],
    ["is not when it is far too small, whatever waits", 1.2, { backlog: 0 }, false],
    [
      "is not when a restart alone would take the objective",
      1,
      { backlog: 0, restartPauseMs: 180_000 },
      false,
    ],
    ["is not when no day is known", 1.03, { backlog: 0, forecast: null }, false],
    [
      "is not when the forecast knows no season",
      1.03,
      { backlog: 0, forecast: { ...DAY, method: "last-value" } },
      false,
    ],
    ["is not when the backlog is not known", 1.03, { backlog: null }, false],
    ["is not after a growth that left a backlog", 1, { backlog: 600, rescales: grownAgo(60_000) }, false],
    ["is after a growth that left none", 1, { backlog: 400, rescales: grownAgo(60_000) }, true],
    ["is long after a growth", 1, { backlog: 600, rescales: grownAgo(700_000) }, true],
  ])("%s", (_, utilization, changes, expected) => {
    expect(bears(utilization, changes)).toBe(expected);
  });

  it("is not where people asked for headroom", () => {
    expect(bears(1, { backlog: 0 }, 0.7)).toBe(false);
  });
});
