import { describe, expect, it } from "vitest";
import type { CapacityPoint } from "../world.ts";
import { capacityAt } from "./capacity.ts";

describe("the capacity between and beyond measured points", () => {
  const linear: readonly CapacityPoint[] = [
    [1, 100],
    [4, 400],
  ];
  const bent: readonly CapacityPoint[] = [
    [4, 400],
    [1, 100],
    [16, 800],
  ];
  it.each<[string, readonly CapacityPoint[], number, number]>([
    ["is a point itself", bent, 4, 400],
    ["is on the straight line of the logarithms", bent, 8, 400 * Math.SQRT2],
    ["goes on with the last slope", bent, 64, 1_600],
    ["goes on with the first slope below the first point", linear, 0.5, 50],
    ["is linear from a single point", [[2, 300]], 6, 900],
    ["is linear below a single point", [[2, 300]], 1, 150],
    [
      "never falls beyond the last point",
      [
        [1, 100],
        [2, 80],
      ],
      8,
      80,
    ],
    [
      "never grows faster than the subtasks beyond the last point",
      [
        [1, 100],
        [2, 400],
      ],
      4,
      800,
    ],
    [
      "may fall between two points, as measured",
      [
        [4, 100],
        [16, 25],
      ],
      8,
      50,
    ],
  ])("%s", (_, points, parallelism, expected) => {
    expect(capacityAt(points, parallelism)).toBeCloseTo(expected, 6);
  });

  it("is refused without points", () => {
    expect(() => capacityAt([], 1)).toThrow(/no points/);
  });
});
