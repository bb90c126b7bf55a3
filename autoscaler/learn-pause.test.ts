import { describe, expect, it } from "vitest";
import { type Observation, reading } from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { aRescale } from "../test/support/rescales.ts";
import { learnPause } from "./learn-pause.ts";
import { type Learned, NOTHING_LEARNED } from "./learned.ts";

const RESCALE = aRescale({ at: 15_000, pauseMs: 3_000, consumedBefore: 100 });

/** A look at `at` that tells so much task time of an attempt; null: its tasks tell none. */
const look = (at: number, taskMs: number | null, runningSince: number): Observation => {
  const graph = aGraph("src>work");
  const seen = anObservation(at, graph, { src: { inRate: 100 }, work: { inRate: 100 } }, { runningSince });
  const vertices = Object.fromEntries(
    Object.entries(seen.vertices).map(([id, v]) => [id, { ...v, taskMs: reading(taskMs) }]),
  );
  return { ...seen, vertices };
};

const learnedFrom = (looks: readonly Observation[], start: Learned = NOTHING_LEARNED): Learned =>
  looks.reduce(learnPause, start);

describe("the pause of a rescale", () => {
  const known: Learned = { ...NOTHING_LEARNED, rescales: [RESCALE] };
  it.each<[string, readonly Observation[], number[]]>([
    [
      "lasts from the last look at work to the start of an attempt whose tasks begin at once",
      [look(10_000, 2_000, 0), look(12_000, null, 0), look(17_000, 1_500, 15_000)],
      [5_000],
    ],
    [
      "holds the time in which a job is RUNNING and its tasks read back their state",
      [look(10_000, 2_000, 0), look(20_000, null, 15_000), look(42_000, 4_000, 15_000)],
      [28_000],
    ],
    ["is not known yet while nothing works", [look(10_000, 2_000, 0), look(20_000, null, 15_000)], []],
    ["is not known where nobody saw the time before", [look(17_000, 1_500, 15_000)], []],
    [
      "is measured once",
      [look(10_000, 2_000, 0), look(17_000, 1_500, 15_000), look(19_000, 2_000, 15_000)],
      [5_000],
    ],
    ["is none of a restart that no rescale made", [look(10_000, 2_000, 0), look(30_000, 2_000, 25_000)], []],
  ])("%s", (_, looks, pauses) => {
    const learned = learnedFrom(looks, known);
    expect(learned.pausesMs).toEqual(pauses);
    expect(learned.rescales.at(-1)?.pauseMs).toBe(pauses[0] ?? 3_000);
  });

  it("begins when the rescale was asked for, if nobody looked after that", () => {
    const looks = [look(10_000, 2_000, 0), look(17_000, 1_500, 15_000)];
    expect(learnedFrom(looks, { ...known, askedAt: 12_000 }).pausesMs).toEqual([3_000]);
    expect(learnedFrom(looks, { ...known, askedAt: 8_000 }).pausesMs).toEqual([5_000]);
    // A metric delay puts it too early, a long wait for permission too late: then the last look at work counts.
    expect(learnedFrom(looks, { ...known, askedAt: 16_000 }).pausesMs).toEqual([5_000]);
  });

  it("is kept for a rescale that is heard of after its tasks were seen at work", () => {
    const seen = learnedFrom([look(10_000, 2_000, 0), look(17_000, 1_500, 15_000)]);
    expect(seen.pausesMs).toEqual([]);
    const later = learnPause({ ...seen, rescales: [RESCALE] }, look(19_000, 2_000, 15_000));
    expect(later.pausesMs).toEqual([5_000]);
  });
});
