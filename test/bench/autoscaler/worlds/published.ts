import type { CapacityPoint } from "../../../../engine/simulated/index.ts";

/**
 * Capacity of real operators at some parallelisms, in records per second of the whole operator, as published with the
 * artefacts of ContTune (VLDB 2023, README and ContTune.py) and StreamBed (DEBS 2024, raw tables). Points of other runs
 * of the same paper (68 subtasks and more) are left out: other machines, other generators. StreamBed counts all Nexmark
 * events, of which Q1, Q2, Q5 and Q11 read 92 % (bids) and Q8 8 % (persons and auctions).
 */

/** ContTune: the mapper of Q1, about p^0.81. */
export const Q1_MAPPER: readonly CapacityPoint[] = [
  [1, 529_573],
  [2, 966_817],
  [4, 1_829_696],
  [8, 3_118_478],
  [15, 4_967_828],
  [20, 6_350_677],
  [26, 7_476_392],
];

/** ContTune: the operator behind that mapper, about p^0.80. Stands for sources and sinks of which nothing was published. */
export const SECOND_OPERATOR: readonly CapacityPoint[] = [
  [1, 743_729],
  [5, 3_229_949],
  [12, 5_599_880],
  [20, 8_639_325],
  [25, 9_738_301],
];

/** StreamBed: Q1 in SQL, about p^0.92. */
export const Q1_CALC: readonly CapacityPoint[] = [
  [1, 1_448_076],
  [2, 2_701_536],
  [8, 11_963_288],
  [13, 15_498_869],
];

/** StreamBed: Q2 in SQL, about p^0.90. */
export const Q2_CALC: readonly CapacityPoint[] = [
  [1, 3_784_383],
  [3, 10_386_153],
  [5, 16_181_327],
];

/** StreamBed: the hop aggregate of Q5, from p^0.82 on ever flatter. Its outlier (16: 266,141) is a collapsed run. */
export const Q5_AGGREGATE: readonly CapacityPoint[] = [
  [1, 51_983],
  [2, 95_962],
  [3, 139_865],
  [8, 397_101],
  [18, 706_894],
  [24, 833_395],
  [35, 948_209],
];

/** StreamBed: the joins of Q8, about p^0.66 and noisy; where repeats differ, the middle of them; 7 subtasks are left out. */
export const Q8_JOIN: readonly CapacityPoint[] = [
  [1, 1_067_201],
  [2, 1_780_000],
  [5, 3_550_000],
  [10, 5_500_000],
];

/** StreamBed: the sessions of Q11, about p^0.98. */
export const Q11_SESSION: readonly CapacityPoint[] = [
  [1, 58_795],
  [15, 733_394],
  [28, 1_467_895],
  [34, 1_762_697],
  [43, 2_346_735],
];

/** Parts of all Nexmark events that queries of bids read, and those of persons and auctions. */
export const BIDS = 0.92;
export const PERSONS_AND_AUCTIONS = 0.08;
