import type { FlinkOptions } from "./flink-options.ts";
import { rateOfStored, type ScalingEntry } from "./scaling-history.ts";

/** A scale-up that did not bring what was expected, records/s. */
export interface Ineffective {
  readonly expectedIncrease: number;
  readonly actualIncrease: number;
  /** Whether the next scale-up is refused for it: only where detection is switched on. */
  readonly blocks: boolean;
}

/**
 * Whether the last rescale of a vertex, if it was a scale-up to its present parallelism, gained less than the
 * threshold of what it should have. Null: it helped, or there is nothing to judge.
 */
export function ineffectiveScaleUp(
  last: ScalingEntry | undefined,
  parallelism: number,
  trueProcessingRate: number,
  options: Pick<FlinkOptions, "effectiveness" | "blockIneffective">,
): Ineffective | null {
  if (last === undefined || last.to !== parallelism || last.to <= last.from) return null;
  const before = rateOfStored(last.trueProcessingRate);
  const expectedIncrease = rateOfStored(last.expectedRate) - before;
  const actualIncrease = trueProcessingRate - before;
  if (actualIncrease / expectedIncrease >= options.effectiveness) return null;
  return { expectedIncrease, actualIncrease, blocks: options.blockIneffective };
}
