import { describe, expect, it } from "vitest";
import { isExcluded, type Period, parsePeriod, splitPeriods } from "./excluded-periods.ts";

const at = (text: string): number => Date.parse(text);
const inside = (text: string, moment: string, timeZone = "UTC"): boolean => {
  const period = parsePeriod(text);
  if (typeof period === "string") throw new Error(period);
  return isExcluded([period], at(moment), timeZone);
};

/** 2026-11-20 is a Friday. */
describe("an excluded period", () => {
  it.each<[string, string, boolean]>([
    ["9:30:30-10:50:20", "2026-11-20T09:30:29Z", false],
    ["9:30:30-10:50:20", "2026-11-20T09:30:30Z", true],
    ["9:30:30-10:50:20", "2026-11-20T10:50:20Z", true],
    ["9:30:30-10:50:20", "2026-11-20T10:50:21Z", false],
    ["* * 9-11,14-16 * * ?", "2026-11-20T11:59:59Z", true],
    ["* * 9-11,14-16 * * ?", "2026-11-20T12:00:00Z", false],
    ["* * * ? * 2-6", "2026-11-20T12:00:00Z", true],
    ["* * * ? * 2-6", "2026-11-21T12:00:00Z", false],
    ["* * * ? * MON-FRI", "2026-11-22T12:00:00Z", false],
    ["* * * ? * FRI-MON", "2026-11-22T12:00:00Z", true],
    ["* 0/15 * * * ?", "2026-11-20T12:45:10Z", true],
    ["* 0/15 * * * ?", "2026-11-20T12:46:10Z", false],
    ["* * * L * ?", "2026-11-30T00:00:00Z", true],
    ["* * * L-2 * ?", "2026-11-28T00:00:00Z", true],
    ["* * * LW * ?", "2026-10-30T00:00:00Z", true],
    ["* * * 15W * ?", "2026-11-16T00:00:00Z", true],
    ["* * * ? * 6L", "2026-11-27T00:00:00Z", true],
    ["* * * ? * 6L", "2026-11-20T00:00:00Z", false],
    ["* * * ? * FRI#3", "2026-11-20T00:00:00Z", true],
    ["* * * ? NOV *", "2026-11-20T00:00:00Z", true],
    ["* * * ? * * 2027", "2026-11-20T00:00:00Z", false],
    ["9:00:00-10:00:00 && * * * ? * 2,6", "2026-11-20T09:30:00Z", true],
    ["9:00:00-10:00:00 && * * * ? * 2,6", "2026-11-19T09:30:00Z", false],
  ])("%s at %s: %s", (text, moment, expected) => {
    expect(inside(text, moment)).toBe(expected);
  });

  it("goes by the clock of its time zone", () => {
    expect(inside("1:00:00-2:00:00", "2026-07-01T23:30:00Z", "Europe/Berlin")).toBe(true);
    expect(inside("1:00:00-2:00:00", "2026-07-01T23:30:00Z")).toBe(false);
  });

  it.each([
    "09:13:17-25:15:18",
    "18:01:20-16:00:00",
    "9:00-10:00 && 11:00-12:00",
    "* * 9 * * ? && * * 10 * * ?",
    "9:00-10:00 && * * 9 * * ? && 11:00-12:00",
    "* * * * * *",
    "* * * ? * ?",
    "60 * * * * ?",
    "* * * ? * 8",
    "* * * 32 * ?",
    "*/0 * * * * ?",
    "hello",
    "",
  ])("%s is refused with a reason", (text) => {
    expect(typeof parsePeriod(text)).toBe("string");
  });

  it("any of several is enough", () => {
    const periods = splitPeriods("1:00:00-2:00:00; * * 9 * * ?").map(parsePeriod) as readonly Period[];
    expect(isExcluded(periods, at("2026-11-20T09:30:00Z"), "UTC")).toBe(true);
    expect(isExcluded(periods, at("2026-11-20T10:30:00Z"), "UTC")).toBe(false);
  });
});
