import type { Milliseconds, Parallelism } from "../../model/index.ts";
import type { BenchWorld, ContestSetup, Entrant, LoadCurve } from "./contest.ts";

const MINUTE_MS: Milliseconds = 60_000;
/** A size is right when it carries its load at this share of its capacity. */
export const STATIC_UTILIZATION = 0.85;

type Told = Pick<ContestSetup, "load" | "durationMs">;

/**
 * One size for all times, as a careful team would set it: the smallest that carries the highest minute of the day at
 * 85 % of its capacity. It is told that minute beforehand, which no team is.
 */
export const staticPeak: Entrant = staticSize("static-peak", highestMinute);

/** The same for the mean of the whole time: what a size costs that is right on average. */
export const staticMean: Entrant = staticSize("static-mean", meanRate);

function staticSize(name: string, rateOf: (told: Told) => number): Entrant {
  return {
    name,
    withoutHistory: true,
    start: ({ bench, load, durationMs }) =>
      smallestFor(bench, rateOf({ load, durationMs }), STATIC_UTILIZATION),
    create: ({ passMs }) => ({ name, passMs, pass: () => undefined }),
  };
}

/** Records per second of the busiest whole minute. */
export function highestMinute({ load, durationMs }: Told): number {
  let highest = 0;
  for (let from = 0; from + MINUTE_MS <= durationMs; from += MINUTE_MS) {
    highest = Math.max(highest, rateBetween(load, from, from + MINUTE_MS));
  }
  return highest;
}

/** Records per second over the whole time. */
export function meanRate({ load, durationMs }: Told): number {
  return rateBetween(load, 0, durationMs);
}

function rateBetween(load: LoadCurve, from: Milliseconds, to: Milliseconds): number {
  return ((load.arrivedBy(to) - load.arrivedBy(from)) / (to - from)) * 1_000;
}

/** For every vertex of a world the least with which it carries `rate` at this share of its capacity, within the bound. */
export function smallestFor(bench: BenchWorld, rate: number, utilization: number): Parallelism {
  return Object.fromEntries(
    Object.entries(bench.share).map(([id, share]) => {
      let p = 1;
      while (p < bench.maxParallelism && bench.capacityOf(id, p) * utilization < rate * share) p += 1;
      return [id, p];
    }),
  );
}
