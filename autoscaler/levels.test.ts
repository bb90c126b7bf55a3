import { describe, expect, it } from "vitest";
import type { LoadForecast } from "../model/index.ts";
import { aConfig, aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { propose } from "./propose.ts";

const flat = (method: string, rate: number): LoadForecast => ({
  from: NOW,
  stepMs: 900_000,
  median: Array.from({ length: 96 }, () => rate),
  upper: Array.from({ length: 96 }, () => rate),
  method,
});

/** One source that could do with far less, 1,000 records/s a subtask. */
const tooLarge = (rate: number, method: string) =>
  propose(
    someInputs(
      { src: aVertex({ source: true, parallelism: 24, arrivalRate: rate, peakArrivalRate: rate }) },
      { forecast: flat(method, rate) },
    ),
    aConfig(),
  );

describe("a job that is far too large under a steady load", () => {
  it.each([
    ["with a season", "seasonal-naive-day", 4_000, 5],
    ["without a season, with a tenth to spare", "last-value", 4_000, 5],
    // 940 are what one subtask carries at the target: exactly 4 would do, but not with a tenth to spare.
    ["without a season, where the exact size has nothing to spare", "last-value", 3_760, 5],
    ["with a season, where the exact size is enough", "seasonal-naive-day", 3_760, 4],
  ])("is made smaller now, not at the next step for ever: %s", (_, method, rate, parallelism) => {
    const { proposal, cause } = tooLarge(rate, method);
    expect({ proposal, cause }).toEqual({ proposal: { src: parallelism }, cause: "saving" });
  });
});
