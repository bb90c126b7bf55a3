import { describe, expect, it } from "vitest";
import { ChangeWatch } from "./change.ts";

const DAY = 96;

/** Feeds a watch whose forecasts are the values of one and two steps before, and whose season is `season`. */
function watched(values: readonly number[], season: number): { watch: ChangeWatch; ages: (number | null)[] } {
  const watch = new ChangeWatch(DAY);
  const ages = values.map((actual, i) => {
    watch.add({
      actual,
      one: values[i - 1] ?? Number.NaN,
      two: values[i - 2] ?? Number.NaN,
      season,
      usual: 100,
    });
    return watch.age;
  });
  return { watch, ages };
}

const calm = (count: number, level = 100) => Array.from({ length: count }, (_, i) => level + (i % 2));

describe("a change of level", () => {
  it.each<[string, readonly number[], number | null]>([
    ["is seen at its second step", [...calm(20), 300, 300], 1],
    ["is seen downwards too", [...calm(20), 20, 20], 1],
    ["has an age", [...calm(20), 300, 301, 300, 301], 3],
    ["is not one odd step", [...calm(20), 300, 100, 101], null],
    ["is not a small one", [...calm(20), 115, 115, 116], null],
    ["is not seen before it is known what is usual", [100, 100, 300, 300], null],
    [
      "is not within what is usual for a load that jumps",
      Array.from({ length: 40 }, (_, i) => 60 + ((i * 37) % 80)),
      null,
    ],
  ])("%s", (_, values, age) => {
    expect(watched(values, Number.NaN).ages.at(-1)).toBe(age);
  });

  it("is over when the season has been right for some steps", () => {
    const { ages } = watched([...calm(20), 300, 300, 300, ...calm(8)], 100);
    expect(ages.at(-1)).toBeNull();
    expect(ages.filter((age) => age !== null).length).toBeGreaterThan(2);
  });

  it("tells in the step in which it ends why, and which steps were odd", () => {
    const values = [...calm(20), 300, 300, 300, ...calm(12)];
    const watch = new ChangeWatch(DAY);
    const ended = values.flatMap((actual, i) => {
      const [one, two] = [values[i - 1] ?? Number.NaN, values[i - 2] ?? Number.NaN];
      watch.add({ actual, one, two, season: 100, usual: 100 });
      return watch.ended === null ? [] : [{ i, ...watch.ended }];
    });
    expect(ended).toHaveLength(1);
    const [end] = ended;
    expect(end).toMatchObject({ by: "season" });
    expect((end?.i ?? 0) - (end?.from ?? 0)).toBe(20);
    expect((end?.i ?? 0) - (end?.to ?? 0)).toBeGreaterThanOrEqual(22);
  });

  it("is over after a day at the new level: then that is the season", () => {
    const { ages } = watched([...calm(20), ...calm(DAY + 3, 300)], Number.NaN);
    expect(ages.at(-1)).toBeNull();
    expect(ages.at(-4)).not.toBeNull();
  });

  it("is told by one level that is fresher than the last step", () => {
    const { watch } = watched(calm(20), Number.NaN);
    expect([105, 300, 10].map((level) => watch.isNewLevel(level, 100, 100))).toEqual([false, true, true]);
  });
});
