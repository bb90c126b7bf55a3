import { Residuals, widen } from "./band.ts";
import { pathMethods, youngMethods } from "./methods.ts";
import { OnlineForecast } from "./online.ts";
import { SeasonalShape } from "./seasonal-shape.ts";
import type { Steps } from "./steps.ts";

/** With less than this many days there is no season: what was seen once is no rule. */
const SEASON_DAYS = 1.5;
/** Shares of a day that are forecast and back-tested, besides the first two steps; between, the path follows the season. */
const ANCHORS = [1 / 24, 1 / 8, 1 / 3, 1];
/** Residuals of this many days make the band. */
const BAND_DAYS = 7;
/** Of a load that is hardly known: the band after one step, as a share; it grows with the root of time. */
const UNKNOWN_SHARE = 0.1;
/** For so many days the mixture is still learning whom to trust; its errors of that time are not held against it. */
const LEARNING_DAYS = 2.5;
/** Nor later is its band much wider than that of the methods in it. */
const MOST_OF_METHODS = 1.5;
const RECENT = "regression-recent";
/** Methods that count less than this in a mixture say nothing of its band. */
const LEAST_WEIGHT = 0.02;

interface Setup {
  readonly stepsPerDay: number;
  /** Steps that will be asked for. */
  readonly steps: number;
}

/** How wrong the forecasts of one horizon were: the mixture, and every method by itself. */
interface Wrongness {
  readonly mixture: Residuals;
  readonly methods: readonly Residuals[];
}

/** The past lived through once more: forecasts are made at every step and judged when their time comes. */
export class Replay {
  private readonly setup: Setup;
  private readonly online: OnlineForecast;
  private readonly anchors: readonly number[];
  private readonly wrong: readonly Wrongness[];
  private readonly shape: SeasonalShape | null;
  /** Older steps are no longer in the band. */
  private readonly judgedFrom: number;
  /** First step of the newest change of level. */
  private changedAt = -1;
  private previousMost: number | null = null;

  constructor(past: Steps, setup: Setup) {
    const { stepsPerDay: day, steps } = setup;
    this.setup = setup;
    const capacity = past.mean.length;
    const furthest = Math.max(2, Math.min(steps, day));
    const anchors = ANCHORS.map((share) => Math.round(share * day)).filter((h) => h > 2 && h < furthest);
    this.anchors = [...new Set([1, 2, ...anchors, furthest])];
    const seasonal = capacity >= SEASON_DAYS * day;
    const known = { stepsPerDay: day, horizons: this.anchors };
    const methods = seasonal ? pathMethods(known) : youngMethods(known);
    this.online = new OnlineForecast({ ...known, capacity, methods });
    this.shape = seasonal ? new SeasonalShape(day) : null;
    const residuals = () => new Residuals(BAND_DAYS * day);
    this.wrong = this.anchors.map(() => ({ mixture: residuals(), methods: methods.map(residuals) }));
    this.judgedFrom = Math.max(1, capacity - BAND_DAYS * day);
    past.mean.forEach((mean, i) => {
      this.live(i, mean, past.most[i] ?? null);
    });
  }

  /** The load that is usual; records per second. */
  get usual(): number {
    return this.online.usual;
  }

  /** Whether the level is one that none of the methods explains. */
  hasChanged(level: number): boolean {
    const { watch } = this.online;
    return watch.age !== null || watch.isNewLevel(level, this.online.mixed(0), this.usual);
  }

  flat(level: number): number[] {
    return new Array<number>(this.setup.steps).fill(level);
  }

  /** The middle of what is expected at every step: forecasts at the anchors, between them in the shape of the season. */
  expected(): number[] {
    const { steps, stepsPerDay } = this.setup;
    const now = this.online.past.length - 1;
    const season = (h: number) => this.shape?.at(now + h) ?? 0;
    const off = new Map(this.anchors.map((h, k) => [h, this.online.mixed(k) - season(h)]));
    const path: number[] = [];
    let left = 1;
    for (let h = 1; h <= steps; h++) {
      const right = this.anchors.find((a) => a >= h);
      if (right === undefined) path.push(path[h - 1 - stepsPerDay] ?? path.at(-1) ?? 0);
      else path.push(Math.max(0, season(h) + between(off, left, right, h)));
      if (h === right) left = right;
    }
    return path;
  }

