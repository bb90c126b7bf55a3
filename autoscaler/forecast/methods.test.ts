import { describe, expect, it } from "vitest";
import { drift } from "./drift.ts";
import { holtWinters } from "./holt-winters.ts";
import { lastValue } from "./last-value.ts";
import { smoothedLevel } from "./level.ts";
import type { Method } from "./method.ts";
import { allMethods, knowsSeason, pathMethods, youngMethods } from "./methods.ts";
import { Past } from "./past.ts";
import { regression } from "./regression.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { seasonalProfile } from "./seasonal-profile.ts";

const DAY = 24;
const HORIZONS = [1, 2, 6];

/** What a method says after `count` values, and what came. */
function asked(method: Method, course: (i: number) => number, count: number, ahead: number) {
  const past = new Past(count, DAY);
  for (let i = 0; i < count; i++) {
    past.add(course(i));
    method.see(past);
  }
  return { said: method.ahead(past, ahead), came: course(count - 1 + ahead) };
}

const sine = (i: number) => 100 + 50 * Math.sin((2 * Math.PI * i) / DAY);
const growing = (i: number) => sine(i) * 1.01 ** (i / DAY);
const weekly = (i: number) => (Math.floor(i / DAY) % 7 < 5 ? sine(i) : 40);
/** Jagged, and never the same twice. */
const jagged = (i: number) => ((i * 7919) % 101) - 50;
const setup = { horizons: HORIZONS, stepsPerDay: DAY };

describe("a method is right about the load that it is made for:", () => {
  it.each<[string, Method, (i: number) => number, number, number]>([
    ["last value about one that stays", lastValue(), () => 70, 3, 0],
    ["the level about noise around a level", smoothedLevel(), (i) => 100 + jagged(i) / 5, 300, 10],
    ["drift about a ramp, one step ahead", drift(), (i) => 100 + 2 * i, 60, 2.5],
    ["yesterday about a daily one", seasonalNaive("day"), sine, 2 * DAY, 1e-9],
    ["last week about a weekly one", seasonalNaive("week"), weekly, 8 * DAY, 1e-9],
    [
      "the profile of the day about a noisy daily one",
      seasonalProfile("day", DAY),
      (i) => sine(i) + jagged(i) / 25,
      20 * DAY,
      3,
    ],
    [
      "the profile of the week about a weekly one",
      seasonalProfile("week", 7 * DAY),
      weekly,
      15 * DAY + 12,
      3,
    ],
    [
      "additive Holt-Winters about a daily one that rises",
      holtWinters("additive", HORIZONS),
      (i) => sine(i) + i / 10,
      10 * DAY,
      3,
    ],
    [
      "multiplicative Holt-Winters about one that grows",
      holtWinters("multiplicative", HORIZONS),
      growing,
      10 * DAY,
      2,
    ],
    [
      "a regression on the recent about a sine",
      regression({ ...setup, reach: "recent", logs: false }),
      sine,
      10 * DAY,
      0.5,
    ],
    [
      "a regression with yesterday about a growing one",
      regression({ ...setup, reach: "day", logs: true }),
      growing,
      10 * DAY,
      0.5,
    ],
    [
      "a regression with last week about a weekly one",
      regression({ ...setup, reach: "week", logs: false }),
      weekly,
      20 * DAY + 9,
      3,
    ],
  ])("%s", (_, method, course, count, within) => {
    for (const ahead of [1, 6]) {
      if (method.name === "drift" && ahead > 1) continue;
      const { said, came } = asked(method, course, count, ahead);
      expect(Math.abs(said - came), `${ahead} ahead: ${said} for ${came}`).toBeLessThanOrEqual(within);
    }
  });
});

/** A load with gaps, zeros and spikes. */
const hostile = (i: number): number | null => {
  if (i % 50 < 5) return null;
  if (i % 131 < 20) return 0;
  return i % 97 === 0 ? 1e9 : 100 + jagged(i);
};

describe("every method", () => {
  it.each(allMethods(setup).map((m) => [m.name, m] as const))(
    "%s: says nothing, or a rate, about a load with gaps, zeros and spikes",
    (_, method) => {
      const past = new Past(900, DAY);
      const said: number[] = [];
      for (let i = 5; i < 900; i++) {
        past.add(hostile(i));
        method.see(past);
        said.push(...HORIZONS.map((ahead) => method.ahead(past, ahead)).filter((x) => !Number.isNaN(x)));
      }
      expect(said.length).toBeGreaterThan(1_000);
      expect(said.filter((x) => !(x >= 0 && Number.isFinite(x)))).toEqual([]);
    },
  );

  it("has its own name", () => {
    const names = allMethods(setup).map((m) => m.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

it("seasonal methods say nothing before there is a season", () => {
  const seasonal = allMethods(setup).filter((m) => m.seasonal);
  expect(seasonal.map((m) => asked(m, sine, DAY - 2, 1).said)).toEqual(seasonal.map(() => Number.NaN));
});

it("what is asked for a young load knows no season; what a path asks is among all methods", () => {
  expect(youngMethods(setup).map((m) => knowsSeason(m.name))).not.toContain(true);
  expect(
    pathMethods(setup)
      .filter((m) => m.seasonal)
      .every((m) => knowsSeason(m.name)),
  ).toBe(true);
  expect(knowsSeason("no-such-method")).toBe(false);
});
