import { describe, expect, it } from "vitest";
import { aVertex, NOW, someInputs } from "../test/support/scale-inputs.ts";
import { learnRescale } from "./learn-rescale.ts";
import { NOTHING_LEARNED } from "./learned.ts";

const MINUTE = 60_000;
const inputs = someInputs({ src: aVertex({ source: true, parallelism: 2, arrivalRate: 100 }) });
const decided = { inputs, effective: { src: 3 }, reason: "scale-up", guards: [] } as const;

describe("a rescale that came true", () => {
  it("was asked for by the JobManager's clock, however far ours is from it", () => {
    // Decided on a look of `inputs.to`, sent two seconds later: what time our clock shows does not matter.
    const learned = learnRescale(NOTHING_LEARNED, decided, NOW + 20_000, 2_000);
    expect(learned.askedAt).toBe(inputs.to + 2_000);
    expect(learned.rescales).toMatchObject([
      { at: NOW + 20_000, from: { src: 2 }, to: { src: 3 }, direction: "up", consumedBefore: 100 },
    ]);
  });

  it("is kept once, though it is told twice", () => {
    const once = learnRescale(NOTHING_LEARNED, decided, NOW, 0);
    expect(learnRescale(once, decided, NOW, 0)).toBe(once);
  });

  it("is forgotten after a day", () => {
    const once = learnRescale(NOTHING_LEARNED, decided, NOW, 0);
    const next = learnRescale(once, decided, NOW + 24 * 60 * MINUTE, 0);
    expect(next.rescales.map((r) => r.at)).toEqual([NOW + 24 * 60 * MINUTE]);
  });
});
