import { expect, it } from "vitest";
import { credibleCapacity } from "./credible-capacity.ts";
import type { CapacityPoint } from "./learned.ts";

const point = (parallelism: number, rate: number, weight = 10): CapacityPoint => ({
  parallelism,
  rate,
  weight,
  at: 0,
});
const BUSY = [point(4, 2_000)];

it.each<
  [
    string,
    number,
    { busyShare: number | null; rate: number | null; parallelism: number },
    readonly CapacityPoint[],
    number,
  ]
>([
  [
    "what was learned where a busy counter stands still",
    4e6,
    { busyShare: 0, rate: 1_000, parallelism: 4 },
    BUSY,
    2_000,
  ],
  [
    "what was learned at the nearest parallelism, carefully",
    4e6,
    { busyShare: 0, rate: 1_000, parallelism: 8 },
    [point(1, 500), ...BUSY],
    2_000 * 2 ** 0.9,
  ],
  [
    "what is measured where work never followed the records",
    4e6,
    { busyShare: 0, rate: 1_000, parallelism: 4 },
    [{ ...point(4, 2_000), spread: 0.4 }],
    4e6,
  ],
  [
    "what is measured where records have become cheaper",
    40_000,
    { busyShare: 0.025, rate: 1_000, parallelism: 4 },
    BUSY,
    40_000,
  ],
  [
    "what is measured where so few arrive that nobody would be busy",
    4e6,
    { busyShare: 0, rate: 100, parallelism: 4 },
    BUSY,
    4e6,
  ],
  [
    "no less than what it reads without being busy, whatever was learned",
    4e6,
    { busyShare: 0, rate: 2_700, parallelism: 4 },
    BUSY,
    3_000,
  ],
  ["what is measured where nothing was learned", 4e6, { busyShare: 0, rate: 1_000, parallelism: 4 }, [], 4e6],
  [
    "what is measured where it was seen for a moment only",
    4e6,
    { busyShare: 0, rate: 1_000, parallelism: 4 },
    [point(4, 2_000, 1)],
    4e6,
  ],
  [
    "what is measured where the busy share is missing",
    4e6,
    { busyShare: null, rate: 1_000, parallelism: 4 },
    BUSY,
    4e6,
  ],
  ["never more than what is measured", 1_500, { busyShare: 0, rate: 1_000, parallelism: 4 }, BUSY, 1_500],
])("capacity is %s", (_, measured, seen, points, expected) => {
  expect(credibleCapacity(measured, seen, points)).toBeCloseTo(expected);
});
