import type { Milliseconds } from "../../model/index.ts";
import type { LoadCurve } from "./contest.ts";

/** A rate, records/s, at a time since the start. */
export type Knot = readonly [atMs: Milliseconds, rate: number];

/**
 * The load of straight lines between knots, which are in the order of time, one at least. Before the first and after
 * the last one their rates hold. Both questions take O(log knots).
 */
export function loadThrough(knots: readonly Knot[]): LoadCurve {
  const before = new Float64Array(knots.length);
  for (let i = 1; i < knots.length; i++) {
    const [[from, a], [to, b]] = [knots[i - 1] ?? [0, 0], knots[i] ?? [0, 0]];
    before[i] = (before[i - 1] ?? 0) + (((a + b) / 2) * (to - from)) / 1_000;
  }
  const rateAt = (ms: Milliseconds): number => {
    const i = indexAt(knots, ms);
    const [from, a] = knots[i] ?? [0, 0];
    const [to, b] = knots[i + 1] ?? [from, a];
    return to <= from || ms <= from ? a : a + ((b - a) * (ms - from)) / (to - from);
  };
  const until = (ms: Milliseconds): number => {
    const i = indexAt(knots, ms);
    const [from, a] = knots[i] ?? [0, 0];
    return (before[i] ?? 0) + (((a + rateAt(ms)) / 2) * (ms - from)) / 1_000;
  };
  const start = until(0);
  return { rateAt, arrivedBy: (ms) => (ms > 0 ? Math.max(0, until(ms) - start) : 0) };
}

/** The last knot at or before `ms`; 0 before the first. */
function indexAt(knots: readonly Knot[], ms: Milliseconds): number {
  let low = 0;
  let high = knots.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((knots[middle]?.[0] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The same load with so many records that are there from the first moment on. */
export function withBacklog(load: LoadCurve, records: number): LoadCurve {
  return {
    rateAt: (ms) => load.rateAt(ms),
    arrivedBy: (ms) => (ms > 0 ? records + load.arrivedBy(ms) : 0),
  };
}
