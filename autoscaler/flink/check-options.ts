import { parsePeriod } from "./excluded-periods.ts";
import { type FlinkOptions, utilizationMaxOf, utilizationMinOf } from "./flink-options.ts";
import { type OptionName, PREFIX } from "./options.ts";

/** An option that is not in its range. */
export interface OptionProblem {
  readonly option: OptionName;
  readonly sentence: string;
}

interface Range {
  readonly option: OptionName;
  readonly value: (o: FlinkOptions) => number | null;
  readonly min: (o: FlinkOptions) => number;
  readonly max: (o: FlinkOptions) => number;
  /** The option is looked at only while this feature is on. */
  readonly when?: (o: FlinkOptions) => boolean;
}

const zero = (): number => 0;
const one = (): number => 1;
const unbounded = (): number => Number.POSITIVE_INFINITY;

/** Ranges in the order in which the first violation is told. */
const RANGES: readonly Range[] = [
  { option: "scale-down.max-factor", value: (o) => o.scaleDownMaxFactor, min: zero, max: unbounded },
  { option: "scale-up.max-factor", value: (o) => o.scaleUpMaxFactor, min: zero, max: unbounded },
  { option: "utilization.target", value: (o) => o.target, min: zero, max: one },
  { option: "target.utilization.boundary", value: (o) => o.boundary, min: zero, max: unbounded },
  { option: "utilization.max", value: (o) => o.utilizationMax, min: (o) => o.target, max: one },
  { option: "utilization.min", value: (o) => o.utilizationMin, min: zero, max: (o) => o.target },
  { option: "memory.gc-pressure.threshold", value: (o) => o.gcThreshold, min: zero, max: one },
  { option: "memory.heap-usage.threshold", value: (o) => o.heapThreshold, min: zero, max: one },
  {
    option: "observed-scalability.coefficient-min",
    value: (o) => o.scalabilityLeast,
    min: () => 0.01,
    max: one,
    when: (o) => o.scalability,
  },
  {
    option: "scaling.effectiveness.threshold",
    value: (o) => o.effectiveness,
    min: zero,
    max: one,
    when: (o) => o.blockIneffective,
  },
  {
    option: "memory.tuning.overhead",
    value: (o) => o.memoryOverhead,
    min: zero,
    max: one,
    when: (o) => o.memoryTuning,
  },
];

/** Options out of range, in a fixed order; none while the autoscaler is off, as in the Java one. */
export function checkFlinkOptions(options: FlinkOptions): readonly OptionProblem[] {
  if (!options.enabled) return [];
  const problems: OptionProblem[] = [];
  for (const range of RANGES) {
    const value = range.value(options);
    if (value === null || range.when?.(options) === false) continue;
    const [min, max] = [range.min(options), range.max(options)];
    if (value < min || value > max) {
      problems.push({
        option: range.option,
        sentence: `${PREFIX}${range.option}: got ${value}; expected a value within [${min}, ${max}]`,
      });
    }
  }
  for (const text of options.excludedPeriods) {
    const period = parsePeriod(text);
    if (typeof period === "string") problems.push({ option: "excluded.periods", sentence: period });
  }
  return problems;
}

/** What is allowed and yet a trap: said, not refused. */
export function trapsOf(options: FlinkOptions): readonly string[] {
  const traps: string[] = [];
  if (utilizationMaxOf(options) >= 1) {
    traps.push(
      "Upper bound of the utilization is 1 or more: nothing scales up before the load exceeds the capacity.",
    );
  }
  if (utilizationMinOf(options) <= 0)
    traps.push("Lower bound of the utilization is 0 or less: nothing ever scales down.");
  if (options.stabilizationMs < 75_000 && options.busyAggregator !== "AVG") {
    traps.push("Stabilization is shorter than 75 s: for that long after a start the busy gauge is wrong.");
  }
  for (const id of options.excludedVertices.filter((v) => !/^[0-9a-f]{32}$/i.test(v))) {
    traps.push(
      `Excluded vertex "${id.slice(0, 60)}" is not an id of 32 hex digits; entries are separated by ";".`,
    );
  }
  return traps;
}
