import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation, Window } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation } from "../test/support/observations.ts";
import { extend } from "./window.ts";

const GRAPH = aGraph("v");
const KEEP = 60_000;
const at = (t: number, changes: Partial<Observation> = {}) =>
  anObservation(t, GRAPH, { v: { inRate: 100, busyShare: 0.5 } }, changes);
const all = (observations: readonly Observation[]): Window => {
  const window = observations.reduce<Window | undefined>((w, o) => extend(w, o, KEEP), undefined);
  if (window === undefined) throw new Error("no observations");
  return window;
};

describe("a window", () => {
  it("begins with its first observation", () => {
    expect(all([at(5_000)])).toMatchObject({ from: 5_000, to: 5_000, watchedMs: 0, coverage: 1 });
  });

  it("drops what is older than it keeps, and remembers since when it watches", () => {
    const window = all([0, 30_000, 60_000, 90_000].map((t) => at(t)));
    expect(window).toMatchObject({ from: 30_000, to: 90_000, watchedMs: 90_000 });
    expect(window.observations).toHaveLength(3);
  });

  it("outlives a restart of the job", () => {
    expect(all([at(0), at(5_000, { runningSince: 4_000 })]).observations).toHaveLength(2);
  });

  it.each<[string, Observation]>([
    ["another Flink job id", at(5_000, { flinkJobId: "e".repeat(32) })],
    ["a clock that went back", at(500)],
    ["a gap longer than it keeps", at(1_000 + KEEP + 1)],
  ])("is emptied by %s, and watches anew", (_, next) => {
    const window = all([at(0), at(1_000), next]);
    expect(window).toMatchObject({ observations: [next], watchedMs: 0, from: next.at, to: next.at });
  });

  it("never holds more than 600 observations, nor older ones than it keeps", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(steps, (gaps) => {
        let now = 0;
        const window = all(
          gaps.map((gap) => {
            now += gap;
            return at(now);
          }),
        );
        expect(window.to).toBe(now);
        expect(window.from).toBeGreaterThanOrEqual(now - KEEP);
        expect(window.watchedMs).toBeGreaterThanOrEqual(window.to - window.from);
      }),
      { numRuns: 50 },
    );
    expect(all(Array.from({ length: 700 }, (_, i) => at(i))).observations).toHaveLength(600);
  });
});

describe("coverage", () => {
  const missing = (t: number) => anObservation(t, GRAPH, { v: {} });
  it.each<[string, readonly Observation[], number]>([
    ["is whole when every reading came", [at(0), at(1)], 1],
    ["does not count stale polls", [at(0), aStaleObservation(1, GRAPH), at(2)], 1],
    ["falls with every reading that is absent", [at(0), missing(1), missing(2), at(3)], 0.5],
    ["is 0 when nothing came yet", [aStaleObservation(0, GRAPH)], 0],
  ])("%s", (_, observations, expected) => {
    expect(all(observations).coverage).toBe(expected);
  });
});