  /**
   * How far above the middle the band ends at every step, as shares: as the mixture's own errors say, and as those of the
   * methods in it say while it was still learning whom to trust.
   */
  band(): Float64Array {
    return this.shares((wrong, h, k) => {
      const weights = this.online.weights(k);
      let share = 0;
      wrong.methods.forEach((residuals, m) => {
        const weight = weights[m] ?? 0;
        if (weight > LEAST_WEIGHT) share += weight * residuals.quantile(h);
      });
      const own = wrong.mixture.quantile(h);
      if (Number.isNaN(share)) return own;
      return Number.isNaN(own) ? share : Math.min(own, MOST_OF_METHODS * share);
    });
  }

  /** The same for "same as now" without a season: a day later nobody is wiser than half a day later. */
  bandOfLastValue(): Float64Array {
    let widest = 0;
    return this.shares((wrong, h) => {
      const share = wrong.methods[0]?.quantile(h) ?? Number.NaN;
      if (share > widest) widest = share;
      return Number.isNaN(share) ? share : widest;
    });
  }

  /**
   * The method that counts most from an hour ahead on; one with a season where those count more together than those
   * that take a load to stay as it is. (A regression on the last hours is neither: on a smooth day it foresees as much.)
   */
  bestMethod(): string {
    const { methods } = this.online;
    const total = new Float64Array(methods.length);
    this.anchors.forEach((h, k) => {
      if (h <= 2 && this.anchors.length > 2) return;
      for (const [m, weight] of this.online.weights(k).entries()) total[m] = (total[m] ?? 0) + weight;
    });
    const sum = (seasonal: boolean) =>
      methods.reduce((all, m, i) => all + (m.seasonal === seasonal ? (total[i] ?? 0) : 0), 0);
    const recent = total[methods.findIndex((m) => m.name === RECENT)] ?? 0;
    const seasonal = sum(true) > 0 && sum(true) >= sum(false) - recent;
    const rated = methods.map((m, i) => ({
      name: m.name,
      weight: m.seasonal === seasonal ? (total[i] ?? 0) : -1,
    }));
    return rated.reduce((a, b) => (b.weight > a.weight ? b : a)).name;
  }

  private live(i: number, mean: number | null, most: number | null): void {
    const { online } = this;
    online.add(mean);
    // The second odd step tells that the first one was the beginning of a change.
    if (online.watch.age === 1) this.changedAt = i - 1;
    if (i >= this.judgedFrom) this.judge(i - 1, this.previousMost);
    this.previousMost = most;
    this.shape?.add(i, online.past.at(), mean !== null, online.past.odd);
  }

  /** How far the highest value within a step lay above what was expected of it at each horizon. */
  private judge(step: number, most: number | null): void {
    const { online, usual, changedAt } = this;
    if (most === null) return;
    this.wrong.forEach((wrong, k) => {
      const origin = step - (this.anchors[k] ?? 1);
      // What no method could know teaches nothing about the next hours.
      const spansChange = origin < changedAt && changedAt <= step;
      if (origin < 0 || spansChange) return;
      const learning = this.shape !== null && origin < LEARNING_DAYS * this.setup.stepsPerDay;
      if (!learning) wrong.mixture.add(most, online.mixed(k, origin), usual);
      wrong.methods.forEach((residuals, m) => {
        residuals.add(most, online.said(k, m, origin), usual);
      });
    });
  }

  private shares(share: (wrong: Wrongness, h: number, k: number) => number): Float64Array {
    const known = this.wrong.map((wrong, k) => {
      const horizon = this.anchors[k] ?? 1;
      return { horizon, share: share(wrong, horizon, k) };
    });
    return widen(known, this.setup.steps, UNKNOWN_SHARE);
  }
}

/** On the straight line between the values of two horizons. */
function between(values: ReadonlyMap<number, number>, left: number, right: number, at: number): number {
  const [a, b] = [values.get(left) ?? 0, values.get(right) ?? 0];
  return right === left ? b : a + ((at - left) / (right - left)) * (b - a);
}
