import { inFiveMinutes, lastDayOf } from "../../../sidecar/whatif/last-day.ts";
import { spread } from "../../../sidecar/whatif/spread.ts";
import type { LoadFile } from "../load-file.ts";

/** A recorded load as shares of a world's full rate. */
export interface DailyLoad {
  readonly name: string;
  /** Length of the scored part. */
  readonly minutes: number;
  readonly stepMinutes: number;
  /** Shares at the beginning of every step, and one more at the end; gaps are held at the value before. */
  readonly scored: readonly number[];
  /** Share of the scored steps that were held so, 0..1. */
  readonly missingShare: number;
  /** 5-minute means before it, oldest first; null where the record has a gap. */
  readonly before: readonly (number | null)[];
}

/** The peak of the scored part comes this near to what the world carries. */
const PEAK_SHARE = 0.9;

/**
 * Cuts a recorded load into its last 24 hours, which are scored, and the days before them; one that is shorter than
 * a day and a half is scored whole. `peakToMean` spreads it first. Then it is scaled so that the peak of the scored part
 * is 0.9 of the world's full rate.
 */
export function dailyLoadOf(recorded: LoadFile, peakToMean: number | undefined): DailyLoad {
  const { name, stepMinutes } = recorded;
  const load = peakToMean === undefined ? recorded : spread(recorded, peakToMean);
  const { scored, missingShare, before } = lastDayOf(load);
  const factor = PEAK_SHARE / scored.reduce((a, b) => Math.max(a, b), 0);
  return {
    name,
    minutes: scored.length * stepMinutes,
    stepMinutes,
    scored: scored.map((v) => v * factor),
    missingShare,
    before: inFiveMinutes(before, stepMinutes).map((v) => (v === null ? null : v * factor)),
  };
}

/** What people are told of a load that was cut so. */
export function cutOf({ name, minutes, missingShare, before }: DailyLoad): string {
  const days = (before.length / 288).toFixed(1);
  const cut =
    before.length === 0
      ? `${minutes} minutes, all of them scored; too short to have a history`
      : `the last ${minutes} minutes are scored, the ${days} days before them are history`;
  // Rounded up: a single step is not 0 %.
  const held = `; ${(Math.ceil(missingShare * 1_000) / 10).toFixed(1)} % of what is scored is missing and held at the value before`;
  return `${name}: ${cut}${missingShare > 0 ? held : ""}`;
}
