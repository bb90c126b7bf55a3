/** The share of steps whose highest value is to stay below the upper path. */
export const CERTAINTY = 0.95;
/** Fewer residuals than this say nothing of a quantile. */
const FEWEST = 5;
/** Loads near zero are judged against this share of the usual load as well, so that their ratios stay finite. */
const FLOOR_SHARE = 0.05;
/** With less than a week of residuals not every kind of day was seen, so a higher share of them is asked for, up to this. */
const CAREFUL = 0.975;
/** Few residuals at a long horizon are few independent ones: the band is widened by this, times horizon / residuals. */
const SCARCITY = 0.5;

/** How far the highest value within a step lay above its forecast, as a share of the forecast. Newest kept. */
export class Residuals {
  private readonly kept: Float64Array;
  private count = 0;

  constructor(most: number) {
    this.kept = new Float64Array(most);
  }

  get size(): number {
    return Math.min(this.count, this.kept.length);
  }

  add(most: number, forecast: number, usual: number): void {
    const floor = forecast + FLOOR_SHARE * usual;
    if (!(floor > 0)) return; // NaN: nothing was expected
    this.kept[this.count++ % this.kept.length] = (most - forecast) / floor;
  }

  /** The share that is not exceeded with `CERTAINTY`, at least 0; NaN with too few residuals. O(n log n). */
  quantile(horizon: number): number {
    const n = this.size;
    if (n < FEWEST) return Number.NaN;
    const sorted = this.kept.slice(0, n).sort();
    const certainty = CAREFUL - (CAREFUL - CERTAINTY) * (n / this.kept.length);
    const place = Math.min(n, Math.ceil(certainty * (n + 1))) - 1;
    return Math.max(0, sorted[place] ?? 0) * (1 + (SCARCITY * horizon) / n);
  }
}

/** The upper end of the band around a forecast. */
export function upperOf(forecast: number, share: number, usual: number): number {
  return forecast + share * (forecast + FLOOR_SHARE * usual);
}

/** How far the band reaches at one horizon, as a share of the forecast; NaN: nothing was learned that far ahead. */
export interface Share {
  readonly horizon: number;
  readonly share: number;
}

/**
 * Shares at every horizon 1 … `steps` from those at some of them, ascending: a straight line between; beyond the last one
 * growing with the root of the horizon, as a random walk does. Without any: `unknown` after one step.
 */
export function widen(shares: readonly Share[], steps: number, unknown: number): Float64Array {
  const known = shares.filter((s) => !Number.isNaN(s.share));
  const [first, ...others] = known.length > 0 ? known : [{ horizon: 1, share: unknown }];
  const wide = new Float64Array(steps);
  if (first === undefined) return wide;
  wide.fill(first.share, 0, first.horizon);
  let left = first;
  for (const right of others) {
    for (let h = left.horizon + 1; h <= Math.min(steps, right.horizon); h++) {
      const part = (h - left.horizon) / (right.horizon - left.horizon);
      wide[h - 1] = left.share + part * (right.share - left.share);
    }
    left = right;
  }
  for (let h = left.horizon + 1; h <= steps; h++) wide[h - 1] = left.share * Math.sqrt(h / left.horizon);
  return wide;
}
