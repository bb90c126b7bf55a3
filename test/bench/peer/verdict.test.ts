import { expect, test } from "vitest";
import { verdictOf } from "./verdict.ts";

const figures = (inObjective: number, slotHours: number, rescales: number) => ({
  inObjective,
  slotHours,
  rescales,
});

test.each([
  ["better in all", figures(1, 10, 2), figures(0.9, 20, 5), ["better", "better", "better"]],
  ["the same", figures(0.99995, 10.05, 2), figures(1, 10, 2), ["same", "same", "same"]],
  ["worse in all", figures(0.99, 10, 3), figures(1, 9, 2), ["worse", "worse", "worse"]],
  ["saved by not keeping the objective", figures(1, 10, 2), figures(0.5, 9, 2), ["better", "worse*", "same"]],
  ["saved where neither keeps it", figures(0.9, 10, 2), figures(0.5, 9, 2), ["better", "worse", "same"]],
] as const)("%s", (_, own, peer, words) => {
  const { objective, slotHours, rescales } = verdictOf(own, peer);
  expect([objective, slotHours, rescales].map((text) => text.split(":")[0])).toEqual(words);
});
