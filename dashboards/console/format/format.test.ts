import { describe, expect, it } from "vitest";
import { formatAge, formatUntil } from "./age.ts";
import { formatBytes, formatCount, formatRate, formatShare, shorten, shortenName } from "./number.ts";

describe("a number that is missing is never 0", () => {
  it.each([formatBytes, formatCount, formatRate, formatShare, shorten])("by %o", (format) => {
    for (const missing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(format(missing)).toBe("–");
    }
  });
});

describe("numbers", () => {
  it.each([
    [formatCount(0), "0"],
    [formatCount(4039), "4,039"],
    [formatCount(5_312_000), "5.31 M"],
    [formatBytes(16), "16 B"],
    [formatBytes(83_393), "83.4 kB"],
    [formatBytes(2_500_000_000), "2.5 GB"],
    [shorten(999), "999"],
    [shorten(1_500), "1.5 k"],
    [shorten(12_345), "12.3 k"],
    [shorten(123_456), "123 k"],
    [shorten(2e9), "2 G"],
    [formatRate(0), "0/s"],
    [formatRate(0.42), "0.4/s"],
    [formatRate(1_500), "1,500/s"],
    [formatShare(0.524), "52 %"],
    [formatShare(3.05), "305 %"],
  ])("%s is %s", (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe("ages", () => {
  it.each([
    [0, "just now"],
    [-1_000, "just now"],
    [42_000, "42 s ago"],
    [3_900_000, "1 h 5 min ago"],
    [754_000, "13 min ago"],
    [-180_000, "just now"],
  ])("of %i ms are %s", (ms, expected) => {
    expect(formatAge(1_000_000_000, 1_000_000_000 + ms)).toBe(expected);
  });
});

describe("deadlines", () => {
  it.each([
    [180_000, "in 3 min"],
    [0, "now"],
    [-60_000, "now"],
  ])("%i ms ahead are %s", (ms, expected) => {
    expect(formatUntil(1_000_000_000 + ms, 1_000_000_000)).toBe(expected);
  });
});

describe("a name", () => {
  it.each([
    ["work", "work"],
    ["a".repeat(10), "a".repeat(10)],
    ["Window(TumblingEventTimeWindows) -> Sink", "Window…ink"],
  ])("%s fits as %s", (name, expected) => {
    expect(shortenName(name, 10)).toBe(expected);
    expect(shortenName(name, 10).length).toBeLessThanOrEqual(10);
  });
});
