import type { Method } from "./method.ts";
import type { Past } from "./past.ts";
import { OneHorizon } from "./regression-horizon.ts";
import { Profile } from "./seasonal-profile.ts";

/** What a regression looks at besides the newest steps. */
export type Reach = "recent" | "day" | "week";

/** Lags in steps: as far as the last hour, at least four. */
const LAGS = [1, 2, 3, 4, 5, 6, 9, 11];
const FEWEST_LAGS = 4;
const PROFILE_SHARE = 0.3;

interface Options {
  readonly reach: Reach;
  /** Regress on logarithms: a load whose noise and swings grow with it. */
  readonly logs: boolean;
  readonly horizons: readonly number[];
  readonly stepsPerDay: number;
}

/**
 * Direct autoregression per horizon: the change from now on is a linear function of the differences between now and
 * recent lags, recent means, and what happened from this time on yesterday, usually and a week ago. Regressing on
 * differences makes "same as now" what it shrinks to, and a new level no surprise. Fitted online by `LeastSquares`.
 */
export function regression(options: Options): Method {
  return new Regression(options);
}

class Regression implements Method {
  readonly name: string;
  readonly seasonal: boolean;
  private readonly options: Options;
  private readonly horizons: readonly OneHorizon[];
  private readonly profile: Profile;
  private readonly lags: readonly number[];
  private readonly smooth: number;
  private slowMean = 0;
  /** Features that are the same at every horizon. */
  private readonly common: Float64Array;
  private commonCount = 0;

  constructor(options: Options) {
    this.name = `regression-${options.reach}${options.logs ? "-log" : ""}`;
    this.seasonal = options.reach !== "recent";
    this.options = options;
    this.smooth = Math.max(1, Math.round(options.stepsPerDay / 144));
    this.profile = new Profile(options.stepsPerDay, PROFILE_SHARE, 1);
    this.common = new Float64Array(32);
    const hour = options.stepsPerDay / 24;
    this.lags = LAGS.filter((lag, i) => lag <= hour || i < FEWEST_LAGS);
    const own = options.reach === "recent" ? 0 : options.reach === "day" ? 6 : 11;
    const size = this.lags.length + 3 + own;
    this.horizons = options.horizons.map((h) => new OneHorizon(h, size, options.stepsPerDay));
  }

  see(past: Past): void {
    if (this.options.logs && !past.hasLogs) return;
    const y = this.options.logs ? past.logs : past.values;
    const now = past.length - 1;
    const value = y[now] ?? 0;
    this.profile.see(now, value, past.odd);
    this.slowMean += (value - this.slowMean) / Math.min(now + 1, past.day);
    for (const one of this.horizons) one.learn(y, past, now);
    const ready = this.reachesBack(past, now);
    if (ready) this.readCommon(y, past, now);
    for (const one of this.horizons) {
      if (ready) {
        this.readOwn(y, past, now, one);
        one.predict(now, value);
      } else one.skip(now);
    }
  }

  ahead(past: Past, ahead: number): number {
    const one = this.horizons.find((h) => h.ahead === ahead);
    const value = one?.predictionAt(past.length - 1) ?? Number.NaN;
    if (Number.isNaN(value)) return value;
    return this.options.logs ? past.fromLog(value) : Math.max(0, value);
  }

  /** Whether there is a value at every lag. */
  private reachesBack(past: Past, now: number): boolean {
    const { reach } = this.options;
    const season = reach === "recent" ? 0 : past[reach];
    return now >= season + (this.lags.at(-1) ?? 0);
  }

  private readCommon(y: Float64Array, past: Past, now: number): void {
    const { reach } = this.options;
    const { day, week } = past;
    const base = y[now] ?? 0;
    let n = 0;
    for (const lag of this.lags) this.common[n++] = (y[now - lag] ?? 0) - base;
    this.common[n++] = meanOf(y, now, Math.max(4, Math.round(day / 24))) - base;
    this.common[n++] = meanOf(y, now, Math.max(8, Math.round(day / 8))) - base;
    this.common[n++] = this.slowMean - base;
    if (reach !== "recent") {
      this.common[n++] = (y[now - day] ?? 0) - base;
      this.common[n++] = around(y, now - day, this.smooth, now) - base;
      this.common[n++] = this.profile.at(now) - base;
    }
    if (reach === "week") {
      this.common[n++] = (y[now - week] ?? 0) - base;
      this.common[n++] = around(y, now - week, this.smooth, now) - base;
    }
    this.commonCount = n;
  }

  /** Features that look at the time to be forecast, in the seasons before. */
  private readOwn(y: Float64Array, past: Past, now: number, one: OneHorizon): void {
    const row = one.features;
    let n = one.row(now);
    for (let i = 0; i < this.commonCount; i++) row[n++] = this.common[i] ?? 0;
    const { reach } = this.options;
    if (reach === "recent") return;
    const base = y[now] ?? 0;
    const yesterday = now + one.ahead - past.day;
    row[n++] = (y[yesterday] ?? 0) - base;
    row[n++] = around(y, yesterday, this.smooth, now) - base;
    row[n++] = this.profile.at(now + one.ahead) - base;
    if (reach === "day") return;
    const lastWeek = now + one.ahead - past.week;
    row[n++] = (y[lastWeek] ?? 0) - base;
    row[n++] = around(y, lastWeek, this.smooth, now) - base;
    row[n++] = around(y, lastWeek >= past.day ? lastWeek - past.day : lastWeek, this.smooth, now) - base;
  }
}

function meanOf(y: Float64Array, now: number, count: number): number {
  const from = Math.max(0, now - count + 1);
  let sum = 0;
  for (let i = from; i <= now; i++) sum += y[i] ?? 0;
  return sum / (now - from + 1);
}

/** Mean of the values up to `reach` steps around `i`, as far as they are known at `now`. */
function around(y: Float64Array, i: number, reach: number, now: number): number {
  const from = Math.max(0, i - reach);
  const to = Math.min(now, i + reach);
  let sum = 0;
  for (let j = from; j <= to; j++) sum += y[j] ?? 0;
  return sum / (to - from + 1);
}
