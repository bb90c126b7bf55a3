import { expect, it } from "vitest";
import { summaryOf } from "./load-simulation-result.ts";

it("a size for a moment, as in a restart, is neither the highest nor the lowest of a stage", () => {
  const at = (atS: number): number => (atS < 100 ? 2 : atS === 100 ? 9 : atS < 200 ? 4 : atS === 200 ? 1 : 3);
  const points = Array.from({ length: 300 }, (_, atS) => ({ atS, parallelism: [at(atS)], busyMs: [0] }));
  const [told] = summaryOf({
    version: "1.20.5",
    mode: "act",
    periodS: 200,
    stages: [{ id: "a", branch: 1, maxLoad: 4 }],
    points,
    rescales: 2,
    story: [],
  });
  expect(told).toMatchObject({ highest: 4, lowestAfter: 2 });
});
