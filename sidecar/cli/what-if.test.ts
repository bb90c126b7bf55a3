import { describe, expect, it } from "vitest";
import type { Course } from "../whatif/course.ts";
import { bodyOf } from "./what-if.ts";
import { sparkline, whatIfText } from "./what-if-text.ts";

describe("outrider what-if", () => {
  it.each([
    [
      { load: "x2", for: "1h" },
      { loadFactor: 2, minutes: 60 },
    ],
    [
      { load: "0.5", for: "90s" },
      { loadFactor: 0.5, minutes: 2 },
    ],
    [
      { parallelism: "work=6, a=b=3", for: "1h" },
      { parallelism: { work: 6, "a=b": 3 }, minutes: 60 },
    ],
  ])("asks %j", (flags, body) => {
    expect(bodyOf(flags)).toEqual(body);
  });

  it.each([
    [{ for: "1h" }, "say what is to be tried"],
    [{ load: "x", for: "1h" }, "--load"],
    [{ load: "-1", for: "1h" }, "--load"],
    [{ parallelism: "work", for: "1h" }, "--parallelism"],
    [{ parallelism: "work=0", for: "1h" }, "--parallelism"],
    [{ parallelism: "work=2, work=3", for: "1h" }, "got work twice"],
    [{ load: "x2", for: "2d" }, "--for"],
  ])("refuses %j", (flags, text) => {
    expect(() => bodyOf(flags)).toThrow(text);
  });

  it.each<[(number | null)[], number, string]>([
    [[0, 5, 10], 3, "▁▄█"],
    [[null, 10], 3, " █"],
    [[1, 2, 3, 8], 2, "▂█"],
  ])("draws %j in %d columns as %s", (values, columns, curve) => {
    expect(sparkline(values, Math.max(...values.map((v) => v ?? 0)), columns)).toBe(curve);
  });

  it("says the answer first, then the curves, the numbers and what was assumed", () => {
    const course: Course = {
      name: "without",
      parallelism: {},
      points: [{ minute: 1, rate: 1, backlog: 90, lagSeconds: 90, slots: 2 }],
      peakLagSeconds: 90,
      endLagSeconds: 90,
      lateSeconds: 60,
      drainSeconds: null,
      downSeconds: 0,
      rescales: 0,
      slotsBefore: 2,
      slotsAfter: 2,
      slotHours: 0.5,
    };
    const answer = { job: "a/b/c", minutes: 1, sentence: "It grows.", courses: [course], assumed: ["Much."] };
    expect(whatIfText(answer).split("\n")).toEqual([
      "a/b/c: It grows.",
      "",
      "Lag over 1 min; the highest bar is 1 min 30 s:",
      "  as it is  █",
      "",
      "          PEAK LAG    LAG AT END  GONE AFTER  DOWN  RESCALES  SLOTS  SLOT-HOURS",
      "as it is  1 min 30 s  1 min 30 s  no          0 s   0         2      0.5",
      "",
      "Assumed: Much.",
    ]);
  });
});
