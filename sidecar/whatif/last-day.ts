import { Failure } from "../../model/index.ts";
import type { LoadFile } from "./load-file.ts";

/** A recorded load in two: what is run and scored, and what came before. */
export interface LastDay {
  /** Gaps are held at the value before. */
  readonly scored: readonly number[];
  /** Share of the scored steps that were held so, 0..1. */
  readonly missingShare: number;
  /** In steps of the record, gaps as null. */
  readonly before: readonly (number | null)[];
}

const DAY_MINUTES = 1_440;
const HISTORY_STEP_MINUTES = 5;
/** With more than this share held the flat lines would be scored rather than the load. */
const MOST_MISSING = 0.5;

/**
 * Cuts a recorded load into its last 24 hours and the days before them; one that is shorter than a day and a half is
 * scored whole. Throws where the scored part has no load, or is missing for the most part.
 */
export function lastDayOf({ name, values, stepMinutes }: LoadFile): LastDay {
  if (!values.some((v) => v !== null && v > 0)) throw unusable(name, "no rate above 0", "some load");
  const day = Math.round(DAY_MINUTES / stepMinutes);
  const cut = values.length >= 1.5 * day ? values.length - day : 0;
  const part = cut === 0 ? "it" : "its last day";
  const before = values.slice(0, cut);
  const missingShare = values.slice(cut).filter((v) => v === null).length / (values.length - cut);
  if (missingShare > MOST_MISSING)
    throw unusable(
      name,
      `no rate for ${(100 * missingShare).toFixed(1)} % of ${part}`,
      "a record that has at least half of it; cut off what is missing at its end",
    );
  const scored = held(values.slice(cut), before.findLast((v) => v !== null) ?? undefined);
  if (!scored.some((v) => v > 0)) throw unusable(name, `nothing on ${part}`, "some load");
  return { scored, missingShare, before };
}

/** Something has to arrive where the record has a gap, so the value before it goes on; at the beginning the first one. */
function held(values: readonly (number | null)[], first: number | undefined): readonly number[] {
  let last = first ?? values.find((v) => v !== null) ?? 0;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Means of whole 5-minute steps, null where the record has a gap; finer steps are averaged, coarser ones repeated. */
export function inFiveMinutes(
  values: readonly (number | null)[],
  stepMinutes: number,
): readonly (number | null)[] {
  const steps = Math.floor((values.length * stepMinutes) / HISTORY_STEP_MINUTES);
  return Array.from({ length: steps }, (_, i) => {
    const from = Math.floor((i * HISTORY_STEP_MINUTES) / stepMinutes);
    const to = Math.max(from + 1, Math.floor(((i + 1) * HISTORY_STEP_MINUTES) / stepMinutes));
    const some = values.slice(from, to).filter((v) => v !== null);
    return some.length === 0 ? null : some.reduce((a, b) => a + b, 0) / some.length;
  });
}

const unusable = (name: string, got: string, expected: string): Failure =>
  new Failure("bad-request", `cannot use load ${name}: got ${got}; expected ${expected}`);
