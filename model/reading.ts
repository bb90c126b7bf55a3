/** Why a number could not be had. `stale`: the task clock did not advance; `nan`: Flink itself answered NaN. */
export type MissingReason = "absent" | "stale" | "nan";

/**
 * A number from Flink, or the fact that there is none. Missing is never 0: arithmetic on a missing reading
 * gives a missing reading, and a decision that needs it ends in `hold: metric-missing`.
 */
export type Reading =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "missing"; readonly why: MissingReason };

export const ABSENT: Reading = { kind: "missing", why: "absent" };
export const STALE: Reading = { kind: "missing", why: "stale" };
export const NOT_A_NUMBER: Reading = { kind: "missing", why: "nan" };

/** Wraps what an edge parsed. `undefined` and `null` are absent; NaN and ±Infinity are `nan`. */
export function reading(value: number | undefined | null): Reading {
  if (value === undefined || value === null) return ABSENT;
  return Number.isFinite(value) ? { kind: "value", value } : NOT_A_NUMBER;
}

/** The number, or `undefined` so that the caller has to say what happens without it. */
export function numberOf(r: Reading | undefined): number | undefined {
  return r?.kind === "value" ? r.value : undefined;
}

/** Applies `f` when every reading has a value; otherwise the first missing one. */
export function combine(readings: readonly Reading[], f: (...values: number[]) => number): Reading {
  const values: number[] = [];
  for (const r of readings) {
    if (r.kind === "missing") return r;
    values.push(r.value);
  }
  return reading(f(...values));
}
