import type { Method } from "./method.ts";

const LEVEL_SHARE = 0.5;
const TREND_SHARE = 0.1;
/** The trend fades by this with every step, so that no ramp is continued for ever (Gardner and McKenzie 1985). */
const DAMPING = 0.9;
const FEWEST = 3;

/** Level and damped trend (Holt 1957): follows a ramp, and lets it run out. Never negative. */
export function drift(): Method {
  let level = Number.NaN;
  let trend = 0;
  let count = 0;
  return {
    name: "drift",
    seasonal: false,
    see(past) {
      const value = past.at();
      if (count++ === 0) {
        level = value;
        return;
      }
      const before = level;
      const expected = level + DAMPING * trend;
      level = expected + LEVEL_SHARE * (value - expected);
      trend = DAMPING * trend + TREND_SHARE * (level - before - DAMPING * trend);
    },
    ahead(_past, ahead) {
      if (count < FEWEST) return Number.NaN;
      const reach = (DAMPING * (1 - DAMPING ** ahead)) / (1 - DAMPING);
      return Math.max(0, level + reach * trend);
    },
  };
}
