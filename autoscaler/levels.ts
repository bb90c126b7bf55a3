import type { Milliseconds, Parallelism, ScaleInputs } from "../model/index.ts";
import type { Demand } from "./demand.ts";
import { cheapestPlan, type Level, type Plan } from "./plan.ts";
import { changeWorthMs, pauseWorthMs } from "./price.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { byId, factorOfSizes, type Sized, type Sizes, sizesAt, slotsOfSizes } from "./sizing.ts";

/** More sizes than this are not compared: they would differ by less than a subtask in twenty. */
const MOST_LEVELS = 20;
/** Between the target, which is for sizes that are chosen anew, and all of the time: this far up a vertex is left alone. */
const LEFT_ALONE = 0.7;
/** Load above what is carried costs as much as this many times the slots that are missing. */
const SHORT_WORTH = 12;

/** Without a season nobody knows how much more may come; this many times the load is made ready for. */
export const UNSEEN = 1.1;

/** Busy share above which a vertex is short of subtasks. Example: target 0.94 → 0.982. */
export const fullShare = (config: AutoscalerConfig): number =>
  config.targetUtilization + (1 - config.targetUtilization) * LEFT_ALONE;

export interface LevelPlan extends Plan {
  /** Parallelism of every vertex at the level to have now. */
  readonly parallelism: Parallelism;
  /** Slot-milliseconds that the change to the level of now was weighed with. */
  readonly price: number;
  readonly horizonMs: Milliseconds;
}

interface Size extends Level {
  readonly sizes: Sizes;
}

/** The cheapest course of sizes over what is to come, beginning with what the job has now. `mustGrow`: it is too small. */
export function planLevels(
  inputs: ScaleInputs,
  vertices: readonly Sized[],
  demand: Demand,
  config: AutoscalerConfig,
  slotsAtMost: number,
  mustGrow: boolean,
): LevelPlan {
  const now = vertices.map(({ vertex }) => vertex.parallelism);
  const present: Size = {
    sizes: now,
    slots: slotsOfSizes(vertices, now),
    // What cannot keep up is no level to stay at, however little is missing.
    factor: mustGrow ? 0 : factorOfSizes(vertices, now, fullShare(config)),
  };
  const sizes = sizesFor(vertices, demand, config, present, slotsAtMost);
  const typical = median([present.slots, ...sizes.map((s) => s.slots)]);
  const price = typical * changeWorthMs(inputs, demand.seasonal);
  const pausePrice = (load: number, { factor }: Level) =>
    typical * pauseWorthMs(inputs, config, factor / config.targetUtilization / Math.max(load, 1e-9));
  const plan = cheapestPlan({
    path: demand.path,
    stepMs: demand.stepMs,
    present,
    others: sizes,
    price,
    pausePrice,
    shortPrice: typical * SHORT_WORTH,
  });
  const size = sizes.find((s) => s === plan.now) ?? present;
  const parallelism = byId(vertices, size.sizes);
  const paid = price + pausePrice(demand.path[0] ?? 0, plan.now);
  return { ...plan, parallelism, price: paid, horizonMs: demand.path.length * demand.stepMs };
}

/** Sizes that carry the loads of the path at the target, each number of slots once, none the same as the present. */
function sizesFor(
  vertices: readonly Sized[],
  { path, seasonal }: Demand,
  config: AutoscalerConfig,
  present: Size,
  slotsAtMost: number,
): readonly Size[] {
  const bySlots = new Map<number, Size>();
  const least = (path[0] ?? 0) * (seasonal ? 1 : UNSEEN);
  // The one that can be had now is always among them: without it the plan would put off its saving for ever.
  const loads = [least, ...spaced(path, MOST_LEVELS)];
  for (const [k, sizes] of sizesAt(vertices, loads, config.targetUtilization).entries()) {
    const slots = slotsOfSizes(vertices, sizes);
    if (slots > slotsAtMost || isSame(sizes, present.sizes)) continue;
    const factor = Math.max(loads[k] ?? 0, factorOfSizes(vertices, sizes, config.targetUtilization));
    // Nothing shrinks below the load of now, however short the plan takes it to be.
    const laterOnly = slots < present.slots && factor < least;
    const other = bySlots.get(slots);
    if (other === undefined || other.factor < factor) bySlots.set(slots, { sizes, slots, factor, laterOnly });
  }
  return [...bySlots.values()];
}

/** At most `most` of the loads, the least and the greatest among them, spread evenly over their ranks. */
function spaced(path: readonly number[], most: number): readonly number[] {
  const sorted = [...new Set(path)].sort((a, b) => a - b);
  if (sorted.length <= most) return sorted;
  return Array.from(
    { length: most },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (most - 1))] ?? 0,
  );
}

const isSame = (a: Sizes, b: Sizes): boolean => a.every((p, i) => p === b[i]);

/** Of two middle ones the smaller: what a job of 40 slots that needs 1 typically holds is not 40. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
}
