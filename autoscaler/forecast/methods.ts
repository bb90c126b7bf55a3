import { drift } from "./drift.ts";
import { holtWinters } from "./holt-winters.ts";
import { lastValue } from "./last-value.ts";
import { smoothedLevel } from "./level.ts";
import type { Method } from "./method.ts";
import { regression } from "./regression.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { seasonalProfile } from "./seasonal-profile.ts";

export interface MethodsSetup {
  readonly stepsPerDay: number;
  /** Steps ahead that will be asked for. */
  readonly horizons: readonly number[];
}

/** Every method; last value first, because it is believed before there is evidence. */
export function allMethods(setup: MethodsSetup): readonly Method[] {
  const { horizons, stepsPerDay } = setup;
  return [
    ...youngMethods(setup),
    seasonalNaive("day"),
    seasonalNaive("week"),
    seasonalProfile("day", stepsPerDay),
    seasonalProfile("week", stepsPerDay * 7),
    holtWinters("additive", horizons),
    holtWinters("multiplicative", horizons),
    regression({ ...setup, reach: "day", logs: false }),
    regression({ ...setup, reach: "day", logs: true }),
    regression({ ...setup, reach: "week", logs: false }),
    regression({ ...setup, reach: "week", logs: true }),
  ];
}

/** Those of the path, which is computed anew for every job every few minutes: without what rarely adds to the others. */
export function pathMethods(setup: MethodsSetup): readonly Method[] {
  return [
    lastValue(),
    smoothedLevel(),
    seasonalNaive("day"),
    seasonalNaive("week"),
    seasonalProfile("day", setup.stepsPerDay),
    seasonalProfile("week", setup.stepsPerDay * 7),
    regression({ ...setup, reach: "recent", logs: false }),
    regression({ ...setup, reach: "day", logs: true }),
    regression({ ...setup, reach: "week", logs: true }),
  ];
}

/** Those that need no season. */
export function youngMethods(setup: MethodsSetup): readonly Method[] {
  return [
    lastValue(),
    drift(),
    smoothedLevel(),
    regression({ ...setup, reach: "recent", logs: false }),
    regression({ ...setup, reach: "recent", logs: true }),
  ];
}

const SEASONAL: ReadonlySet<string> = new Set(
  allMethods({ stepsPerDay: 1, horizons: [1] }).flatMap((m) => (m.seasonal ? [m.name] : [])),
);

/** Whether a forecast by this method knows what time of day it is, or only where the load is and whereto it moves. */
export const knowsSeason = (method: string): boolean => SEASONAL.has(method);
