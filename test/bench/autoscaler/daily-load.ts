import { Failure } from "../../../model/index.ts";
import type { LoadFile } from "../load-file.ts";

/** A recorded load as shares of a world's full rate. */
export interface DailyLoad {
  readonly name: string;
  /** Length of the scored part. */
  readonly minutes: number;
  readonly stepMinutes: number;
  /** Shares at the beginning of every step, and one more at the end; gaps are held at the value before. */
  readonly scored: readonly number[];
  /** 5-minute means before it, oldest first; null where the record has a gap. */
  readonly before: readonly (number | null)[];
}

const DAY_MINUTES = 1_440;
const HISTORY_STEP_MINUTES = 5;
/** The peak of the scored part comes this near to what the world carries. */
const PEAK_SHARE = 0.9;

/**
 * Cuts a recorded load into its last 24 hours, which are scored, and the days before them; one that is shorter than
 * a day and a half is scored whole. `peakToMean` spreads it: `rate' = mean × (rate / mean)^k` with the k that gives
 * that ratio. Then it is scaled so that the peak of the scored part is 0.9 of the world's full rate.
 */
export function dailyLoadOf(recorded: LoadFile, peakToMean: number | undefined): DailyLoad {
  const { name, stepMinutes } = recorded;
  if (!recorded.values.some((v) => v !== null && v > 0))
    throw new Failure("bad-request", `cannot use load ${name}: got no rate above 0; expected some load`);
  const values = peakToMean === undefined ? recorded.values : spread(recorded, peakToMean);
  const day = Math.round(DAY_MINUTES / stepMinutes);
  const cut = values.length >= 1.5 * day ? values.length - day : 0;
  const held = holdGaps(values.slice(cut), lastBefore(values, cut));
  const peak = Math.max(...held);
  if (!(peak > 0))
    throw new Failure(
      "bad-request",
      `cannot use load ${name}: got nothing on its last day; expected some load`,
    );
  const factor = PEAK_SHARE / peak;
  return {
    name,
    minutes: held.length * stepMinutes,
    stepMinutes,
    scored: held.map((v) => v * factor),
    before: inFiveMinutes(values.slice(0, cut), stepMinutes).map((v) => (v === null ? null : v * factor)),
  };
}

const lastBefore = (values: readonly (number | null)[], cut: number): number =>
  values.slice(0, cut).findLast((v) => v !== null) ?? values.slice(cut).find((v) => v !== null) ?? 0;

function holdGaps(values: readonly (number | null)[], first: number): readonly number[] {
  let last = first;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Peak ÷ mean of the whole record becomes `ratio`. */
function spread({ name, values }: LoadFile, ratio: number): readonly (number | null)[] {
  const present = values.filter((v) => v !== null);
  const mean = present.reduce((a, b) => a + b, 0) / present.length;
  const raised = (k: number): readonly number[] => present.map((v) => mean * (v / mean) ** k);
  const ratioWith = (k: number): number => {
    const all = raised(k);
    return (Math.max(...all) * all.length) / all.reduce((a, b) => a + b, 0);
  };
  if (Math.max(...present) <= mean * 1.001)
    throw new Failure(
      "bad-request",
      `cannot spread load ${name} to a peak of ${ratio} times its mean: it is constant`,
    );
  let [low, high] = [0, 64];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (ratioWith(middle) < ratio) low = middle;
    else high = middle;
  }
  return values.map((v) => (v === null ? null : Math.max(0, mean * (v / mean) ** low)));
}

/** Means of whole 5-minute steps; finer steps are averaged, coarser ones repeated. */
function inFiveMinutes(values: readonly (number | null)[], stepMinutes: number): readonly (number | null)[] {
  const steps = Math.floor((values.length * stepMinutes) / HISTORY_STEP_MINUTES);
  return Array.from({ length: steps }, (_, i) => {
    const from = Math.floor((i * HISTORY_STEP_MINUTES) / stepMinutes);
    const to = Math.max(from + 1, Math.floor(((i + 1) * HISTORY_STEP_MINUTES) / stepMinutes));
    const some = values.slice(from, to).filter((v) => v !== null);
    return some.length === 0 ? null : some.reduce((a, b) => a + b, 0) / some.length;
  });
}
