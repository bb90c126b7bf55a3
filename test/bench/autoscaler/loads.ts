import type { LoadSeries } from "../../../autoscaler/index.ts";
import { createLoadCurve, linesOfMinutes } from "../../../engine/simulated/load-curve.ts";
import { Failure, type Instant, type Milliseconds } from "../../../model/index.ts";
import type { LoadCurve } from "../../../sidecar/whatif/contest.ts";
import type { DailyLoad } from "./daily-load.ts";

/** A load as shares of what a world carries, and what a referee has to know of it. */
export interface BenchLoad {
  readonly name: string;
  readonly durationMs: Milliseconds;
  /** When the rate jumps, ms since the start; of these, the ones that make it larger. */
  readonly stepsMs: readonly Milliseconds[];
  readonly upMs: readonly Milliseconds[];
  /** Rate, records/s, of a world whose full rate is `fullRate`. */
  curve(fullRate: number): LoadCurve;
  readonly hasHistory: boolean;
  /** Mean rates before `epoch`, in 5-minute steps; null: the load has no past. */
  history(fullRate: number, epoch: Instant): LoadSeries | null;
}

const MINUTE_MS = 60_000;
const HISTORY_STEP_MS = 5 * MINUTE_MS;
const DAY_MINUTES = 1_440;

/** Pairs of a minute and a share of the full rate, joined by straight lines. */
type Knots = readonly (readonly [number, number])[];

/** A step takes a second: a rate that jumps within one is a rate nobody can have seen. */
const AT_ONCE = 1 / 60;

function shape(
  name: string,
  minutes: number,
  knots: Knots,
  jumps: readonly (readonly [number, "up" | "down"])[] = [],
): BenchLoad {
  return {
    name,
    durationMs: minutes * MINUTE_MS,
    stepsMs: jumps.map(([minute]) => minute * MINUTE_MS),
    upMs: jumps.filter(([, way]) => way === "up").map(([minute]) => minute * MINUTE_MS),
    curve: (fullRate) =>
      createLoadCurve(
        linesOfMinutes(
          knots.map(([m, s]) => [m, s * fullRate]),
          undefined,
        ),
      ),
    hasHistory: false,
    history: () => null,
  };
}

const step: BenchLoad = shape(
  "step",
  75,
  [
    [0, 0.2],
    [15, 0.2],
    [15 + AT_ONCE, 0.8],
    [45, 0.8],
    [45 + AT_ONCE, 0.2],
  ],
  [
    [15, "up"],
    [45, "down"],
  ],
);

const ramp: BenchLoad = shape("ramp", 90, [
  [0, 0.2],
  [10, 0.2],
  [40, 0.85],
  [50, 0.85],
  [80, 0.2],
]);

const spike: BenchLoad = shape(
  "spike",
  60,
  [
    [0, 0.3],
    [20, 0.3],
    [20 + AT_ONCE, 0.8],
    [25, 0.8],
    [25 + AT_ONCE, 0.3],
  ],
  [
    [20, "up"],
    [25, "down"],
  ],
);

/** Nothing comes for ten minutes, then what was held back and the present load together. */
const outage: BenchLoad = shape(
  "outage",
  75,
  [
    [0, 0.4],
    [20, 0.4],
    [20 + AT_ONCE, 0],
    [30, 0],
    [30 + AT_ONCE, 0.8],
    [40, 0.8],
    [40 + AT_ONCE, 0.4],
  ],
  [
    [20, "down"],
    [30, "up"],
    [40, "down"],
  ],
);

/** `amplitude × cos` with one period a day around a mean of a half; the days before it were the same. */
function sine(): BenchLoad {
  const shareAt = (minute: number): number => 0.5 - 0.4 * Math.cos((2 * Math.PI * minute) / DAY_MINUTES);
  const knots: Knots = Array.from({ length: DAY_MINUTES / 5 + 1 }, (_, i) => [i * 5, shareAt(i * 5)]);
  const load = shape("sine", DAY_MINUTES, knots);
  return { ...load, hasHistory: true, history: (fullRate, epoch) => periodic(shareAt, 7, fullRate, epoch) };
}

function periodic(
  shareAt: (minute: number) => number,
  days: number,
  fullRate: number,
  epoch: Instant,
): LoadSeries {
  const length = (days * DAY_MINUTES) / 5;
  return {
    from: epoch - length * HISTORY_STEP_MS,
    stepMs: HISTORY_STEP_MS,
    values: Array.from({ length }, (_, i) => fullRate * shareAt((i + 0.5) * 5)),
  };
}

/** Steps of 3 % of the full rate every five minutes, up or down by chance, kept between 0.15 and 0.9. */
function randomWalk(seed: number): BenchLoad {
  const days = 4;
  const shares: number[] = [0.5];
  let state = (seed * 2_654_435_761 + 1_073) >>> 0;
  const chance = (): number => {
    // xorshift32: the walk must be the same everywhere.
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  while (shares.length <= (days * DAY_MINUTES) / 5) {
    const next = (shares.at(-1) ?? 0.5) + (chance() - 0.5) * 0.06;
    shares.push(next < 0.15 ? 0.3 - next : next > 0.9 ? 1.8 - next : next);
  }
  const before = ((days - 1) * DAY_MINUTES) / 5;
  const knots: Knots = shares.slice(before).map((share, i) => [i * 5, share]);
  const load = shape("random-walk", DAY_MINUTES, knots);
  return {
    ...load,
    hasHistory: true,
    history: (fullRate, epoch) => ({
      from: epoch - before * HISTORY_STEP_MS,
      stepMs: HISTORY_STEP_MS,
      values: shares.slice(0, before).map((s, i) => (fullRate * (s + (shares[i + 1] ?? s))) / 2),
    }),
  };
}

/** A day of a recorded load, the days before it as history. */
export function dailyLoad(daily: DailyLoad): BenchLoad {
  const { name, minutes, scored, before, stepMinutes } = daily;
  const knots: Knots = scored.map((share, i) => [i * stepMinutes, share]);
  return {
    ...shape(name, minutes, knots),
    hasHistory: before.length > 0,
    history: (fullRate, epoch) =>
      before.length === 0
        ? null
        : {
            from: epoch - before.length * HISTORY_STEP_MS,
            stepMs: HISTORY_STEP_MS,
            values: before.map((share) => (share === null ? null : share * fullRate)),
          },
  };
}

/** The load that a world brings along, for three of its hours. */
export const ownLoad = (curve: LoadCurve): BenchLoad => ({
  ...shape("own", 180, []),
  curve: () => curve,
});

/** The loads that need no file. `seed` moves the random walk alone. */
export function syntheticLoads(seed: number): readonly BenchLoad[] {
  return [step, ramp, spike, outage, sine(), randomWalk(seed)];
}

export function loadNamed(name: string, seed: number): BenchLoad {
  const loads = syntheticLoads(seed);
  const load = loads.find((l) => l.name === name);
  if (load !== undefined) return load;
  const names = loads.map((l) => l.name).join(", ");
  throw new Failure("bad-request", `cannot run a contest: load; got ${name}; expected one of ${names}`);
}
