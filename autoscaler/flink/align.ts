import type { AlignmentMode } from "./flink-options.ts";

/** What alignment looks at; `wished` lies within the limits already. */
export interface AlignmentCase {
  readonly current: number;
  readonly wished: number;
  readonly partitions: number;
  readonly maxParallelism: number;
  readonly lowerLimit: number;
  readonly upperLimit: number;
  readonly inputs: readonly string[];
}

export interface Aligned {
  readonly parallelism: number;
  /** The older modes say when they could not do what was wished. */
  readonly limited: { readonly expected: number; readonly actual: number } | null;
}

/** Key groups and partitions are dealt out in whole units: only sources that tell theirs, and vertices behind a keyBy. */
export const isAligned = (c: Pick<AlignmentCase, "partitions" | "inputs">): boolean =>
  c.partitions > 0 || c.inputs.includes("HASH");

/**
 * The nearest parallelism upwards that deals the units out well: `EVENLY_SPREAD` without rest, `BALANCED` already where
 * each subtask gets fewer. Down-scaling never goes above the present one. Nothing found: what was wished. The older
 * modes (`legacy-`) then look downwards, and stay where that would turn the direction round.
 */
export function align(mode: AlignmentMode, c: AlignmentCase): Aligned {
  const plain = { parallelism: c.wished, limited: null };
  if (mode === "OFF" || !isAligned(c)) return plain;
  const units = c.partitions > 0 ? c.partitions : c.maxParallelism;
  const loose = mode === "BALANCED" || mode === "legacy-MAXIMIZE_UTILISATION";
  const found = firstInRegion(c, units, loose);
  if (found !== undefined) return { parallelism: found, limited: null };
  return mode.startsWith("legacy-") ? settle(c, downwards(c, units)) : plain;
}

const scalesUp = (c: AlignmentCase): boolean => c.wished > c.current;

function firstInRegion(c: AlignmentCase, units: number, loose: boolean): number | undefined {
  const cap = Math.min(units, c.maxParallelism, c.upperLimit);
  const end = scalesUp(c) ? cap : Math.min(c.current, cap);
  const each = Math.floor(units / c.wished);
  for (let p = c.wished; p <= end; p++) {
    if (units % p === 0 || (loose && Math.floor(units / p) < each)) return p;
  }
  return undefined;
}

function downwards(c: AlignmentCase, units: number): number {
  const each = Math.floor(units / c.wished);
  // Above the units each subtask gets none or one, so the first to get more than none is at the units.
  let p = Math.min(c.wished, units);
  while (p > 0 && Math.floor(units / p) <= each) p--;
  if (p > 0 && units % p !== 0) p++;
  return Math.max(p, c.lowerLimit);
}

function settle(c: AlignmentCase, candidate: number): Aligned {
  const inverted = scalesUp(c) ? candidate <= c.current : candidate >= c.current;
  const actual = inverted ? c.current : candidate;
  return {
    parallelism: actual,
    limited: inverted || actual !== c.wished ? { expected: c.wished, actual } : null,
  };
}
