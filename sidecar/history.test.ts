import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ABSENT, type Observation, type Reading, STALE } from "../model/index.ts";
import { aGraph, anObservation, aStaleObservation } from "../test/support/observations.ts";
import { arrivalNow, extendHistory, type HistoryPoint, pointsAfter, toPoint } from "./history.ts";

const START = Date.UTC(2026, 10, 21, 12);
const of = (value: number): Reading => ({ kind: "value", value });

function point(at: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    at,
    running: true,
    backlog: 1,
    arrivalRate: 2,
    consumptionRate: 2,
    busiestShare: 0.5,
    parallelism: { work: 1 },
    ...changes,
  };
}

/** Points of a pass every `everyMs` for `forMs`. */
function watch(forMs: number, everyMs: number, parallelism = (_at: number) => 1): readonly HistoryPoint[] {
  let points: readonly HistoryPoint[] = [];
  for (let at = START; at <= START + forMs; at += everyMs) {
    points = extendHistory(points, point(at, { parallelism: { work: parallelism(at) } }));
  }
  return points;
}

/** Distances, in ms, that are more than four times the one of their age; passes come after these times. */
function holesOf(steps: readonly number[]): readonly string[] {
  let points: readonly HistoryPoint[] = [];
  let now = START;
  for (const step of steps) {
    now += step;
    points = extendHistory(points, point(now));
  }
  expect(points.length).toBeLessThanOrEqual(1_365);
  const first = steps[0] ?? 0;
  const usual = Math.max(1_000, ...steps);
  // The oldest point is where the first pass was, or a day ago.
  const begin = point(Math.max(START + first, now - 86_400_000));
  return [begin, ...points].flatMap((p, i, all) => {
    const next = all[i + 1];
    const age = now - p.at;
    const spacing = Math.max(usual, age < 600_000 ? 0 : age < 3_600_000 ? 10_000 : 180_000);
    return next !== undefined && next.at - p.at > 4 * spacing ? [`${next.at - p.at} at age ${age}`] : [];
  });
}

describe("the history of a job", () => {
  it("holds every pass of the last ten minutes", () => {
    const points = watch(300_000, 2_000);
    expect(points).toHaveLength(151);
    expect(points[0]?.at).toBe(START);
  });

  it("is coarser further back, and ends after a day", () => {
    const end = START + 26 * 3_600_000;
    const points = watch(26 * 3_600_000, 5_000);
    const ages = points.map((p) => end - p.at);
    expect(ages.filter((age) => age < 600_000)).toHaveLength(120);
    expect(ages.filter((age) => age >= 600_000 && age < 3_600_000)).toHaveLength(300);
    expect(Math.max(...ages)).toBeLessThan(86_400_000);
    expect(points.length).toBeLessThanOrEqual(1_365);
  });

  it("is bounded however short the passes are and however often the parallelism changes", () => {
    const points = watch(3 * 3_600_000, 1_000, (at) => at % 7_000);
    expect(points.length).toBeLessThanOrEqual(1_365);
    expect(points.at(-1)?.at).toBe(START + 3 * 3_600_000);
  });

  it("keeps the moment of a rescale when all around it is thinned", () => {
    const changedAt = START + 1_234_000;
    const points = watch(4 * 3_600_000, 2_000, (at) => (at < changedAt ? 1 : 4));
    expect(points.find((p) => p.parallelism["work"] === 4)?.at).toBe(changedAt);
  });

  it.each([
    ["a day, every 2 s", 2_000, 43_200],
    ["three hours, every 0.5 s", 500, 21_600],
    ["an hour, every 0.2 s", 200, 18_000],
  ])(
    "has no hole after %s",
    (_what, everyMs, passes) => {
      expect(holesOf(Array.from({ length: passes }, () => everyMs))).toEqual([]);
    },
    60_000,
  );

  it("has no hole at any rhythm, nor with a pass out of turn now and then", () => {
    const rhythm = fc.record({
      everyMs: fc.integer({ min: 200, max: 10_000 }),
      extraAfter: fc.integer({ min: 50, max: 1_000 }),
      passes: fc.integer({ min: 1_000, max: 9_000 }),
    });
    const property = fc.property(rhythm, ({ everyMs, extraAfter, passes }) => {
      const steps = Array.from({ length: passes }, (_, i) => (i % extraAfter === 1 ? 100 : everyMs));
      expect(holesOf(steps)).toEqual([]);
    });
    fc.assert(property, { numRuns: 15 });
  }, 60_000);

  it("takes a point only once, and none of the past", () => {
    const points = extendHistory([], point(START));
    expect(extendHistory(points, point(START))).toBe(points);
    expect(extendHistory(points, point(START - 1))).toBe(points);
  });
});

