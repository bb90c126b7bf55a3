import { expect, it } from "vitest";
import { coarser } from "./steps.ts";

const MIN = 60_000;
const series = (values: readonly (number | null)[]) => ({ from: 0, stepMs: 5 * MIN, values });

it("a coarser grid counts from the end, so that its newest step is whole", () => {
  const steps = coarser(series([99, 1, 2, 3, 4, 5, 9]), 15 * MIN);
  expect(steps).toMatchObject({ mean: [2, 6], most: [3, 9], last: 9, seen: 6 });
});

it.each<[string, readonly (number | null)[], readonly (number | null)[]]>([
  ["has no value where nothing was seen", [1, 1, 1, null, null, null, 2, 2, 2], [1, null, 2]],
  ["takes the mean of what was seen", [1, null, 3, 4, null, null], [2, 4]],
  ["drops what is missing at the beginning", [null, null, null, 4, 4, 4], [4]],
  ["takes negative and NaN for missing", [-1, Number.NaN, 3], [3]],
  ["is empty without values", [], []],
])("a coarser grid %s", (_, values, expected) => {
  expect(coarser(series(values), 15 * MIN).mean).toEqual(expected);
});

it("refuses steps that are no multiple of the series' own, with the numbers", () => {
  expect(() => coarser(series([1]), 7 * MIN)).toThrow(
    /420000 ms over a series of 300000 ms; expected a multiple/,
  );
});
