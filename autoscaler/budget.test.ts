import { describe, expect, it } from "vitest";
import { overBudget } from "./budget.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;

describe("the budget of rescales", () => {
  it.each<[string, number | null, readonly number[], boolean, string | null]>([
    // per day, hours ago, shrinks, refusal
    ["none set allows any number", null, [1, 2, 3], false, null],
    ["allows the first", 1, [], false, null],
    ["allows the last for scaling up", 3, [1, 2], false, null],
    [
      "keeps the last from scaling down",
      3,
      [1, 2],
      true,
      "2 of 3 rescales within 24 h are spent; the last one is kept for scaling up; the next one is free in 22 h",
    ],
    ["of one may be spent either way", 1, [], true, null],
    [
      "refuses one too many",
      2,
      [1, 5],
      false,
      "2 of 2 rescales within 24 h are spent; the next one is free in 19 h",
    ],
    [
      "refuses until enough are a day old",
      2,
      [1, 2, 5],
      false,
      "3 of 2 rescales within 24 h are spent; the next one is free in 22 h",
    ],
    ["forgets after a day", 2, [1, 24, 30], false, null],
  ])("%s", (_, perDay, hoursAgo, shrinks, expected) => {
    const earlier = hoursAgo.map((h) => NOW - h * HOUR);
    expect(overBudget({ perDay, earlier, shrinks, now: NOW })).toBe(expected);
  });
});