describe("what is sent", () => {
  const points = [1, 1, 4, 4].map((work, i) => point(START + i, { parallelism: { work } }));

  it("names the parallelism in the first point, and where it changes", () => {
    expect(pointsAfter(points, 0).map((p) => p.parallelism?.["work"])).toEqual([1, undefined, 4, undefined]);
    expect(pointsAfter(points, START + 2).map((p) => p.parallelism?.["work"])).toEqual([4]);
  });

  it("ends where nothing is newer", () => {
    expect(pointsAfter(points, START + 3)).toEqual([]);
  });
});

describe("a point", () => {
  const vertex = (changes: Record<string, Reading>) => ({
    parallelism: 1,
    inRate: of(100),
    pendingGrowth: of(20),
    busyShare: of(0.4),
    ...changes,
  });
  const observed = (source: Record<string, Reading>, backlog: Reading = of(7)) =>
    toPoint({
      at: START,
      state: "RUNNING",
      graph: {
        vertices: [
          { id: "a", name: "source", parallelism: 1 },
          { id: "b", name: "sink", parallelism: 3 },
        ],
        edges: [{ from: "a", to: "b", ship: "HASH" }],
      },
      vertices: { a: vertex(source), b: vertex({ busyShare: of(0.9) }) },
      backlog,
    } as unknown as Observation);

  it("adds up what the sources say", () => {
    expect(observed({})).toEqual({
      at: START,
      running: true,
      backlog: 7,
      arrivalRate: 120,
      consumptionRate: 100,
      busiestShare: 0.9,
      parallelism: { source: 1, sink: 3 },
    });
  });

  it.each([
    ["growth", { pendingGrowth: ABSENT }, { arrivalRate: null, consumptionRate: 100 }],
    ["consumption", { inRate: STALE }, { arrivalRate: null, consumptionRate: null }],
    ["one busy share", { busyShare: STALE }, { busiestShare: 0.9 }],
  ])("without %s does not call it 0", (_what, source, expected) => {
    expect(observed(source)).toMatchObject(expected);
  });

  it("without a backlog has none", () => {
    expect(observed({}, ABSENT).backlog).toBeNull();
  });
});

describe("what arrives now", () => {
  const graph = aGraph("source>sink");
  const look = (at: number, inRate: number | null, runningSince = 0) =>
    inRate === null
      ? { ...aStaleObservation(at, graph), runningSince }
      : anObservation(at, graph, { source: { inRate, pendingGrowth: 20 } }, { runningSince });
  it.each<[string, readonly Observation[], number | null]>([
    ["is what the newest look told", [look(0, 50), look(2_000, 100)], 120],
    [
      "is still that of the last refresh of Flink's metrics",
      [look(0, 100), look(2_000, null), look(8_000, null)],
      120,
    ],
    ["is not known once that is old", [look(0, 100), look(31_000, null)], null],
    ["is not that of before a restart", [look(0, 100), look(8_000, null, 5_000)], null],
  ])("%s", (_, looks, rate) => {
    expect(arrivalNow(looks)).toBe(rate);
  });
});
