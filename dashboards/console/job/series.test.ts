import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../api/replies.ts";
import {
  appendHistory,
  cut,
  newestValue,
  numberColumns,
  parallelismColumns,
  stoppedRanges,
} from "./series.ts";

const START = 1_000_000_000;
function point(seconds: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    at: START + seconds * 1_000,
    running: true,
    backlog: seconds,
    arrivalRate: null,
    consumptionRate: null,
    busiestShare: null,
    parallelism: { work: 1 },
    ...changes,
  };
}
const backlogOf = (points: readonly HistoryPoint[]) =>
  numberColumns(points, [["Backlog", "backlog"]]).data[1];

describe("history that comes in pieces", () => {
  it("is put together, each point once", () => {
    const old = [point(0), point(2)];
    expect(appendHistory(old, [point(2), point(4)]).map((p) => p.backlog)).toEqual([0, 2, 4]);
    expect(appendHistory(old, [point(2)])).toBe(old);
  });

  it("carries the parallelism on where it did not change", () => {
    const { parallelism: _, ...bare } = point(4);
    const all = appendHistory([point(0, { parallelism: { work: 3 } })], [bare]);
    expect(all.at(-1)?.parallelism).toEqual({ work: 3 });
  });

  it("is cut to a range, with the point before it", () => {
    const points = [point(0), point(2), point(4), point(6)];
    expect(cut(points, START + 3_000).map((p) => p.backlog)).toEqual([2, 4, 6]);
    expect(cut(points, START + 60_000).map((p) => p.backlog)).toEqual([6]);
  });
});

describe("a line", () => {
  it("goes on over a reading that is missing for a moment", () => {
    const points = [point(0), point(2, { backlog: null }), point(4)];
    expect(backlogOf(points)).toEqual([0, undefined, 4]);
  });

  it("breaks where readings are missing for long", () => {
    const points = [point(0), point(15, { backlog: null }), point(31, { backlog: null }), point(45)];
    expect(backlogOf(points)).toEqual([0, null, null, 45]);
  });

  it("breaks while the job does not run", () => {
    const points = [point(0), point(2, { backlog: null, running: false }), point(4)];
    expect(backlogOf(points)).toEqual([0, null, 4]);
  });

  it("breaks where nothing was seen, and not where the past is kept coarser", () => {
    expect(backlogOf([point(0), point(2), point(60)])).toEqual([0, 2, null, 60]);
    const day = [point(0), point(180), point(360), point(4_000), point(4_002)];
    expect(backlogOf(day)).toEqual([0, 180, 360, null, 4_000, 4_002]);
  });

  it("says its newest value, and none when that is old", () => {
    expect(newestValue([1, 2, null], [0, 2, 4])).toBe(2);
    expect(newestValue([1, null], [0, 40])).toBeNull();
    expect(newestValue([], [])).toBeNull();
  });
});

describe("time in which the job did not run", () => {
  it("lasts until it is seen running", () => {
    const stopped = { running: false };
    const points = [point(0), point(2, stopped), point(4, stopped), point(6), point(8, stopped)];
    const begin = START / 1_000;
    expect(stoppedRanges(points)).toEqual([
      [begin + 2, begin + 6],
      [begin + 8, begin + 8],
    ]);
    expect(stoppedRanges([])).toEqual([]);
  });
});

describe("parallelism", () => {
  it("is one line a vertex, with a gap while the job does not run", () => {
    const points = [
      point(0, { parallelism: { a: 1, b: 2 } }),
      point(2, { parallelism: { a: 1, b: 2 }, running: false }),
      point(4, { parallelism: { a: 1, b: 5 } }),
    ];
    const { names, data } = parallelismColumns(points);
    expect(names).toEqual(["a", "b"]);
    expect(data.slice(1)).toEqual([
      [1, null, 1],
      [2, null, 5],
    ]);
  });

  it("of 200 vertices shows those that changed", () => {
    const many = (changed: number) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`v${i}`, i === 150 ? changed : 1]));
    const { names } = parallelismColumns([
      point(0, { parallelism: many(1) }),
      point(2, { parallelism: many(2) }),
    ]);
    expect(names).toHaveLength(8);
    expect(names).toContain("v150");
  });
});
