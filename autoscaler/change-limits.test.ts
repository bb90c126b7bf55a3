import { describe, expect, it } from "vitest";
import { aConfig, aVertex, someInputs } from "../test/support/scale-inputs.ts";
import { draftOf } from "./amend.ts";
import { limitChanges } from "./change-limits.ts";

describe("how far one rescale may go", () => {
  it.each<[string, number | null, number, number, number, number]>([
    // up limit, down limit, runs now, asked, expected
    ["without limits as far as it is asked", null, 1, 10, 100, 100],
    ["up by a factor", 1.5, 1, 10, 100, 15],
    ["up by a factor, rounded down", 1.5, 1, 5, 100, 7],
    ["up by one at least", 1.2, 1, 1, 100, 2],
    ["up not at all where nothing is asked", 1.5, 1, 10, 10, 10],
    ["up within the factor", 1.5, 1, 10, 12, 12],
    ["down by a share", null, 0.6, 10, 1, 4],
    ["down by a share, rounded so that more stays", null, 0.5, 5, 1, 3],
    ["down by one at least", null, 0.1, 4, 1, 3],
    ["down never", null, 0, 10, 1, 10],
    ["down to one where that is allowed", null, 1, 10, 1, 1],
    ["up is not bound by the limit down", null, 0, 10, 30, 30],
  ])("%s", (_, scaleUpLimit, scaleDownLimit, parallelism, asked, expected) => {
    const draft = draftOf(
      someInputs({ v: aVertex({ parallelism }) }),
      aConfig({ scaleUpLimit, scaleDownLimit }),
    );
    const { proposal, result } = limitChanges(draft, { v: asked });
    expect(proposal).toEqual({ v: expected });
    expect(result?.name).toBe(asked === expected ? undefined : "change-limit");
  });

  it("ends tied by a FORWARD edge stay equal", () => {
    const vertices = {
      a: aVertex({ name: "a", parallelism: 10 }),
      b: aVertex({ name: "b", parallelism: 10, inputs: ["a"], forwardInputs: ["a"] }),
    };
    const draft = draftOf(someInputs(vertices), aConfig({ scaleUpLimit: 1.5, scaleDownLimit: 0.5 }));
    expect(limitChanges(draft, { a: 40, b: 40 }).proposal).toEqual({ a: 15, b: 15 });
    expect(limitChanges(draft, { a: 1, b: 1 }).proposal).toEqual({ a: 5, b: 5 });
  });
});
