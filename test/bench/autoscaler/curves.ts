import type { RunTrace } from "../../../sidecar/whatif/run.ts";
import type { ContestRow } from "./contest-row.ts";

/** One policy's day for a plot: one point a minute. */
export interface DayCurve {
  readonly world: string;
  readonly load: string;
  readonly policy: string;
  /** Records per second that arrived. */
  readonly rate: readonly number[];
  readonly slots: readonly number[];
}

const MINUTE = 60;

export function dayCurveOf(row: Pick<ContestRow, "world" | "load" | "policy">, trace: RunTrace): DayCurve {
  const { world, load, policy } = row;
  return {
    world,
    load,
    policy,
    rate: byMinute(trace.arrivals, trace.seconds),
    slots: byMinute(trace.slots, trace.seconds),
  };
}

function byMinute(values: Float64Array, seconds: number): readonly number[] {
  return Array.from({ length: Math.floor(seconds / MINUTE) }, (_, m) => {
    const part = values.subarray(m * MINUTE, (m + 1) * MINUTE);
    return part.reduce((a, b) => a + b, 0) / MINUTE;
  });
}
