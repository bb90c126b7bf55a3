import { describe, expect, it } from "vitest";
import type { Observation, Window } from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { withoutNewest } from "./metric-delay.ts";

const GRAPH = aGraph("src>work");
const at = (seconds: number, changes: Partial<Observation> = {}) =>
  anObservation(seconds * 1_000, GRAPH, {}, changes);

/** A window of observations at these seconds, watched for 100 s. */
function windowOf(observations: readonly Observation[]): Window {
  const [from, to] = [observations.at(0)?.at ?? 0, observations.at(-1)?.at ?? 0];
  return { observations, from, to, coverage: 1, watchedMs: 100_000 };
}

describe("metrics that are late", () => {
  const steady = windowOf([at(0), at(5), at(10), at(15)]);
  it.each<[string, Window, number, readonly number[], number, number]>([
    // window, delay in seconds; seconds that are judged, end of the window, watched
    ["no delay judges everything", steady, 0, [0, 5, 10, 15], 15, 100],
    ["the newest are left out", steady, 7, [0, 5], 8, 93],
    ["one as old as the delay is judged", steady, 5, [0, 5, 10], 10, 95],
    ["none old enough: watched for no time", steady, 60, [15], 15, 0],
    [
      "only readings of an earlier start: watched for no time",
      windowOf([at(0), at(5), at(10), at(15, { runningSince: 12_000 })]),
      5,
      [15],
      15,
      0,
    ],
    [
      "only readings of an earlier submission: watched for no time",
      windowOf([at(0), at(5), at(10), at(15, { flinkJobId: "e".repeat(32) })]),
      5,
      [15],
      15,
      0,
    ],
  ])("%s", (_, window, delay, seconds, to, watched) => {
    const judged = withoutNewest(window, delay * 1_000);
    expect(judged.observations.map((o) => o.at / 1_000)).toEqual(seconds);
    expect([judged.to / 1_000, judged.watchedMs / 1_000]).toEqual([to, watched]);
  });
});
