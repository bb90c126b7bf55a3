import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, formatInstant, parseDuration } from "./time.ts";

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["10 s", 10_000],
    ["10sec", 10_000],
    ["5min", 300_000],
    ["5m", 300_000],
    ["1.5h", 5_400_000],
    [" 30d ", 2_592_000_000],
    ["0s", 0],
  ])("reads %j as %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "10", "s", "-5s", "1h30m", "5 weeks", "1e3s", "constructor"])(
    "does not take %j for a duration",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

it("parseDuration does not take a property of every object for a unit", () => {
  expect(parseDuration("5constructor")).toBeUndefined();
});

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [-0.2, "0 ms"],
    [-450, "-450 ms"],
    [-3_400_000, "-56 min 40 s"],
    [Number.NEGATIVE_INFINITY, "unknown"],
    [450, "450 ms"],
    [1_000, "1 s"],
    [59_600, "1 min"],
    [90_000, "1 min 30 s"],
    [3_600_000, "1 h"],
    [3_605_000, "1 h"],
    [90_061_000, "1 d 1 h"],
    [Number.NaN, "unknown"],
    [Number.POSITIVE_INFINITY, "unknown"],
  ])("writes %d ms as %j", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("writes whole units so that parseDuration reads them back", () => {
    const unit = fc.constantFrom([1_000, 59], [60_000, 59], [3_600_000, 23], [86_400_000, 1_000]);
    const whole = unit.chain(([size = 1, most = 1]) =>
      fc.integer({ min: 1, max: most }).map((n) => n * size),
    );
    fc.assert(fc.property(whole, (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

it("an instant is written in UTC to the second", () => {
  expect(formatInstant(1_795_213_889_465)).toBe("2026-11-20T22:31:29Z");
});
