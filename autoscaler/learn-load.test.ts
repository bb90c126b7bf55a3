import { describe, expect, it } from "vitest";
import type { Observation } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation } from "../test/support/observations.ts";
import { LOAD_STEP_MS, learnLoad } from "./learn-load.ts";
import { type Learned, NOTHING_LEARNED } from "./learned.ts";

const GRAPH = aGraph("src>work");
const START = 4_000 * LOAD_STEP_MS;
const RATE = 1_000;

/** A look at a steady load; `taskMs` null: one between two refreshes. */
function look(seconds: number, taskMs: number | null): Observation {
  const at = START + seconds * 1_000;
  if (taskMs === null) return aStaleObservation(at, GRAPH);
  const src = { inRate: RATE, pendingGrowth: 0, backPressuredShare: 0, taskMs };
  return anObservation(at, GRAPH, { src, work: { inRate: RATE, taskMs } });
}

/** What is learned from looks of which each ends a window of a minute. */
function learnedFrom(looks: readonly Observation[]): Learned {
  return looks.reduce<Learned>((learned, { at }, i) => {
    const window = looks.slice(0, i + 1).filter((o) => o.at >= at - 60_000);
    return learnLoad(learned, window);
  }, NOTHING_LEARNED);
}

describe("the load of a job is learned however often its counters are refreshed", () => {
  it.each([
    // seconds from look to look, from refresh to refresh
    [2, 2],
    [2, 10],
    [2, 4],
    [5, 10],
    [10, 10],
    [3, 30],
  ])("a look every %d s, counters every %d s", (everyS, refreshS) => {
    const looks = Array.from({ length: 1_800 / everyS + 1 }, (_, i) =>
      look(i * everyS, i > 0 && (i * everyS) % refreshS === 0 ? refreshS * 1_000 : null),
    );
    const { load, forecast } = learnedFrom(looks);
    expect(load?.values).toEqual([RATE, RATE, RATE, RATE, RATE, RATE]);
    expect(forecast).not.toBeNull();
  });
});

it.each<[string, readonly Observation[], number]>([
  [
    "the time since the refresh before",
    [look(0, null), look(10, 10_000), look(12, null), look(20, 10_000)],
    20,
  ],
  ["all time since the first look", [look(0, null), look(2, null), look(4, 4_000)], 4],
  ["never more than passed since it was told before", [look(0, null), look(2, 2_000), look(4, 10_000)], 4],
  ["never more than the tasks worked", [look(0, 2_000), look(30, 4_000)], 4],
  ["no time where there is one look", [look(0, 10_000)], 0],
  ["no time between two refreshes", [look(0, 10_000), look(2, null)], 0],
])("a reading is of %s", (_, looks, seconds) => {
  const { open } = learnedFrom(looks);
  expect(open).toMatchObject({ seenMs: seconds * 1_000, records: seconds * RATE });
});
