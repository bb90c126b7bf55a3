import { describe, expect, it } from "vitest";
import type { PastRescale, VertexInputs } from "../model/index.ts";
import { aRescale } from "../test/support/rescales.ts";
import { aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { rollBackOf } from "./roll-back.ts";

const LAST = aRescale({
  at: NOW - 60_000,
  from: { src: 1, a: 1, b: 2 },
  to: { src: 1, a: 3, b: 4 },
  consumedBefore: 300,
  consumedAfter: 301,
  effect: "no-effect",
});
const BOUND = { at: NOW - 10_000, rate: 300, parallelism: 1 };

function undone(last: Partial<PastRescale>, a: Partial<VertexInputs> = {}, b: Partial<VertexInputs> = {}) {
  const vertices = {
    src: aVertex({ name: "src", source: true }),
    a: aVertex({ name: "a", parallelism: 3, ...a }),
    b: aVertex({ name: "b", parallelism: 4, ...b }),
  };
  return rollBackOf(
    someInputs(vertices, {
      rescales: [
        { ...LAST, effect: "helped", at: NOW - 9e6 },
        { ...LAST, ...last },
      ],
    }),
  );
}

describe("the last rescale", () => {
  it("that had no effect is undone where a vertex was found bound, and only there", () => {
    const back = undone({}, { bound: BOUND });
    expect(back?.proposal).toEqual({ src: 1, a: 1, b: 4 });
    expect(back?.sentence).toBe("a 1 → 3 brought nothing: 300 records/s before, 301 after");
  });

  it("that had no effect anywhere is undone as a whole", () => {
    const back = undone({ consumedAfter: null });
    expect(back?.proposal).toEqual({ src: 1, a: 1, b: 2 });
    expect(back?.sentence).toBe("a 1 → 3, b 2 → 4 brought nothing");
  });

  it("that made it worse is undone as a whole, even where a vertex is bound", () => {
    const back = undone({ effect: "worse", consumedAfter: 200 }, { bound: BOUND });
    expect(back?.proposal).toEqual({ src: 1, a: 1, b: 2 });
    expect(back?.sentence).toMatch(/made the job slower: 300 records\/s before, 200 after$/);
  });

  it.each<[string, Partial<PastRescale>, Partial<VertexInputs>]>([
    ["helped", { effect: "helped" }, {}],
    ["is not measured yet", { effect: "unknown" }, {}],
    ["was a roll-back itself", { reason: "roll-back" }, {}],
    ["is half an hour old", { at: NOW - 1_800_001 }, {}],
    ["was changed by others since", {}, { parallelism: 2 }],
    ["gave more to work that does not follow its records", {}, { spread: 0.3 }],
  ])("is left alone when it %s", (_, last, a) => {
    expect(undone(last, a)).toBeNull();
  });

  it("is nothing to undo where there is none", () => {
    expect(rollBackOf(someInputs({}))).toBeNull();
  });
});
