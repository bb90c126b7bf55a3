import { describe, expect, it } from "vitest";
import { Past } from "./past.ts";

const DAY = 4;

function pastOf(values: readonly (number | null)[]): Past {
  const past = new Past(values.length, DAY);
  for (const value of values) past.add(value);
  return past;
}

const valuesOf = (past: Past): number[] => Array.from(past.values.slice(0, past.length));

describe("the past", () => {
  it.each<[string, readonly (number | null)[], readonly number[]]>([
    ["leaves out what is missing before the first value", [null, null, 5, 6], [5, 6]],
    ["holds the last value where there is no day before", [5, null, null], [5, 5, 5]],
    [
      "moves it as the load moved a day before",
      [10, 20, 30, 20, 11, null, null],
      [10, 20, 30, 20, 11, 21, 31],
    ],
    ["never fills in less than nothing", [50, 10, 10, 10, 20, null], [50, 10, 10, 10, 20, 0]],
    ["takes negative, NaN and absurd values for missing", [7, -1, Number.NaN, 1e300], [7, 7, 7, 7]],
    ["takes 0 for 0", [7, 0], [7, 0]],
  ])("%s", (_, given, expected) => {
    expect(valuesOf(pastOf(given))).toEqual(expected);
  });

  it("tells what was seen from what was filled in", () => {
    const past = pastOf([null, 3, null, 4]);
    expect([0, 1, 2].map((i) => past.isSeen(i))).toEqual([true, false, true]);
  });

  it("keeps logarithms that lead back to the values, zeros too", () => {
    const past = pastOf([0, 100, 200, 300, 200, 100, 1e6]);
    const back = Array.from(past.logs.slice(0, past.length), (log) => past.fromLog(log));
    valuesOf(past).forEach((value, i) => {
      expect(back[i]).toBeCloseTo(value, 6);
    });
  });

  it("has logarithms of a load that was 0 from the beginning", () => {
    const past = pastOf([0, 0, 0, 0, 0, 0, 10]);
    expect(Array.from(past.logs).every(Number.isFinite)).toBe(true);
  });

  it("puts what is usual in the place of what was odd, as not seen", () => {
    const past = pastOf([10, 10, 10, 90, 90, 10, 10]);
    past.repair(3, 4, () => 12);
    expect(valuesOf(past)).toEqual([10, 10, 10, 12, 12, 10, 10]);
    expect([past.isSeen(2), past.isSeen(3), past.isSeen(5)]).toEqual([true, false, true]);
    expect(past.logs[3]).toBeCloseTo(past.toLog(12), 9);
  });
});
