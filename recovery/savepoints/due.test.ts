import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueAt, jitterOf, nextDue } from "./due.ts";
import type { Calendar } from "./settings.ts";

const JOB = "prod/default/orders";
const at = (text: string): number => Date.parse(text);
const daily = (over: Partial<Calendar> = {}): Calendar => ({
  schedule: "0 3 * * *",
  timeZone: "UTC",
  jitterMs: 0,
  catchUp: true,
  ...over,
});

describe("what the calendar holds due", () => {
  const cases: readonly [string, Calendar, string, string, string | null][] = [
    ["nothing before its time", daily(), "2026-11-20T03:00:00Z", "2026-11-21T02:59:59Z", null],
    [
      "a run at its very instant",
      daily(),
      "2026-11-20T03:00:00Z",
      "2026-11-21T03:00:00Z",
      "2026-11-21T03:00:00Z",
    ],
    ["the same run only once", daily(), "2026-11-21T03:00:00Z", "2026-11-21T03:00:01Z", null],
    [
      "one run after three missed ones",
      daily(),
      "2026-11-17T03:00:00Z",
      "2026-11-20T12:00:00Z",
      "2026-11-20T03:00:00Z",
    ],
    [
      "none that was missed, where that is not wished",
      daily({ catchUp: false }),
      "2026-11-17T03:00:00Z",
      "2026-11-20T12:00:00Z",
      null,
    ],
    [
      "one that is a little late all the same",
      daily({ catchUp: false }),
      "2026-11-17T03:00:00Z",
      "2026-11-20T03:01:30Z",
      "2026-11-20T03:00:00Z",
    ],
    [
      "3 o'clock in Berlin, in winter",
      daily({ timeZone: "Europe/Berlin" }),
      "2026-11-20T02:00:00Z",
      "2026-11-21T02:00:00Z",
      "2026-11-21T02:00:00Z",
    ],
    [
      "3 o'clock in Berlin, in summer",
      daily({ timeZone: "Europe/Berlin" }),
      "2026-07-01T01:00:00Z",
      "2026-07-02T01:00:00Z",
      "2026-07-02T01:00:00Z",
    ],
  ];
  it.each(cases)("%s", (_, calendar, since, now, due) => {
    expect(dueAt(calendar, JOB, at(since), at(now))).toBe(due === null ? null : at(due));
  });

  it("a time that the clocks skip is made up for once on that day", () => {
    const calendar = daily({ schedule: "30 2 * * *", timeZone: "Europe/Berlin" });
    const due = dueAt(calendar, JOB, at("2026-03-28T01:30:00Z"), at("2026-03-29T12:00:00Z"));
    expect(due).not.toBeNull();
    expect(dueAt(calendar, JOB, due ?? 0, at("2026-03-29T12:00:00Z"))).toBeNull();
  });

  it("a time that the clocks have twice is due once", () => {
    const calendar = daily({ schedule: "30 2 * * *", timeZone: "Europe/Berlin" });
    let since = at("2026-10-24T12:00:00Z");
    const runs: number[] = [];
    for (let now = since; now < at("2026-10-25T12:00:00Z"); now += 60_000) {
      const due = dueAt(calendar, JOB, since, now);
      if (due === null) continue;
      runs.push(due);
      since = due;
    }
    expect(runs).toHaveLength(1);
  });

  it("is the run before, while the next one is less than a second away", () => {
    const calendar = { schedule: "*/15 * * * *", timeZone: "UTC", jitterMs: 0, catchUp: true };
    const since = at("2026-03-27T00:00:00Z");
    expect(dueAt(calendar, JOB, since, at("2026-03-27T00:29:59Z") + 1)).toBe(at("2026-03-27T00:15:00Z"));
  });

  it("whenever one looks, a run is due exactly once, and never in the future", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("0 3 * * *", "*/15 * * * *", "0 */6 * * 1-5", "5 4 1 * *"),
        fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"),
        fc.integer({ min: 0, max: 900_000 }),
        fc.array(fc.integer({ min: 1, max: 7_200_000 }), { minLength: 1, maxLength: 40 }),
        (schedule, timeZone, jitterMs, steps) => {
          const calendar = { schedule, timeZone, jitterMs, catchUp: true };
          let now = at("2026-03-27T00:00:00Z");
          let since = now;
          for (const step of steps) {
            now += step;
            const due = dueAt(calendar, JOB, since, now);
            const next = nextDue(calendar, JOB, since);
            if (due === null) expect(next === null || next > now).toBe(true);
            else {
              expect(due).toBeGreaterThan(since);
              expect(due).toBeLessThanOrEqual(now);
              since = due;
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("jobs are spread over the jitter, each always at its own place", () => {
    const places = Array.from({ length: 200 }, (_, i) => jitterOf(`prod/default/job-${i}`, 600_000));
    expect(new Set(places).size).toBeGreaterThan(120);
    expect(Math.max(...places)).toBeLessThanOrEqual(600_000);
    expect(jitterOf(JOB, 600_000)).toBe(jitterOf(JOB, 600_000));
  });
});
