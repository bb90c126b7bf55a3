import { expect, it } from "vitest";
import type { LoadForecast } from "../model/index.ts";
import { aRescaleAgo } from "../test/support/rescales.ts";
import { aConfig, aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { propose } from "./propose.ts";

/** A season that expects no more than arrives now. */
const SEASON: LoadForecast = {
  from: NOW,
  stepMs: 900_000,
  median: Array.from({ length: 96 }, () => 8_900),
  upper: Array.from({ length: 96 }, () => 8_900),
  method: "seasonal-naive-day",
};

/** 9,000 records/s at 1 ms need 10 subtasks at a target of 0.95; the job has one, and grew for less so many times. */
const grownFor = (
  growths: readonly (readonly [minutesAgo: number, load: number])[],
  forecast: LoadForecast | null,
) => {
  const work = aVertex({
    arrivalRate: 9_000,
    peakArrivalRate: 9_000,
    beta: 1,
    confidence: 1,
    source: true,
  });
  const rescales = growths.map(([minutesAgo, load]) => aRescaleAgo(minutesAgo, "up", load));
  return propose(someInputs({ work }, { rescales, forecast }), aConfig({ targetUtilization: 0.95 })).proposal[
    "work"
  ];
};

it.each<[string, readonly (readonly [number, number])[], LoadForecast | null, number]>([
  ["a tenth more than arrives, where nobody knows what comes", [], null, 11],
  ["a fifth where it has outgrown a size", [[30, 5_000]], null, 12],
  [
    "two fifths where it has outgrown two",
    [
      [60, 4_000],
      [30, 6_000],
    ],
    null,
    14,
  ],
  [
    "no more than that however often",
    [
      [90, 2_000],
      [60, 4_000],
      [30, 6_000],
    ],
    null,
    14,
  ],
  ["nothing more for a growth of over two hours ago", [[150, 5_000]], null, 11],
  ["nothing more for a growth under the load of now", [[30, 8_900]], null, 11],
  ["what the season says, which is believed the first time", [], SEASON, 10],
  ["a tenth more where the season was outgrown", [[30, 5_000]], SEASON, 11],
  [
    "a fifth more where it was outgrown twice",
    [
      [60, 4_000],
      [30, 6_000],
    ],
    SEASON,
    12,
  ],
])("a load that has to be grown for gets %s", (_, growths, forecast, subtasks) => {
  expect(grownFor(growths, forecast)).toBe(subtasks);
});
