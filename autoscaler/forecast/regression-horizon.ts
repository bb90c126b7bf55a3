import { LeastSquares } from "./least-squares.ts";
import type { Past } from "./past.ts";

/** What is left of a sample one day later. */
const KEPT_PER_DAY = 0.87;
const RIDGE = 1e-4;
/** An error of more than this many typical ones counts as one of that size: a spike teaches nothing (Huber 1964). */
const ROBUST_ERRORS = 1.5;
const TYPICAL_SHARE = 0.01;
/** Solved anew after this many steps. */
const SOLVE_EVERY = 24;
/** From so many steps ahead on, neighbouring samples are nearly the same one: every fourth is enough. */
const SPARSE_FROM = 16;
const SPARSE_EVERY = 4;

/** The regression of one horizon: its samples wait in a ring until their truth is known. */
export class OneHorizon {
  readonly ahead: number;
  readonly features: Float64Array;
  private readonly size: number;
  private readonly sums: LeastSquares;
  private readonly coefficients: Float64Array;
  private readonly predictions: Float64Array;
  private readonly usable: Uint8Array;
  /** Learns from every so many steps. */
  private readonly every: number;
  private solved = false;
  private typical = 0;

  constructor(ahead: number, size: number, stepsPerDay: number) {
    this.ahead = ahead;
    this.size = size;
    this.every = ahead < SPARSE_FROM ? 1 : SPARSE_EVERY;
    this.sums = new LeastSquares(size, KEPT_PER_DAY ** (this.every / stepsPerDay), RIDGE);
    this.coefficients = new Float64Array(size);
    this.features = new Float64Array(size * (ahead + 1));
    this.predictions = new Float64Array(ahead + 1).fill(Number.NaN);
    this.usable = new Uint8Array(ahead + 1);
  }

  /** Where the features of a step begin. */
  row(step: number): number {
    return (step % (this.ahead + 1)) * this.size;
  }

  /** Learns from step `now` what the features of `ahead` steps before it meant. */
  learn(y: Float64Array, past: Past, now: number): void {
    const origin = now - this.ahead;
    const slot = origin % (this.ahead + 1);
    const usable = origin >= 0 && this.usable[slot] === 1;
    if (!usable || past.odd || !past.isSeen(now) || !past.isSeen(origin)) return;
    const value = y[now] ?? 0;
    const predicted = this.predictions[slot] ?? Number.NaN;
    if (now % this.every !== 0) return;
    this.sums.add(
      this.features,
      this.row(origin),
      value - (y[origin] ?? 0),
      this.trust(Math.abs(value - predicted)),
    );
    const enough = 2 * this.size;
    if (this.sums.count < enough || this.sums.count % (SOLVE_EVERY / this.every) !== 0) return;
    this.sums.solve(this.coefficients);
    this.solved = true;
  }

  /** Forecasts from the features of step `now`, where the value is `value`. */
  predict(now: number, value: number): void {
    const slot = now % (this.ahead + 1);
    const row = this.row(now);
    this.usable[slot] = 1;
    let sum = value;
    for (let i = 0; i < this.size; i++) sum += (this.coefficients[i] ?? 0) * (this.features[row + i] ?? 0);
    this.predictions[slot] = this.solved ? sum : Number.NaN;
  }

  /** There are no features of step `now`. */
  skip(now: number): void {
    const slot = now % (this.ahead + 1);
    this.usable[slot] = 0;
    this.predictions[slot] = Number.NaN;
  }

  /** What was said at a step; NaN: nothing. */
  predictionAt(now: number): number {
    return this.predictions[now % (this.ahead + 1)] ?? Number.NaN;
  }

  /** Weight of a sample that the regression itself missed by `error`. */
  private trust(error: number): number {
    if (Number.isNaN(error)) return 1;
    if (this.typical === 0) this.typical = error;
    else this.typical += TYPICAL_SHARE * (Math.min(error, 5 * this.typical) - this.typical);
    return Math.min(1, (ROBUST_ERRORS * this.typical) / (error + Number.MIN_VALUE));
  }
}
