/** Share of the mean power of all features below which a feature counts as constant. */
const LEAST_POWER = 1e-9;
/** Beyond this all sums are scaled down, long before they would overflow. */
const LARGEST_WEIGHT = 1e9;

/**
 * Ridge regression on sums that fade: what was learned long ago counts less. Every sample costs n² / 2, every solution
 * n³ / 6 by Cholesky. Against recursive least squares it needs no start and cannot wind up while nothing happens.
 */
export class LeastSquares {
  readonly size: number;
  private readonly products: Float64Array;
  private readonly targets: Float64Array;
  private readonly factor: Float64Array;
  private readonly forget: number;
  private readonly ridge: number;
  private samples = 0;
  /** Instead of letting all sums fade, every sample weighs more than the one before; only the ratio matters. */
  private newest = 1;

  /** `forget`: what is left of a sample one sample later; `ridge`: penalty as a share of each feature's own power. */
  constructor(size: number, forget: number, ridge: number) {
    this.size = size;
    this.forget = forget;
    this.ridge = ridge;
    this.products = new Float64Array(size * size);
    this.targets = new Float64Array(size);
    this.factor = new Float64Array(size * size);
  }

  get count(): number {
    return this.samples;
  }

  /** Learns that `features` (at `from` in the array) went with `target`, with a weight of at most 1. */
  add(features: Float64Array, from: number, target: number, weight: number): void {
    const { size, products, targets } = this;
    this.newest /= this.forget;
    for (let i = 0; i < size; i++) {
      const f = weight * this.newest * (features[from + i] ?? 0);
      const row = i * size;
      for (let j = 0; j <= i; j++)
        products[row + j] = (products[row + j] ?? 0) + f * (features[from + j] ?? 0);
      targets[i] = (targets[i] ?? 0) + f * target;
    }
    this.samples++;
    if (this.newest > LARGEST_WEIGHT) this.shrink();
  }

  /** Writes the coefficients into `into`. */
  solve(into: Float64Array): void {
    const { size: n, targets, factor: l } = this;
    this.decompose();
    for (let i = 0; i < n; i++) into[i] = ((targets[i] ?? 0) - this.dot(into, 0, i, i)) / (l[i * n + i] ?? 1);
    for (let i = n - 1; i >= 0; i--) {
      let sum = into[i] ?? 0;
      for (let k = i + 1; k < n; k++) sum -= (l[k * n + i] ?? 0) * (into[k] ?? 0);
      into[i] = sum / (l[i * n + i] ?? 1);
    }
  }

  private shrink(): void {
    const { products, targets, newest } = this;
    for (let k = 0; k < products.length; k++) products[k] = (products[k] ?? 0) / newest;
    for (let i = 0; i < targets.length; i++) targets[i] = (targets[i] ?? 0) / newest;
    this.newest = 1;
  }

  /** Lower triangle L with L·Lᵀ = products + ridge. */
  private decompose(): void {
    const { size: n, products: a, factor: l } = this;
    let power = 0;
    for (let i = 0; i < n; i++) power += a[i * n + i] ?? 0;
    const floor = (LEAST_POWER * power) / n + Number.MIN_VALUE;
    for (let j = 0; j < n; j++) {
      const own = (a[j * n + j] ?? 0) * (1 + this.ridge) + floor;
      const root = Math.sqrt(Math.max(own - this.dot(l, j * n, j, j), floor));
      l[j * n + j] = root;
      for (let i = j + 1; i < n; i++) l[i * n + j] = ((a[i * n + j] ?? 0) - this.dot(l, j * n, i, j)) / root;
    }
  }

  /** Sum of the first `count` products of row `row` of L with the numbers that begin at `from`. */
  private dot(numbers: Float64Array, from: number, row: number, count: number): number {
    const { size: n, factor: l } = this;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += (l[row * n + k] ?? 0) * (numbers[from + k] ?? 0);
    return sum;
  }
}
