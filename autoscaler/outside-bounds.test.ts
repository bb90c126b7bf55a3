import { describe, expect, it } from "vitest";
import type { VertexBound, Window } from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { aRescale } from "../test/support/rescales.ts";
import { boundsAfter } from "./outside-bounds.ts";

const TO = 100_000_000;
const BOUND: VertexBound = { at: TO - 3_600_000, rate: 300, parallelism: 1 };
const IN_VAIN = aRescale({
  at: TO - 7_200_000,
  from: { work: 1 },
  to: { work: 2 },
  consumedBefore: 300,
  consumedAfter: 300,
  effect: "no-effect",
});
const TWICE = [IN_VAIN, { ...IN_VAIN, at: TO - 3_600_000 }];

function windowAt(rate: number | undefined): Window {
  const shown = rate === undefined ? {} : { inRate: rate, busyShare: 1, backPressuredShare: 0 };
  const observations = [15_000, 10_000, 5_000, 0].map((ago) =>
    anObservation(TO - ago, aGraph("src>work"), { work: shown }),
  );
  return { observations, from: TO - 15_000, to: TO, coverage: 1, watchedMs: 15_000 };
}

describe("what the outside takes from a vertex", () => {
  it.each<[string, VertexBound, number | undefined, boolean]>([
    ["is remembered while the vertex reads no more than that", BOUND, 320, true],
    ["is forgotten when the vertex reads more than 10 % more", BOUND, 331, false],
    ["is remembered while the vertex tells nothing", BOUND, undefined, true],
    ["is remembered for a day", { ...BOUND, at: TO - 86_399_999 }, 100, true],
    ["is forgotten after a day", { ...BOUND, at: TO - 86_400_000 }, 100, false],
  ])("%s", (_, bound, rate, kept) => {
    expect(boundsAfter({ work: bound }, {}, windowAt(rate), TWICE)).toEqual(kept ? { work: bound } : {});
  });

  it("is tried again after an hour when only one rescale showed it", () => {
    const once = (agoMs: number) =>
      boundsAfter({ work: { ...BOUND, at: TO - agoMs } }, {}, windowAt(300), [IN_VAIN]);
    expect(Object.keys(once(3_599_999))).toEqual(["work"]);
    expect(once(3_600_000)).toEqual({});
  });

  it("is forgotten with the vertex", () => {
    expect(boundsAfter({ gone: BOUND }, {}, windowAt(100), TWICE)).toEqual({});
  });

  it("is replaced by what was measured last", () => {
    const newer = { at: TO, rate: 250, parallelism: 2 };
    expect(boundsAfter({ work: BOUND }, { work: newer }, windowAt(250), TWICE)).toEqual({ work: newer });
  });
});
