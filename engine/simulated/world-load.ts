import type { Milliseconds } from "../../model/index.ts";
import {
  createLoadCurve,
  linesOfMinutes,
  linesOfPoints,
  linesOfSine,
  type PiecewiseLoad,
} from "./load-curve.ts";
import type { LoadSpec } from "./load-schema.ts";
import { type Problem, problem } from "./world-problems.ts";

/** The curve that a world file describes. */
export function loadOf({ rate, points, sine, perMinute, repeat }: LoadSpec): PiecewiseLoad {
  if (points !== undefined) {
    const list = points.map((p) => ({ atMs: p.at, rate: p.rate, rampMs: p.ramp }));
    return createLoadCurve(linesOfPoints(list, repeat !== undefined), repeat);
  }
  if (sine !== undefined) {
    const { mean, amplitude, period: periodMs, peakAt: peakAtMs } = sine;
    return createLoadCurve(linesOfSine({ mean, amplitude, periodMs, peakAtMs }), periodMs);
  }
  if (perMinute !== undefined) return createLoadCurve(linesOfMinutes(perMinute, repeat), repeat);
  return createLoadCurve([{ startMs: 0, from: rate ?? 0, to: rate ?? 0 }]);
}

/** What the numbers of a load do not show alone: their order, and whether a period holds them. */
export function loadProblems(load: LoadSpec, path: readonly PropertyKey[]): readonly Problem[] {
  const { points, perMinute, sine, repeat } = load;
  const problems: Problem[] = [];
  if (points !== undefined) problems.push(...pointProblems(points, repeat, path));
  if (perMinute !== undefined) problems.push(...minuteProblems(perMinute, repeat, path));
  if (repeat !== undefined && points === undefined && perMinute === undefined) {
    problems.push(problem([...path, "repeat"], "repeat", "it only with points or perMinute"));
  }
  if (sine !== undefined && sine.amplitude > sine.mean) {
    const most = `at most mean ${sine.mean}, because a rate is never negative`;
    problems.push(problem([...path, "sine", "amplitude"], String(sine.amplitude), most));
  }
  return problems;
}

function pointProblems(
  points: NonNullable<LoadSpec["points"]>,
  repeat: Milliseconds | undefined,
  path: readonly PropertyKey[],
): readonly Problem[] {
  const problems: Problem[] = [];
  let endMs = 0;
  let lastMs = -1;
  for (const [i, { at, ramp }] of points.entries()) {
    if (at < endMs || at === lastMs) {
      const expected = `a time ${endMs > 0 ? `from ${endMs} ms on` : "above 0"}: points in order`;
      problems.push(problem([...path, "points", i, "at"], `${at} ms`, expected));
    }
    lastMs = at;
    endMs = at + ramp;
  }
  // A ramp may end with the period, but a step there would never be seen.
  if (repeat !== undefined && (repeat < endMs || repeat <= lastMs))
    problems.push(tooShort(repeat, endMs, path));
  return problems;
}

function minuteProblems(
  pairs: NonNullable<LoadSpec["perMinute"]>,
  repeat: Milliseconds | undefined,
  path: readonly PropertyKey[],
): readonly Problem[] {
  const problems: Problem[] = [];
  let last = -1;
  for (const [i, [minute]] of pairs.entries()) {
    if (minute <= last) {
      const expected = `one after ${last}: minutes in order`;
      problems.push(problem([...path, "perMinute", i], `minute ${minute}`, expected));
    }
    last = minute;
  }
  if (repeat !== undefined && repeat <= last * 60_000) problems.push(tooShort(repeat, last * 60_000, path));
  return problems;
}

const tooShort = (repeat: Milliseconds, endMs: Milliseconds, path: readonly PropertyKey[]): Problem =>
  problem([...path, "repeat"], `${repeat} ms`, `more than the ${endMs} ms that it repeats`);
