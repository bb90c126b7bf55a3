/**
 * An expert gets credit for leaning to the side that was right, even when it went too far, because that is what makes a
 * good mixture; but not when its own error was so many times that of the mixture.
 */
const WILD = 4;
const FOLLOW = 0.02;

/**
 * Online aggregation of experts by polynomial weights (ML-Poly: Gaillard, Stoltz and van Erven 2014, with the gradient
 * trick for absolute errors and fading evidence): no rates to tune, and in the long run as good as the best fixed
 * mixture. An expert that says nothing (NaN) sleeps: it is left out, and its evidence waits.
 */
export class Combination {
  private readonly regrets: Float64Array;
  private readonly squares: Float64Array;
  private readonly weights: Float64Array;
  private readonly first: number;
  private readonly keep: number;
  private largest = 0;
  /** A typical error of the mixture. */
  private typical = 0;

  /** `first`: the expert that is believed before there is evidence; `keep`: what is left of evidence a step later. */
  constructor(experts: number, first: number, keep: number) {
    this.regrets = new Float64Array(experts);
    this.squares = new Float64Array(experts);
    this.weights = new Float64Array(experts);
    this.first = first;
    this.keep = keep;
  }

  /** The mixture of what the experts say; NaN when none says anything. Also leaves `weightOf` up to date. */
  mix(said: ArrayLike<number>, from: number): number {
    const n = this.regrets.length;
    let total = 0;
    for (let i = 0; i < n; i++) {
      const awake = !Number.isNaN(said[from + i] ?? Number.NaN);
      const regret = awake ? Math.max(0, this.regrets[i] ?? 0) : 0;
      const weight = (regret * regret) / (this.largest + (this.squares[i] ?? 0) + Number.MIN_VALUE);
      this.weights[i] = weight;
      total += weight;
    }
    if (!(total > 0)) {
      this.weights[this.first] = 1;
      total = 1;
    }
    let mixed = 0;
    for (let i = 0; i < n; i++) {
      const weight = (this.weights[i] ?? 0) / total;
      this.weights[i] = weight;
      if (weight > 0) mixed += weight * (said[from + i] ?? Number.NaN);
    }
    return mixed;
  }

  weightOf(expert: number): number {
    return this.weights[expert] ?? 0;
  }

  /** Learns from what the experts said and what the mixture of that time was. `scale`: a typical value of the load. */
  learn(said: ArrayLike<number>, from: number, mixed: number, actual: number, scale: number): void {
    if (Number.isNaN(mixed) || !(scale > 0)) return;
    const { regrets, squares, keep } = this;
    const error = Math.abs(mixed - actual);
    const side = Math.sign(mixed - actual);
    const far = WILD * Math.max(error, this.typical);
    for (let i = 0; i < regrets.length; i++) {
      const value = said[from + i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const own = Math.abs(value - actual);
      const regret = (own > far ? error - own : side * (mixed - value)) / scale;
      const square = regret * regret;
      regrets[i] = keep * (regrets[i] ?? 0) + regret;
      squares[i] = keep * (squares[i] ?? 0) + square;
      if (square > this.largest) this.largest = square;
    }
    this.typical += (error - this.typical) * FOLLOW;
  }
}
