import { describe, expect, it } from "vitest";
import { autoscalerSettings } from "../settings.ts";

const plan = { name: "p", time: "09:00", until: "17:00", timeZone: "Europe/Berlin", floor: 2 };

/** Where the schema finds fault, and what it expects there. */
function faultsOf(schedule: unknown): readonly string[] {
  const parsed = autoscalerSettings.safeParse({ schedule });
  return parsed.error?.issues.map((i) => `${i.path.slice(2).join(".")}: ${i.message}`) ?? [];
}

describe("a plan is refused", () => {
  const cases: readonly [string, Record<string, unknown>, string][] = [
    ["without a time zone", { timeZone: undefined }, "timeZone: Invalid input"],
    ["in a zone that is none", { timeZone: "Europe/Belin" }, "timeZone: an IANA time zone"],
    ["without a beginning", { time: undefined }, "time: cron, or a time"],
    ["with two beginnings", { cron: "0 9 * * *" }, "time: nothing beside cron"],
    ["without an end", { until: undefined }, "for: for, or until"],
    ["with two ends", { for: "8h" }, "for: for or until, not both"],
    ["with no length", { until: undefined, for: "0s" }, "for: a duration above 0"],
    ["at an hour that no day has", { time: "24:00" }, "time: a time of day"],
    ["on a day that no year has", { date: "2026-02-30" }, "date: a day that the calendar has"],
    ["in a month that no year has", { date: "2026-13-01" }, "date: a day that the calendar has"],
    ["on days and a date", { days: ["mon"], date: "2026-12-24" }, "date: days or date, not both"],
    ["with a pattern of words", { time: undefined, cron: "at nine" }, "cron: five cron fields"],
    ["with a pattern of seconds", { time: undefined, cron: "0 0 9 * * 1" }, "cron: five cron fields"],
    [
      "with a pattern that never comes",
      { time: undefined, cron: "0 9 31 4 *" },
      "cron: a time that comes to pass",
    ],
    ["that says nothing", { floor: undefined }, "floor: a floor or a ceiling"],
    ["with a floor above its ceiling", { ceiling: 1 }, "floor: at most 1"],
    [
      "with a vertex's floor above the plan's ceiling",
      { ceiling: 4, vertices: { sink: { floor: 5 } } },
      "vertices.sink.floor: at most 4",
    ],
    ["with a key that is none", { flor: 3 }, ": Unrecognized key"],
  ];
  it.each(cases)("%s", (_, changes, expected) => {
    const faults = faultsOf([{ ...plan, ...changes }]);
    expect(
      faults.some((f) => f.startsWith(expected)),
      faults.join("; "),
    ).toBe(true);
  });

  it("when there are too many", () => {
    expect(faultsOf(Array.from({ length: 101 }, () => plan))).toHaveLength(1);
  });
});

it.each([
  ["days and a time", {}],
  ["cron and a length", { time: undefined, until: undefined, cron: "0 9 * * MON-FRI", for: "8h" }],
  ["a date", { date: "2028-02-29" }],
  ["vertices alone", { floor: undefined, vertices: { "Sink: Writer": { ceiling: 4 } } }],
])("a plan may have %s", (_, changes) => {
  expect(faultsOf([{ ...plan, ...changes }])).toEqual([]);
});
