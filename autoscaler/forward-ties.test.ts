import { describe, expect, it } from "vitest";
import { aConfig, aVertex, someInputs } from "../test/support/scale-inputs.ts";
import { spread, tied, tiesOf } from "./forward-ties.ts";
import { boundedVertices } from "./sizing.ts";

/** `a` and `b` are joined, `b` and `d` too; `c` reads from a vertex that is not there. */
const vertices = boundedVertices(
  someInputs({
    a: aVertex(),
    b: aVertex({ forwardInputs: ["a"] }),
    c: aVertex({ forwardInputs: ["nobody"] }),
    d: aVertex({ forwardInputs: ["b"] }),
  }),
  aConfig(),
);
const ties = tiesOf(vertices);

describe("FORWARD edges", () => {
  it("are named by the places of their ends; those that lead elsewhere join nothing", () => {
    expect(ties).toEqual([
      [1, 0],
      [3, 1],
    ]);
    expect(tiesOf(vertices.slice(0, 1))).toEqual([]);
  });

  it("carry one value through all that they join", () => {
    expect(spread(ties, [1, 2, 3, 4], Math.max)).toEqual([4, 4, 3, 4]);
    expect(spread(ties, [1, 2, 3, 4], Math.min)).toEqual([1, 1, 3, 1]);
  });

  it("give the largest wish within the smallest limit", () => {
    expect(tied(ties, [9, 2, 9, 4], [9, 6, 5, 8])).toEqual([6, 6, 5, 6]);
  });
});
