import { describe, expect, it } from "vitest";
import { OnlineForecast } from "./online.ts";

const DAY = 48;
const HORIZONS = [1, 2, 4];

const sine = (i: number) => 100 + 50 * Math.sin((2 * Math.PI * i) / DAY);
/** Even chances that are the same in every run. */
const noise = (i: number) => ((i * 7_919 + ((i * i) % 1_013)) % 2_003) / 2_003 - 0.5;

/** Mean absolute errors over the second half, of the mixture and of every method; one that says nothing counts as last value. */
function errorsOf(course: (i: number) => number | null, count: number, place: number) {
  const online = new OnlineForecast({ stepsPerDay: DAY, horizons: HORIZONS, capacity: count });
  const ahead = HORIZONS[place] ?? 1;
  const said: { mixed: number; methods: readonly number[] }[] = [];
  let mixed = 0;
  const methods = online.methods.map(() => 0);
  for (let i = 0; i < count; i++) {
    const value = course(i);
    online.add(value);
    const before = said[i - ahead];
    if (i > count / 2 && value !== null && before !== undefined) {
      mixed += Math.abs(before.mixed - value);
      before.methods.forEach((s, m) => {
        methods[m] = (methods[m] ?? 0) + Math.abs(s - value);
      });
    }
    const last = online.past.at();
    const each = online.methods.map((_, m) => online.said(place, m));
    said.push({ mixed: online.mixed(place), methods: each.map((s) => (Number.isNaN(s) ? last : s)) });
  }
  return { mixed, best: Math.min(...methods), lastValue: methods[0] ?? 0 };
}

describe("the mixture of all methods", () => {
  it.each<[string, (i: number) => number | null]>([
    ["a noisy day", (i) => sine(i) * (1 + 0.2 * noise(i))],
    ["pure noise", (i) => 100 + 60 * noise(i)],
    ["a ramp with noise", (i) => 100 + i / 2 + 20 * noise(i)],
    ["a day with gaps", (i) => (i % 60 < 6 ? null : sine(i) * (1 + 0.1 * noise(i)))],
    ["a level that jumps now and then", (i) => (Math.floor(i / 150) % 2 === 0 ? 100 : 220) + 10 * noise(i)],
  ])("is nearly as good as the best of them, known afterwards, for %s", (_, course) => {
    for (const place of [0, 2]) {
      const { mixed, best, lastValue } = errorsOf(course, 14 * DAY, place);
      expect(mixed).toBeLessThan(1.15 * best);
      expect(mixed).toBeLessThan(1.1 * lastValue);
    }
  });

  it("is exact for a load that never changes, and for one that is always 0", () => {
    for (const level of [70, 0]) {
      const { mixed } = errorsOf(() => level, 4 * DAY, 2);
      expect(mixed).toBeLessThan(1e-6);
    }
  });

  it("falls back to the last value after a jump that nothing explains, and finds the season again", () => {
    const online = new OnlineForecast({ stepsPerDay: DAY, horizons: HORIZONS, capacity: 20 * DAY });
    const course = (i: number) => sine(i) * (1 + 0.05 * noise(i));
    let i = 0;
    for (; i < 10 * DAY; i++) online.add(course(i));
    online.add(400);
    online.add(405);
    expect(online.watch.age).toBe(1);
    expect(online.mixed(2)).toBe(405);
    for (i += 2; i < 11 * DAY; i++) online.add(course(i));
    expect(online.watch.age).toBeNull();
    expect(Math.abs(online.mixed(2) - sine(i + 3))).toBeLessThan(10);
    expect(online.past.at(10 * DAY)).toBeLessThan(200);
  });

  it("has weights that sum to 1 at every horizon", () => {
    const online = new OnlineForecast({ stepsPerDay: DAY, horizons: HORIZONS, capacity: 200 });
    for (let i = 0; i < 200; i++) online.add(sine(i));
    for (const place of [0, 1, 2]) {
      expect(online.weights(place).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 9);
    }
  });

  it("says nothing before the first value", () => {
    const online = new OnlineForecast({ stepsPerDay: DAY, horizons: HORIZONS, capacity: 2 });
    online.add(null);
    expect(online.mixed(0)).toBeNaN();
  });
});
