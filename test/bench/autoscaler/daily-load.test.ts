import { describe, expect, it } from "vitest";
import type { LoadFile } from "../load-file.ts";
import { cutOf, dailyLoadOf } from "./daily-load.ts";

const DAY = 288;

/** Five-minute values of so many days, each day from 100 to 300. */
function recorded(days: number, change: (values: (number | null)[]) => void = () => {}): LoadFile {
  const values: (number | null)[] = Array.from({ length: days * DAY }, (_, i) =>
    Math.round(200 - 100 * Math.cos((2 * Math.PI * i) / DAY)),
  );
  change(values);
  return { name: "file", stepMinutes: 5, values };
}

const peakToMean = (values: readonly number[]): number =>
  Math.max(...values) / (values.reduce((a, b) => a + b, 0) / values.length);

describe("a recorded load", () => {
  it.each<[string, number, number, number]>([
    ["of three days is scored on the last", 3, 1_440, 2 * DAY],
    ["of a day and a half is scored on the last day", 1.5, 1_440, DAY / 2],
    ["of less is scored whole, without a past", 1.2, 1_725, 0],
  ])("%s", (_, days, minutes, before) => {
    const load = dailyLoadOf(recorded(days), undefined);
    expect(load).toMatchObject({ name: "file", minutes, stepMinutes: 5 });
    expect(load.before).toHaveLength(before);
  });

  it("is scaled so that its scored peak is 0.9 of what the world carries", () => {
    const { scored, before } = dailyLoadOf(recorded(2), undefined);
    expect(Math.max(...scored)).toBeCloseTo(0.9, 9);
    expect(before[0]).toBeCloseTo(0.3, 9);
  });

  it.each([2, 3, 5])("is spread to a peak of %s times its mean", (ratio) => {
    const { scored } = dailyLoadOf(recorded(1), ratio);
    expect(peakToMean(scored)).toBeCloseTo(ratio, 6);
    expect(Math.min(...scored)).toBeGreaterThanOrEqual(0);
  });

  it("holds a gap at the value before it where it is scored, and keeps it in the past", () => {
    const { scored, before } = dailyLoadOf(
      recorded(2, (values) => values.fill(null, 10, 13).fill(null, DAY + 10, DAY + 13)),
      undefined,
    );
    expect(scored.slice(10, 13)).toEqual(Array(3).fill(scored[9]));
    expect(before.slice(10, 13)).toEqual([null, null, null]);
  });

  it("that begins its scored part with a gap takes what came before it", () => {
    const { scored } = dailyLoadOf(
      recorded(2, (values) => values.fill(null, DAY, DAY + 2)),
      undefined,
    );
    expect(scored[0]).toBeCloseTo(0.3, 2);
  });

  it.each<[string, readonly (number | null)[], number | undefined, string]>([
    ["no load at all", [0, 0, 0], undefined, "got no rate above 0"],
    ["only gaps", [null, null], undefined, "got no rate above 0"],
    [
      "nothing on its scored day",
      [...Array(DAY).fill(5), ...Array(DAY).fill(0)],
      undefined,
      "nothing on its last day",
    ],
    ["no ups and downs to spread", Array(DAY).fill(7), 3, "it is constant"],
  ])("with %s is refused", (_, values, ratio, words) => {
    expect(() => dailyLoadOf({ name: "file", stepMinutes: 5, values }, ratio)).toThrow(words);
  });

  it.each<[string, number, string]>([
    ["0.4 % of its scored day", 1, "0.4 % of what is scored is missing and held"],
    ["half of its scored day", DAY / 2, "50.0 % of what is scored is missing and held"],
  ])("that lacks %s says so", (_, steps, words) => {
    const load = dailyLoadOf(
      recorded(2, (values) => values.fill(null, 2 * DAY - steps)),
      undefined,
    );
    expect(load.missingShare).toBeCloseTo(steps / DAY, 9);
    expect(cutOf(load)).toContain(words);
  });

  it("that lacks nothing says nothing of it", () => {
    expect(cutOf(dailyLoadOf(recorded(2), undefined))).not.toContain("missing");
  });

  it.each([DAY, DAY / 2 + 1])("that lacks %s of the 288 steps of its scored day is refused", (steps) => {
    const load = recorded(2, (values) => values.fill(null, 2 * DAY - steps));
    expect(() => dailyLoadOf(load, undefined)).toThrow(
      /got no rate for .* % of its last day; expected a record/,
    );
  });

  it("in steps of a minute has a past in steps of five", () => {
    const values = Array.from({ length: 3 * 1_440 }, (_, i) => 100 + (i % 5));
    const { before, scored } = dailyLoadOf({ name: "file", stepMinutes: 1, values }, undefined);
    expect(scored).toHaveLength(1_440);
    expect(before).toHaveLength(2 * DAY);
    expect(before[0]).toBeCloseTo((102 / 104) * 0.9, 9);
  });
});
