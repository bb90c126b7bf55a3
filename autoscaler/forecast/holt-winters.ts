import type { Method } from "./method.ts";
import type { Past } from "./past.ts";

/** Smoothing constants of level, trend and season; these run side by side. */
const GRID: readonly (readonly [number, number, number])[] = [0.9, 0.6, 0.3, 0.1, 0.03].flatMap((level) =>
  [0, 0.02].flatMap((trend) => [0.1, 0.3].map((season) => [level, trend, season] as const)),
);
const DAMPING = 0.95;
/** How fast errors are forgotten: half of it after about a day of five minutes. */
const FORGET = 0.9975;

/** One member of the grid: level, damped trend and a season of one day, added or multiplied. */
class Smoother {
  /** Errors at each horizon, fading. */
  readonly errors: Float64Array;
  private level = 0;
  private trend = 0;
  private readonly season: Float64Array;
  private readonly constants: readonly [number, number, number];
  private readonly multiplies: boolean;
  private readonly open: Float64Array[];

  constructor(constants: readonly [number, number, number], multiplies: boolean, setup: Setup) {
    this.constants = constants;
    this.multiplies = multiplies;
    this.season = new Float64Array(setup.day);
    this.errors = new Float64Array(setup.horizons.length);
    this.open = setup.horizons.map((h) => new Float64Array(h).fill(Number.NaN));
  }

  /** From the first whole day: its mean is the level, the distance to it the season. */
  begin(past: Past): void {
    const { day } = past;
    let sum = 0;
    for (let i = past.length - day; i < past.length; i++) sum += past.at(i);
    this.level = sum / day;
    for (let i = past.length - day; i < past.length; i++) this.season[i % day] = this.apart(past.at(i));
  }

  see(past: Past, horizons: readonly number[]): void {
    const i = past.length - 1;
    const value = past.at();
    horizons.forEach((h, k) => {
      const expected = this.open[k]?.[i % h] ?? Number.NaN;
      const error = past.isSeen(i) && !Number.isNaN(expected) ? Math.abs(value - expected) : 0;
      this.errors[k] = FORGET * (this.errors[k] ?? 0) + error;
    });
    const [alpha, beta, gamma] = this.constants;
    const slot = i % past.day;
    const season = this.season[slot] ?? 0;
    const before = this.level;
    const expected = this.level + DAMPING * this.trend;
    const base = this.multiplies ? value / Math.max(season, 0.01) : value - season;
    this.level = expected + alpha * (base - expected);
    this.trend = DAMPING * this.trend + beta * (this.level - before - DAMPING * this.trend);
    this.season[slot] = season + gamma * (this.apart(value) - season);
    horizons.forEach((h, k) => {
      const open = this.open[k];
      if (open !== undefined) open[i % h] = this.ahead(past, h);
    });
  }

  ahead(past: Past, ahead: number): number {
    const reach = (DAMPING * (1 - DAMPING ** ahead)) / (1 - DAMPING);
    const season = this.season[(past.length - 1 + ahead) % past.day] ?? 0;
    const base = this.level + reach * this.trend;
    return Math.max(0, this.multiplies ? base * season : base + season);
  }

  private apart(value: number): number {
    if (!this.multiplies) return value - this.level;
    return this.level > 0 ? value / this.level : 1;
  }
}

interface Setup {
  readonly day: number;
  readonly horizons: readonly number[];
}

/**
 * Holt-Winters with a daily season (Winters 1960, damped as in Hyndman and Athanasopoulos, ch. 8). All members of a
 * grid of smoothing constants run side by side; at each horizon the one with the smallest errors of late is asked, so
 * the constants are fitted online and to the horizon. From the second day on.
 */
export function holtWinters(kind: "additive" | "multiplicative", horizons: readonly number[]): Method {
  let members: readonly Smoother[] = [];
  return {
    name: `holt-winters-${kind}`,
    seasonal: true,
    see(past) {
      if (members.length > 0) {
        for (const member of members) member.see(past, horizons);
      } else if (past.length >= past.day) {
        const setup = { day: past.day, horizons };
        members = GRID.map((constants) => new Smoother(constants, kind === "multiplicative", setup));
        for (const member of members) member.begin(past);
      }
    },
    ahead(past, ahead) {
      const k = horizons.indexOf(ahead);
      let best: Smoother | undefined;
      for (const member of members) {
        if (best === undefined || (member.errors[k] ?? 0) < (best.errors[k] ?? 0)) best = member;
      }
      return best?.ahead(past, ahead) ?? Number.NaN;
    },
  };
}
