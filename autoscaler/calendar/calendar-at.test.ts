import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { autoscalerSettings, compileAutoscalerSettings } from "../settings.ts";
import { calendarAt, excludedAt, plannedFor, spanAt } from "./calendar-at.ts";

type Written = Record<string, unknown>;
const configOf = (settings: { schedule?: Written[]; excludedPeriods?: Written[] }) =>
  compileAutoscalerSettings(autoscalerSettings.parse(settings));
const at = (text: string): number => Date.parse(text);
const BERLIN = { timeZone: "Europe/Berlin" };

/** What is in force at an instant: `in` with its end, or `out`. */
function stateOf(period: Written, now: string): string {
  const span = excludedAt(configOf({ excludedPeriods: [period] }), at(now));
  return span === null ? "out" : `in until ${new Date(span.until).toISOString().slice(0, 16)}`;
}

describe("a period of the calendar", () => {
  const office = { time: "09:00", until: "17:30", days: ["mon", "tue", "wed", "thu", "fri"], ...BERLIN };
  const night = { time: "22:00", until: "06:00", ...BERLIN };
  const early = { time: "02:30", for: "1h", ...BERLIN };
  const cases: readonly [string, Written, string, string][] = [
    ["begins at its very instant", office, "2026-11-20T08:00:00Z", "in until 2026-11-20T16:30"],
    ["is out one millisecond before", office, "2026-11-20T07:59:59.999Z", "out"],
    ["ends just before its end", office, "2026-11-20T16:29:59.999Z", "in until 2026-11-20T16:30"],
    ["is out at its end", office, "2026-11-20T16:30:00Z", "out"],
    ["keeps its days", office, "2026-11-21T10:00:00Z", "out"],
    ["follows summer time", office, "2026-07-01T07:00:00Z", "in until 2026-07-01T15:30"],
    ["passes midnight, before it", night, "2026-11-20T22:00:00Z", "in until 2026-11-21T05:00"],
    ["passes midnight, after it", night, "2026-11-21T04:59:00Z", "in until 2026-11-21T05:00"],
    [
      "in the night that the clocks jump is one hour short",
      night,
      "2026-03-28T23:00:00Z",
      "in until 2026-03-29T04:00",
    ],
    [
      "in the night that they go back is one hour long",
      night,
      "2026-10-25T04:30:00Z",
      "in until 2026-10-25T05:00",
    ],
    [
      "with a length runs in real hours through the jump",
      { ...night, until: undefined, for: "8h" },
      "2026-03-29T04:30:00Z",
      "in until 2026-03-29T05:00",
    ],
    [
      "that the clocks skip begins when they have jumped",
      early,
      "2026-03-29T01:00:00Z",
      "in until 2026-03-29T02:00",
    ],
    ["that they skip is out before", early, "2026-03-29T00:59:59Z", "out"],
    [
      "that they have twice is in force the first time",
      early,
      "2026-10-25T01:29:00Z",
      "in until 2026-10-25T01:30",
    ],
    ["that they have twice is out the second time", early, "2026-10-25T01:31:00Z", "out"],
    [
      "by cron",
      { cron: "0 0 1 * *", for: "2d", timeZone: "UTC" },
      "2026-12-02T23:00:00Z",
      "in until 2026-12-03T00:00",
    ],
    [
      "of one date",
      { date: "2026-12-24", time: "12:00", for: "3d", ...BERLIN },
      "2026-12-27T10:59:00Z",
      "in until 2026-12-27T11:00",
    ],
    [
      "of one date is over the year after",
      { date: "2026-12-24", time: "12:00", for: "3d", ...BERLIN },
      "2027-12-24T12:00:00Z",
      "out",
    ],
    [
      "of one date is out before it",
      { date: "2026-12-24", time: "12:00", for: "3d", ...BERLIN },
      "2025-12-24T12:00:00Z",
      "out",
    ],
    [
      "whose end is its beginning lasts a day",
      { time: "06:00", until: "06:00", timeZone: "UTC" },
      "2026-11-20T05:59:00Z",
      "in until 2026-11-20T06:00",
    ],
    [
      "half an hour off the hour",
      { time: "09:15", for: "1h", timeZone: "Asia/Kolkata" },
      "2026-11-20T03:45:00Z",
      "in until 2026-11-20T04:45",
    ],
  ];
  it.each(cases)("%s", (_, period, now, expected) => {
    expect(stateOf(period, now)).toBe(expected);
  });

  it("says the same whether or not it was asked before, in any order", () => {
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
    const begin = fc.constantFrom("0 9 * * 1-5", "30 2 * * *", "*/15 * * * *", "0 0 29 2 *");
    const steps = fc.array(fc.integer({ min: 0, max: 400 * 24 * 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(zone, begin, steps, (timeZone, cron, minutes) => {
        const period = { begin: cron, timeZone, forMs: 5_400_000, end: null };
        for (const minute of minutes) {
          const now = at("2026-03-01T00:00:00Z") + minute * 60_000;
          const span = spanAt(period, now);
          // Padding makes it another pattern to the memory of what was computed last.
          const fresh = spanAt({ ...period, begin: `${cron}${" ".repeat(1 + (minute % 7))}` }, now);
          expect(span).toEqual(fresh);
          if (span !== null) expect(span.from <= now && now < span.until).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("plans that overlap", () => {
  const always = { time: "00:00", for: "1d", timeZone: "UTC" };
  const NOON = at("2026-11-20T12:00:00Z");
  const planned = (schedule: Written[], id: string, name: string) => {
    const state = calendarAt(configOf({ schedule: schedule.map((p) => ({ ...always, ...p })) }), NOON);
    return [plannedFor(state?.floors ?? {}, id, name), plannedFor(state?.ceilings ?? {}, id, name)];
  };
  const A = { name: "a", floor: 8, ceiling: 20 };
  const cases: readonly [string, Written[], [number | null, number | null]][] = [
    ["one plan alone", [A], [8, 20]],
    ["the highest floor and the lowest ceiling", [A, { name: "b", floor: 3, ceiling: 12 }], [8, 12]],
    [
      "a floor of one, a ceiling of another",
      [
        { name: "a", floor: 8 },
        { name: "b", ceiling: 4 },
      ],
      [8, 4],
    ],
    ["a vertex by name, in place of all", [{ ...A, vertices: { sink: { floor: 2 } } }], [2, 20]],
    ["a vertex by id", [{ ...A, vertices: { v7: { ceiling: 9 } } }], [8, 9]],
    [
      "a vertex by name in one, all in another",
      [A, { name: "b", vertices: { sink: { floor: 3 } } }],
      [8, 20],
    ],
    ["another vertex", [{ name: "b", vertices: { other: { floor: 3 } } }], [null, null]],
    ["none that is in force", [{ ...A, time: "13:00", for: "1h" }], [null, null]],
  ];
  it.each(cases)("%s", (_, schedule, expected) => {
    expect(planned(schedule, "v7", "sink")).toEqual(expected);
  });

  it("say which they are", () => {
    const schedule = [A, { ...A, name: "later", time: "13:00", for: "1h" }].map((p) => ({ ...always, ...p }));
    expect(calendarAt(configOf({ schedule }), NOON)?.plans).toEqual(["a"]);
  });

  it("mean nothing for a vertex called like something that every object has", () => {
    expect(planned([{ name: "b", vertices: { sink: { floor: 3 } } }], "constructor", "toString")).toEqual([
      null,
      null,
    ]);
  });

  it("are null where nobody has planned anything", () => {
    expect(calendarAt(configOf({}), NOON)).toBeNull();
  });
});

describe("excluded periods that overlap", () => {
  const NOON = at("2026-11-20T12:00:00Z");
  const short = { name: "short", time: "11:00", for: "2h", timeZone: "UTC" };
  const long = { name: "long", time: "10:00", for: "9h", timeZone: "UTC", allowScaleUp: true };
  it.each([
    [
      "end with the last, by the strictest word",
      [short, long],
      { name: "long", until: at("2026-11-20T19:00:00Z"), allowScaleUp: false },
    ],
    [
      "alone say what they say",
      [long],
      { name: "long", until: at("2026-11-20T19:00:00Z"), allowScaleUp: true },
    ],
    ["outside of all: nothing", [{ ...short, time: "13:00" }], null],
  ])("%s", (_, excludedPeriods, expected) => {
    const config = configOf({ excludedPeriods });
    expect(excludedAt(config, NOON)).toEqual(expected);
    expect(calendarAt(config, NOON)?.excludedUntil).toBe(expected?.until ?? null);
  });
});
