import type { VertexId } from "../../model/index.ts";
import type { FlinkGlobalSample, FlinkSample, FlinkVertexSample } from "./samples.ts";

type VertexMetric = keyof FlinkVertexSample;

const numberIn = (value: number | "infinite" | undefined): number =>
  value === "infinite" ? Number.POSITIVE_INFINITY : (value ?? Number.NaN);

const valueAt = (sample: FlinkSample, id: VertexId, metric: VertexMetric): number =>
  numberIn(sample.vertices[id]?.[metric]);

/** Growth per second from the first to the last sample that has the metric; NaN with fewer than two. O(1) mostly. */
export function rateOf(samples: readonly FlinkSample[], id: VertexId, metric: VertexMetric): number {
  const has = (sample: FlinkSample): boolean => !Number.isNaN(valueAt(sample, id, metric));
  const first = samples.find(has);
  const last = samples.findLast(has);
  if (first === undefined || last === undefined || first === last) return Number.NaN;
  const growth = valueAt(last, id, metric) - valueAt(first, id, metric);
  return (1_000 * growth) / Math.max(1, last.at - first.at);
}

/** Mean of the finite values; NaN with fewer than `least` of them; +∞ where nothing but +∞ was seen. */
export function averageOf(
  samples: readonly FlinkSample[],
  id: VertexId,
  metric: VertexMetric,
  least = 1,
): number {
  const mean = new Mean();
  for (const sample of samples) mean.add(valueAt(sample, id, metric));
  return mean.of(least);
}

/**
 * A mean whose sum has its rounding errors made good (Neumaier): ten times 0.78 is 7.8. A plain sum is a hair above, and
 * rounding up would make one subtask of the hair.
 */
class Mean {
  #sum = 0;
  #lost = 0;
  #count = 0;
  #infinite = false;

  add(value: number): void {
    if (Number.isNaN(value)) return;
    if (!Number.isFinite(value)) {
      this.#infinite = true;
      return;
    }
    const next = this.#sum + value;
    const larger = Math.abs(this.#sum) >= Math.abs(value);
    this.#lost += larger ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
    this.#count++;
  }

  of(least: number): number {
    if (this.#count === 0) return this.#infinite ? Number.POSITIVE_INFINITY : Number.NaN;
    return this.#count < least ? Number.NaN : (this.#sum + this.#lost) / this.#count;
  }
}

/** The newest sample's value; NaN where it has none. */
export function latestOf(samples: readonly FlinkSample[], id: VertexId, metric: VertexMetric): number {
  const newest = samples.at(-1);
  return newest === undefined ? Number.NaN : valueAt(newest, id, metric);
}

/** Newest value and mean of a metric of the whole cluster; NaN each where there is none. */
export function globalOf(
  samples: readonly FlinkSample[],
  metric: keyof FlinkGlobalSample,
): { readonly current: number; readonly average: number } {
  const mean = new Mean();
  for (const sample of samples) mean.add(numberIn(sample.global[metric]));
  return { current: numberIn(samples.at(-1)?.global[metric]), average: mean.of(1) };
}
