import { describe, expect, it } from "vitest";
import type { PastRescale } from "../model/index.ts";
import { aRescaleAgo } from "../test/support/rescales.ts";
import { NOW } from "../test/support/scale-inputs.ts";
import { FREEZE_MS, frozenSince, hasMoved, loadAt } from "./oscillation.ts";

describe("rescales", () => {
  it.each<[string, readonly PastRescale[], number | null]>([
    [
      "up, down, up freeze the job with the newest",
      [aRescaleAgo(50, "up"), aRescaleAgo(30, "down"), aRescaleAgo(5, "up")],
      5,
    ],
    [
      "down, up, down freeze it too",
      [aRescaleAgo(50, "down"), aRescaleAgo(30, "up"), aRescaleAgo(5, "down")],
      5,
    ],
    ["up and down do not", [aRescaleAgo(30, "up"), aRescaleAgo(5, "down")], null],
    ["up, up, down do not", [aRescaleAgo(50, "up"), aRescaleAgo(30, "up"), aRescaleAgo(5, "down")], null],
    [
      "one for both directions does not count",
      [aRescaleAgo(50, "up"), aRescaleAgo(40, "both"), aRescaleAgo(30, "down"), aRescaleAgo(5, "up")],
      5,
    ],
    [
      "under loads 20 % apart do not",
      [aRescaleAgo(50, "up"), aRescaleAgo(30, "down", 79), aRescaleAgo(5, "up")],
      null,
    ],
    [
      "under loads 10 % apart do",
      [aRescaleAgo(50, "up"), aRescaleAgo(30, "down", 90), aRescaleAgo(5, "up")],
      5,
    ],
    [
      "that took more than an hour do not",
      [aRescaleAgo(66, "up"), aRescaleAgo(30, "down"), aRescaleAgo(5, "up")],
      null,
    ],
    [
      "whose oscillation was followed by another change stay frozen until its hour is over",
      [aRescaleAgo(58, "up"), aRescaleAgo(50, "down"), aRescaleAgo(40, "up"), aRescaleAgo(5, "up")],
      40,
    ],
    ["are none", [], null],
  ])("%s", (_, rescales, minutesAgo) => {
    const at = frozenSince(rescales, NOW)?.at;
    expect(at).toBe(minutesAgo === null ? undefined : NOW - minutesAgo * 60_000);
  });

  it("are thawed to the millisecond", () => {
    const rescales = [aRescaleAgo(50, "up"), aRescaleAgo(30, "down"), aRescaleAgo(0, "up")];
    expect(frozenSince(rescales, NOW + FREEZE_MS - 1)).not.toBeNull();
    expect(frozenSince(rescales, NOW + FREEZE_MS)).toBeNull();
  });

  it("tell the load that they were decided for", () => {
    expect(loadAt({ ...aRescaleAgo(5, "up"), consumedBefore: 50, consumedAfter: 80 })).toBe(50);
    expect(loadAt({ ...aRescaleAgo(5, "up"), consumedBefore: null, consumedAfter: 80 })).toBe(80);
    expect(loadAt({ ...aRescaleAgo(5, "up"), consumedBefore: null, consumedAfter: null })).toBeNull();
  });
});

it.each([
  [100, 79, true],
  [79, 100, true],
  [100, 81, false],
  [0, 0, false],
  [0, 5, true],
  [null, 5, false],
])("a load of %s that becomes %s has moved: %s", (before, after, moved) => {
  expect(hasMoved(before, after)).toBe(moved);
});
