import { expect, it } from "vitest";
import { LeastSquares } from "./least-squares.ts";

/** Features that differ from row to row. */
const featuresOf = (i: number): Float64Array => Float64Array.of(Math.sin(i), Math.cos(3 * i), (i % 7) - 3);

function learned(
  count: number,
  forget: number,
  coefficients: (i: number) => readonly number[],
): Float64Array {
  const sums = new LeastSquares(3, forget, 1e-9);
  for (let i = 0; i < count; i++) {
    const features = featuresOf(i);
    const target = coefficients(i).reduce((sum, c, k) => sum + c * (features[k] ?? 0), 0);
    sums.add(features, 0, target, 1);
  }
  const into = new Float64Array(3);
  sums.solve(into);
  return into;
}

it("least squares find the coefficients that made the samples", () => {
  const found = learned(50, 1, () => [2, -1, 0.5]);
  [2, -1, 0.5].forEach((c, k) => {
    expect(found[k]).toBeCloseTo(c, 5);
  });
});

it("least squares follow what changed, and forget what was", () => {
  const found = learned(400, 0.95, (i) => (i < 200 ? [2, -1, 0.5] : [-3, 1, 0]));
  [-3, 1, 0].forEach((c, k) => {
    expect(found[k]).toBeCloseTo(c, 2);
  });
});

it("least squares keep on over far more samples than a growing weight could", () => {
  const found = learned(20_000, 0.95, () => [2, -1, 0.5]);
  expect(found[0]).toBeCloseTo(2, 5);
});

it("least squares have an answer for features that are always 0 or always the same", () => {
  const sums = new LeastSquares(3, 1, 1e-4);
  for (let i = 0; i < 20; i++) sums.add(Float64Array.of(0, 1, 1), 0, 4, 1);
  const into = new Float64Array(3);
  sums.solve(into);
  expect(into[0]).toBe(0);
  expect((into[1] ?? 0) + (into[2] ?? 0)).toBeCloseTo(4, 2);
});

it("least squares solve to zero before they have seen anything", () => {
  const into = new Float64Array(2).fill(7);
  new LeastSquares(2, 1, 1e-4).solve(into);
  expect(Array.from(into)).toEqual([0, 0]);
});
