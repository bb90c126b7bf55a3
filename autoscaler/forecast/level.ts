import type { Method } from "./method.ts";

/** Smoothing constants that run side by side, as shares of the newest value. */
const ALPHAS = [0.6, 0.3, 0.1, 0.03];
/** How fast errors are forgotten: half of it after about 70 steps. */
const FORGET = 0.99;

/**
 * Simple exponential smoothing (Brown 1959): the level without its noise. Several constants run side by side; the one
 * whose errors at one step ahead were the smallest of late is asked.
 */
export function smoothedLevel(): Method {
  const levels = ALPHAS.map(() => Number.NaN);
  const errors = ALPHAS.map(() => 0);
  return {
    name: "smoothed-level",
    seasonal: false,
    see(past) {
      const i = past.length - 1;
      if (!past.isSeen(i)) return;
      const value = past.at();
      ALPHAS.forEach((alpha, k) => {
        const level = levels[k] ?? Number.NaN;
        errors[k] = FORGET * (errors[k] ?? 0) + (Number.isNaN(level) ? 0 : Math.abs(value - level));
        levels[k] = Number.isNaN(level) ? value : level + alpha * (value - level);
      });
    },
    ahead: () => levels[errors.indexOf(Math.min(...errors))] ?? Number.NaN,
  };
}
