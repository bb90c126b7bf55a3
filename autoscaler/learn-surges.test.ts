import { describe, expect, it } from "vitest";
import type { Observation, VertexInputs, Window } from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { aConfig, aVertex, someInputs } from "../test/support/scale-inputs.ts";
import { learnSurges } from "./learn-surges.ts";
import { type Learned, NOTHING_LEARNED } from "./learned.ts";
import { parallelismFor, sizedVertices } from "./sizing.ts";

/** What src and sink read, a reading every 5 s from 30 s after the start on. */
const looks = (rates: readonly (readonly [src: number, sink: number])[], since = 0): readonly Observation[] =>
  rates.map(([src, sink], i) =>
    anObservation(
      30_000 + i * 5_000,
      aGraph("src>sink"),
      { src: { inRate: src }, sink: { inRate: sink } },
      { runningSince: since },
    ),
  );

function learnedFrom(observations: readonly Observation[], start: Learned = NOTHING_LEARNED): Learned {
  const newest = observations.at(-1);
  if (newest === undefined) return start;
  const from = observations[0]?.at ?? 0;
  const window: Window = { observations, from, to: newest.at, coverage: 1, watchedMs: newest.at - from };
  return learnSurges(start, window, newest);
}

const quiet = (n: number) => new Array<readonly [number, number]>(n).fill([3_000, 0]);
const burst = [
  [3_000, 1_600],
  [3_000, 1_600],
] as const;

describe("a surge", () => {
  it.each<[string, readonly (readonly [number, number])[], number | undefined]>([
    ["is what a vertex below a window reads at once", [...quiet(12), ...burst], 1_600],
    ["may be held back above", [...quiet(12), [1_000, 1_600], [1_000, 1_600]], 1_600],
    ["is not one of the load", [...quiet(12), [9_000, 1_600], [9_000, 1_600]], undefined],
    ["is the mean of ten seconds", [...quiet(12), [3_000, 1_600]], 800],
    ["is not told before it is known what is usual", [...quiet(4), ...burst], undefined],
    ["is not what comes evenly", new Array(20).fill([3_000, 1_600]), undefined],
  ])("%s", (_, rates, rate) => {
    expect(learnedFrom(looks(rates)).surges?.["sink"]?.rate).toBe(rate);
  });

  it("is not what follows a start", () => {
    expect(learnedFrom(looks([...quiet(12), ...burst], 60_000)).surges).toBeUndefined();
  });

  it("is renewed by one nearly as high, and forgotten after two hours without", () => {
    const at = 30_000;
    const known = { ...NOTHING_LEARNED, surges: { sink: { at, rate: 1_800 } } };
    expect(learnedFrom(looks([...quiet(12), ...burst]), known).surges).toEqual({
      sink: { at: 95_000, rate: 1_800 },
    });
    const later = looks(quiet(3)).map((o) => ({ ...o, at: o.at + 7_200_000 }));
    expect(learnedFrom(later, known).surges).toEqual({});
  });
});

describe("a vertex that gets surges", () => {
  const least = (changes: Partial<VertexInputs>): number => {
    const sink = aVertex({ parallelism: 8, arrivalRate: 60, costMs: 5, inputs: ["src"], ...changes });
    const [sized] = sizedVertices(someInputs({ sink }), aConfig());
    return sized === undefined ? 0 : parallelismFor(sized, 60, 0.94);
  };

  it.each<[string, Partial<VertexInputs>, number]>([
    ["keeps what its surges take", { surge: 1_150 }, 6],
    ["gets no more than it has for them", { surge: 9_000 }, 8],
    ["gives back the rest", { surge: 100 }, 1],
    ["without surges gives back what its mean does not need", {}, 1],
  ])("%s", (_, changes, parallelism) => {
    expect(least(changes)).toBe(parallelism);
  });
});
