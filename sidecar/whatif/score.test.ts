import { describe, expect, it } from "vitest";
import type { Parallelism } from "../../model/index.ts";
import {
  directionOf,
  firstDecisions,
  type Judged,
  oscillations,
  stepsToConverge,
  wrongDirection,
} from "./moves.ts";
import type { Move, RunTrace } from "./run.ts";
import { lagSeconds } from "./score.ts";

const MINUTE_MS = 60_000;

/** One vertex `v` of which each subtask carries 100 records/s. */
function judged(rateAt: (minute: number) => number, minutes: number, moves: readonly Move[]): Judged {
  const seconds = minutes * 60;
  const arrivals = Float64Array.from({ length: seconds }, (_, s) => rateAt(s / 60));
  return {
    trace: traceOf(seconds, arrivals, new Float64Array(seconds), moves),
    demand: arrivals,
    capacity: (p) => 100 * (p["v"] ?? 0),
    slots: (p) => Math.max(...Object.values(p)),
    lagObjectiveMs: 30_000,
  };
}

const traceOf = (
  seconds: number,
  arrivals: Float64Array,
  backlog: Float64Array,
  moves: readonly Move[] = [],
): RunTrace => ({
  policy: "p",
  seconds,
  arrivals,
  backlog,
  slots: new Float64Array(seconds),
  down: new Uint8Array(seconds),
  moves,
  askedMs: moves.map((m) => m.askedMs),
  start: {},
  failures: 0,
});

function move(minute: number, from: number | Parallelism, to: number | Parallelism): Move {
  const of = (p: number | Parallelism): Parallelism => (typeof p === "number" ? { v: p } : p);
  return { askedMs: minute * MINUTE_MS, atMs: minute * MINUTE_MS + 5_000, from: of(from), to: of(to) };
}

describe("wrong direction", () => {
  it.each<[string, (minute: number) => number, Move, number]>([
    ["up under a load that stays and is carried", () => 400, move(20, 5, 8), 1],
    ["up although the load has just fallen", (m) => (m < 15 ? 700 : 300), move(20, 5, 8), 1],
    ["up before the load grows within the hour", (m) => (m < 60 ? 400 : 450), move(20, 5, 8), 0],
    ["up under a load that is not carried", () => 520, move(20, 5, 8), 0],
    ["up for growth that comes after more than an hour", (m) => (m < 85 ? 400 : 900), move(20, 5, 10), 1],
    ["down before a load that the old size carried", (m) => (m < 27 ? 200 : 600), move(20, 8, 3), 1],
    [
      "down before a load that comes after more than ten minutes",
      (m) => (m < 31 ? 200 : 600),
      move(20, 8, 3),
      0,
    ],
    ["down where neither size carries the load", () => 900, move(20, 8, 3), 0],
    ["down to what carries the load", () => 300, move(20, 8, 4), 0],
    ["more slots without more capacity, for nothing", () => 300, move(20, { v: 5, w: 5 }, { v: 5, w: 9 }), 1],
  ])("%s", (_, rateAt, one, expected) => {
    expect(wrongDirection(judged(rateAt, 120, [one]))).toBe(expected);
  });

  it("a backlog explains a move up under a load that would be carried", () => {
    const calm = judged(() => 400, 120, [move(20, 5, 8)]);
    const seconds = calm.trace.seconds;
    const backlog = new Float64Array(seconds).fill(20_000);
    expect(wrongDirection({ ...calm, trace: { ...calm.trace, backlog } })).toBe(0);
  });

  it.each<[string, Move, string]>([
    ["more capacity", move(0, 2, 3), "up"],
    ["less capacity", move(0, 3, 2), "down"],
    ["the same capacity on fewer slots", move(0, { v: 3, w: 9 }, { v: 3, w: 4 }), "down"],
    ["the same capacity on as many slots", move(0, { v: 3, w: 2 }, { v: 3, w: 1 }), "none"],
  ])("%s is a move of its kind", (_, one, way) => {
    expect(
      directionOf(
        judged(() => 1, 1, []),
        one,
      ),
    ).toBe(way);
  });
});

describe("oscillations", () => {
  it.each<[string, (minute: number) => number, readonly Move[], number]>([
    ["up and down again under a steady load", () => 400, [move(20, 5, 8), move(30, 8, 5)], 1],
    ["down and up again", () => 400, [move(20, 8, 5), move(49, 5, 6)], 1],
    ["up, up and down counts once", () => 400, [move(20, 5, 6), move(25, 6, 8), move(30, 8, 6)], 1],
    ["after more than half an hour", () => 400, [move(20, 5, 8), move(51, 8, 5)], 0],
    [
      "because the load came and went",
      (m) => (m > 19 && m < 28 ? 700 : 400),
      [move(20, 5, 8), move(30, 8, 5)],
      0,
    ],
    ["the same way twice", () => 400, [move(20, 5, 8), move(30, 8, 9)], 0],
    [
      "of one vertex among several",
      () => 400,
      [move(20, { v: 5, w: 2 }, { v: 8, w: 2 }), move(30, { v: 8, w: 2 }, { v: 6, w: 4 })],
      1,
    ],
    [
      "of different vertices",
      () => 400,
      [move(20, { v: 5, w: 2 }, { v: 8, w: 2 }), move(30, { v: 8, w: 2 }, { v: 8, w: 1 })],
      0,
    ],
  ])("%s", (_, rateAt, moves, expected) => {
    expect(oscillations(judged(rateAt, 120, moves))).toBe(expected);
  });
});

describe("steps to converge", () => {
  const moves = [move(1, 1, 2), move(16, 2, 3), move(18, 3, 4), move(40, 4, 2)];
  const { trace } = judged(() => 1, 60, moves);

  it.each<[string, readonly number[], number]>([
    ["after each step", [15, 39], 2],
    ["what comes before a step does not count", [17], 1],
    ["the next step ends the count", [15, 17], 1],
    ["without steps the densest quarter of an hour", [], 2],
  ])("%s", (_, minutes, expected) => {
    const steps = minutes.map((m) => m * MINUTE_MS);
    expect(stepsToConverge(trace, steps)).toBe(expected);
  });

  it("the first decision is counted from its step, and missing where none came", () => {
    expect(firstDecisions(trace, [15 * MINUTE_MS, 20 * MINUTE_MS, 39 * MINUTE_MS])).toEqual([60, null, 60]);
  });
});

describe("lag", () => {
  it.each<[string, readonly number[], readonly number[], readonly number[]]>([
    ["nothing waits", [10, 10, 10], [0, 0, 0], [0, 0, 0]],
    ["a single record is rounding", [10, 10, 10], [1, 1, 1], [0, 0, 0]],
    ["half of the newest second waits", [10, 10, 10], [6, 6, 6], [1, 1, 1]],
    ["two seconds and a bit wait", [10, 10, 10, 10], [0, 0, 0, 26], [0, 0, 0, 3]],
    ["what waits grows old where nothing comes", [10, 10, 0, 0], [0, 10, 10, 10], [0, 1, 2, 3]],
    ["records that are read again wait again", [10, 10, 10, 10], [0, 0, 31, 0], [0, 0, 3, 0]],
  ])("%s", (_, arrivals, backlog, lags) => {
    const trace = traceOf(arrivals.length, Float64Array.from(arrivals), Float64Array.from(backlog));
    expect([...lagSeconds(trace)]).toEqual(lags);
  });
});
