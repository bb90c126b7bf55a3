import { Failure } from "../../model/index.ts";
import type { LoadFile } from "./load-file.ts";

const MOST_EXPONENT = 64;
const HALVINGS = 60;
/** So near to what was asked the peak has to come, as a share of it. */
const TOLERANCE = 0.01;
/** A peak that is no more than this above the mean is noise. */
const LEAST_PEAK = 1.001;

/**
 * The load with a peak of `ratio` times its mean: `rate' = mean × (rate / mean)^k` with the k that gives that. Where
 * nothing arrives nothing will. Throws where no k gives it: rates that are all 0 or the peak have one ratio with every k.
 */
export function spread(load: LoadFile, ratio: number): LoadFile {
  const { name, values } = load;
  const present = values.filter((v) => v !== null);
  const peak = present.reduce((a, b) => Math.max(a, b), 0);
  const mean = meanIn(load);
  if (!(mean > 0)) throw unreachable(name, ratio, "it has no rate above 0");
  if (peak <= mean * LEAST_PEAK) throw unreachable(name, ratio, "it is constant");
  // Of the peak, so that no power is larger than 1; and 0 ** 0 would be 1.
  const raised = (v: number, k: number): number => (v > 0 ? (v / peak) ** k : 0);
  const ratioWith = (k: number): number => present.length / present.reduce((sum, v) => sum + raised(v, k), 0);
  let [low, high] = [0, MOST_EXPONENT];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (ratioWith(middle) < ratio) low = middle;
    else high = middle;
  }
  const newPeak = mean * (peak / mean) ** low;
  if (Math.abs(ratioWith(low) - ratio) > TOLERANCE * ratio || !Number.isFinite(newPeak)) {
    const [least, most] = [ratioWith(0), ratioWith(MOST_EXPONENT)].map((r) => r.toFixed(2));
    throw unreachable(name, ratio, `with its rates the ratio can be from ${least} to ${most}`);
  }
  return { ...load, values: values.map((v) => (v === null ? null : newPeak * raised(v, low))) };
}

/** Spread likewise, and then scaled to the mean that it had: as much arrives as before, only at other times. */
export function spreadKeepingMean(load: LoadFile, ratio: number): LoadFile {
  const livelier = spread(load, ratio);
  const factor = meanIn(load) / meanIn(livelier);
  return { ...livelier, values: livelier.values.map((v) => (v === null ? null : v * factor)) };
}

function meanIn({ values }: LoadFile): number {
  const present = values.filter((v) => v !== null);
  return present.reduce((sum, v) => sum + v / present.length, 0);
}

const unreachable = (name: string, ratio: number, why: string): Failure =>
  new Failure("bad-request", `cannot spread load ${name} to a peak of ${ratio} times its mean: ${why}`);
