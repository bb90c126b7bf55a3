import { describe, expect, it } from "vitest";
import {
  ABSENT,
  type CheckpointReadout,
  NOT_A_NUMBER,
  type Observation,
  type PastRescale,
  reading,
  type Window,
} from "../model/index.ts";
import { aGraph, anObservation } from "../test/support/observations.ts";
import { aRescale } from "../test/support/rescales.ts";
import { NOTHING_LEARNED } from "./learned.ts";
import { pressureOf } from "./pressure.ts";
import { NO_HISTORY } from "./summarize.ts";

const TO = 100_000_000;
const graph = aGraph("v");

function aWindow(changes: readonly Partial<Observation>[]): Window {
  const observations = changes.map((c, i) =>
    anObservation(TO - (changes.length - 1 - i) * 5_000, graph, {}, { runningSince: TO - 700_000, ...c }),
  );
  return { observations, from: observations[0]?.at ?? TO, to: TO, coverage: 1, watchedMs: 60_000 };
}
const of = (changes: readonly Partial<Observation>[]) => pressureOf(aWindow(changes), NO_HISTORY, TO);

const pressed = (gc: number, heap: number, cpu: number, least = cpu) => ({
  pressure: {
    gcShare: reading(gc),
    heapShare: reading(heap),
    cpuLoad: reading(cpu),
    cpuLoadLeast: reading(least),
  },
});
const checkpoints = (completed: number, failed: number, changes: Partial<CheckpointReadout> = {}) => ({
  checkpoints: {
    completed,
    failed,
    inProgress: 0,
    latestCompletedAt: reading(TO - 30_000),
    latestDurationMs: ABSENT,
    latestPath: undefined,
    intervalMs: reading(10_000),
    ...changes,
  },
});

describe("pressure", () => {
  it("of memory is the newest share of collection and the least heap, which stands for the heap after one", () => {
    expect(of([pressed(0.4, 0.9, 0.5), pressed(0.1, 0.5, 0.5), pressed(0.2, 0.99, 0.5)])).toMatchObject({
      gcShare: 0.2,
      heapShare: 0.5,
    });
  });

  it("of processors is the mean, so that one look does not count, of the fullest and the emptiest TaskManager", () => {
    const found = of([pressed(0, 0, 0.5, 0.25), pressed(0, 0, 1, 0.75)]);
    expect(found).toMatchObject({ cpuLoad: 0.75, cpuLoadLeast: 0.5 });
  });

  it("that nobody read, or that is no number, is not assessed", () => {
    const nan = { gcShare: NOT_A_NUMBER, heapShare: NOT_A_NUMBER, cpuLoad: NOT_A_NUMBER };
    for (const changes of [[], [{}], [{ pressure: nan }]]) {
      expect(of(changes)).toMatchObject({
        gcShare: null,
        heapShare: null,
        cpuLoad: null,
        cpuLoadLeast: null,
      });
    }
  });
});

describe("checkpoints", () => {
  it.each<[string, readonly Partial<Observation>[], object]>([
    [
      "that complete do not fail",
      [checkpoints(5, 2), checkpoints(6, 2)],
      { checkpointsFailing: 0, checkpointAgeMs: 30_000, checkpointIntervalMs: 10_000 },
    ],
    [
      "fail as often as since the newest one completed",
      [checkpoints(5, 2), checkpoints(6, 3), checkpoints(6, 5)],
      { checkpointsFailing: 2 },
    ],
    [
      "fail from the beginning while none has completed, and are as old as the start",
      [checkpoints(0, 4, { latestCompletedAt: ABSENT })],
      { checkpointsFailing: 4, checkpointAgeMs: 700_000 },
    ],
    [
      "are counted anew by another JobManager",
      [checkpoints(6, 9), checkpoints(6, 1)],
      { checkpointsFailing: 0 },
    ],
    [
      "of no interval have no age that counts",
      [checkpoints(5, 0, { intervalMs: ABSENT })],
      { checkpointAgeMs: null, checkpointIntervalMs: null },
    ],
    [
      "that nobody read are not assessed",
      [{}],
      { checkpointsFailing: null, checkpointAgeMs: null, checkpointIntervalMs: null },
    ],
  ])("%s", (_, changes, expected) => {
    expect(of(changes)).toMatchObject(expected);
  });
});

describe("starts that nobody asked for", () => {
  const minutes = (...ago: number[]) => ago.map((m) => TO - m * 60_000);
  const ours = (minutesAgo: number): PastRescale => aRescale({ at: TO - minutesAgo * 60_000 });
  it.each<[string, readonly number[], readonly PastRescale[], number | null, number]>([
    ["are those of the last 10 minutes", minutes(20, 9, 5, 1), [], null, 3],
    ["are not those of our rescales", minutes(9, 5, 1), [ours(5.01), ours(1.01)], null, 1],
    ["are not the start of our last rescale", minutes(9, 1), [], TO - 60_000, 1],
    ["are none", [], [], null, 0],
  ])("%s", (_, starts, rescales, lastRescaleAt, expected) => {
    const history = { ...NO_HISTORY, lastRescaleAt, learned: { ...NOTHING_LEARNED, starts, rescales } };
    expect(pressureOf(aWindow([{}]), history, TO).foreignStarts).toBe(expected);
  });
});

it("a savepoint under way is known to whoever asked for it", () => {
  expect(pressureOf(aWindow([{}]), NO_HISTORY, TO, true).snapshotInProgress).toBe(true);
  expect(of([{}]).snapshotInProgress).toBe(false);
});
