import { describe, expect, it } from "vitest";
import type { Observation, Window } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation, type Numbers } from "../test/support/observations.ts";
import { newestLook, newestReadingAt } from "./newest-readings.ts";

const GRAPH = aGraph("a>c b>c");
const TOLD = { inRate: 100, busyShare: 0.5 };

/** A look at this second at which these vertices told their numbers. */
const told = (second: number, ids: string, numbers: Numbers = TOLD, changes: Partial<Observation> = {}) =>
  anObservation(second * 1_000, GRAPH, Object.fromEntries([...ids].map((id) => [id, numbers])), changes);
const stale = (second: number) => aStaleObservation(second * 1_000, GRAPH);

describe("the newest look that told of some vertices", () => {
  it.each<[string, readonly Observation[], string, number | undefined]>([
    // observations, vertices; its second
    ["is the newest of all", [told(0, "abc"), told(2, "abc")], "c", 2],
    ["outlives looks between two refreshes", [told(0, "abc"), stale(2), stale(4)], "c", 0],
    ["is the one that told of all of them", [told(0, "abc"), told(2, "a"), told(4, "c")], "ac", 0],
    ["is none that is too old", [told(0, "abc"), stale(46)], "c", undefined],
    ["is one as old as may be", [told(0, "abc"), stale(45)], "c", 0],
    ["is none of an earlier attempt", [told(0, "c", TOLD, { runningSince: -1 }), stale(2)], "c", undefined],
    ["tells how busy it was", [told(0, "c"), told(2, "c", { inRate: 100 })], "c", 0],
    ["tells what it read", [told(0, "c"), told(2, "c", { busyShare: 0.5 })], "c", 0],
    ["is none without a look", [], "c", undefined],
  ])("%s", (_, observations, ids, second) => {
    expect(newestLook(observations, [...ids], 45_000)?.at).toBe(
      second === undefined ? undefined : second * 1_000,
    );
  });
});

describe("readings are as old as", () => {
  it.each<[string, readonly Observation[], number]>([
    ["the newest ones", [told(0, "abc"), told(2, "abc")], 2],
    ["the newest before looks between two refreshes", [told(0, "abc"), told(2, "abc"), stale(4)], 2],
    ["those of the source that is silent", [told(0, "abc"), told(2, "ab"), told(4, "ac"), told(6, "ac")], 2],
    [
      "those of a source whose task clock alone goes on",
      [told(0, "abc"), told(2, "ab", { busyShare: 1 })],
      0,
    ],
    ["those of the sources, whoever else is silent", [told(0, "abc"), told(2, "ab"), told(4, "ab")], 4],
    ["the window where a source never told", [told(1, "ac"), told(3, "ac")], 1],
    ["the window where there is no vertex", [anObservation(0, { vertices: [], edges: [] }, {})], 0],
  ])("%s", (_, observations, second) => {
    const [from, to] = [observations[0]?.at ?? 0, observations.at(-1)?.at ?? 0];
    const window: Window = { observations, from, to, coverage: 1, watchedMs: to - from };
    expect(newestReadingAt(window)).toBe(second * 1_000);
  });
});
