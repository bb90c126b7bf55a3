const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The value below which `share` of the values lie; `NaN` of none. */
function quantile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) return Number.NaN;
  const at = Math.min(ascending.length - 1, Math.max(0, Math.ceil(share * ascending.length) - 1));
  return ascending[at] ?? Number.NaN;
}

/** How a counter spreads over subtasks, as `aggregated` of a vertex shows it; zeros of none. */
export function spreadOf(values: readonly number[]): Readonly<Record<string, number>> {
  const ascending = values.length === 0 ? [0] : sorted(values);
  return {
    min: ascending[0] ?? 0,
    max: ascending.at(-1) ?? 0,
    avg: Math.floor(sumOf(ascending) / ascending.length),
    sum: sumOf(ascending),
    median: quantile(ascending, 0.5),
    p25: quantile(ascending, 0.25),
    p75: quantile(ascending, 0.75),
    p95: quantile(ascending, 0.95),
  };
}

/** How a quantity spreads over checkpoints; quantiles of none are `NaN`, which Flink writes as text. */
export function summaryOf(values: readonly number[]): Readonly<Record<string, number | string>> {
  const ascending = sorted(values);
  const at = (share: number): number | string => (values.length === 0 ? "NaN" : quantile(ascending, share));
  return {
    min: ascending[0] ?? 0,
    max: ascending.at(-1) ?? 0,
    avg: values.length === 0 ? 0 : Math.floor(sumOf(values) / values.length),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}
