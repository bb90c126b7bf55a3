import type { ScaleInputs, VertexId } from "../model/index.ts";
import type { AutoscalerConfig } from "./settings.ts";
import {
  allowed,
  byId,
  parallelismFor,
  type Sized,
  type Sizes,
  sizesAt,
  slotsOfSizes,
  sourceArrival,
} from "./sizing.ts";
import { catchUpFactor, fullestShare, idleDrainRate } from "./urgency.ts";

/** While a backlog drains a vertex may work up to this share; the rest is for noise. */
export const CATCH_UP_SHARE = 0.95;
/** A wish for more than this many times the present load is never cut to size. */
const MOST_FACTOR = 64;

export interface Growth {
  readonly parallelism: Record<VertexId, number>;
  /** What each vertex by itself would take, whatever slots there are and whatever it is tied to. */
  readonly needed: Readonly<Record<VertexId, number>>;
}

/**
 * Enough for `ahead` times the present load at the target, for the backlog, and to carry `least` times the load. A
 * rescale for more never takes away elsewhere; vertices between their target and the upper mark take their due in the
 * same rescale. Where the slots (`room`) do not suffice, the best that they allow.
 */
export function grow(
  inputs: ScaleInputs,
  sized: readonly Sized[],
  { ahead, least }: { readonly ahead: number; readonly least: number },
  config: AutoscalerConfig,
  room: number,
): Growth {
  const idle = sourceArrival(inputs) <= 0;
  const catchUp = Math.max(least, catchUpFactor(inputs, fullestShare(sized), config));
  const needed = sized.map((one) => {
    const { vertex, excluded } = one;
    if (excluded) return vertex.parallelism;
    const arrival = vertex.arrivalRate ?? 0;
    const drain = idle ? idleDrainRate(inputs, config) : arrival * catchUp;
    return Math.max(
      parallelismFor(one, arrival * ahead, config.targetUtilization),
      parallelismFor(one, drain, CATCH_UP_SHARE),
      vertex.parallelism,
    );
  });
  const sizes = allowed(sized, needed, ({ vertex }) => vertex.parallelism);
  const given = slotsOfSizes(sized, sizes) <= room ? sizes : largestWithin(sized, room);
  return { parallelism: byId(sized, given), needed: byId(sized, needed) };
}

/** Halving finds the greatest load whose sizes fit into the slots. */
function largestWithin(sized: readonly Sized[], room: number): Sizes {
  let fits = 0;
  let tooMuch = MOST_FACTOR;
  let best: Sizes = sized.map(({ vertex }) => vertex.parallelism);
  for (let i = 0; i < 20; i++) {
    const factor = (fits + tooMuch) / 2;
    const [sizes] = sizesAt(sized, [factor], CATCH_UP_SHARE);
    const tried = sized.map(({ vertex }, k) => Math.max(sizes?.[k] ?? 1, vertex.parallelism));
    if (slotsOfSizes(sized, tried) <= room) {
      fits = factor;
      best = tried;
    } else tooMuch = factor;
  }
  return best;
}
