import { describe, expect, it } from "vitest";
import { aRescale } from "../test/support/rescales.ts";
import { aConfig, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { changeWorthMs, pauseWorthMs } from "./price.ts";

const MINUTE = 60_000;
const today = (times: number) =>
  Array.from({ length: times }, (_, i) => aRescale({ at: NOW - (i + 1) * MINUTE }));

describe("changeWorthMs", () => {
  it.each([
    ["the first of a day that is not known", 0, false, 20],
    ["the third", 2, false, 45],
    ["the first of a day that is known", 0, true, 45],
    ["never more than two hours of the job", 8, true, 120],
  ])("%s", (_, times, planned, minutes) => {
    const inputs = someInputs({}, { rescales: today(times), patienceMs: 0 });
    expect(changeWorthMs(inputs, planned)).toBe(minutes * MINUTE);
  });
});

describe("pauseWorthMs", () => {
  it.each([
    ["nothing where the pause is within the objective", 30, 0, 1.01, 0],
    // 150 s above the objective and 150 s to drain, of 432 s that a day may have: × 25.
    ["what is spare after it tells how long the lag stays", 180, 0, 2, 300 * 25],
    // One pause of today leaves 432 − 150 = 282 s: 18 s exceed it and count eight times.
    ["what earlier pauses of today have taken is not there any more", 180, 1, 2, 282 * 25 + 18 * 200],
    ["three pauses leave nothing", 180, 3, 2, 300 * 200],
    ["an hour where nothing is spare", 180, 0, 1, 432 * 25 + (3_600 - 432) * 200],
  ])("%s", (_, pauseS, times, headroom, seconds) => {
    const inputs = someInputs({}, { rescales: today(times), restartPauseMs: pauseS * 1_000 });
    expect(pauseWorthMs(inputs, aConfig({ lagObjectiveMs: 30_000 }), headroom)).toBeCloseTo(
      seconds * 1_000,
      6,
    );
  });
});
