import { expect, it } from "vitest";
import { aVertex } from "../test/support/scale-inputs.ts";
import { usefulMost } from "./skew-limit.ts";

it.each<[string, number, number | null, number, number]>([
  ["all, where nobody read the subtasks", 4, null, 128, 128],
  ["all, where records spread evenly", 4, 0.26, 128, 128],
  ["few, where most records have one key", 4, 0.7, 128, 7],
  ["those that there are, where nearly all have one key", 4, 0.95, 128, 4],
  ["never fewer than there are", 60, 0.7, 128, 60],
  ["never more than allowed", 4, 0.4, 5, 5],
])("of use are %s", (_, parallelism, hottestShare, max, expected) => {
  const vertex = aVertex({ parallelism, hottestShare, hottestSubtask: 1, hashed: true });
  expect(usefulMost(vertex, max)).toBe(expected);
});
