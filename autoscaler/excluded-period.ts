import { formatDuration, type GuardResult, type ScaleInputs } from "../model/index.ts";
import { excludedAt } from "./calendar/calendar-at.ts";
import { fallsBehind } from "./falls-behind.ts";
import type { Proposed } from "./guards.ts";

/**
 * Guard `excluded-period`: within one the job is not rescaled, neither for lag nor to keep a schedule. The one
 * exception is a period that says so (`allowScaleUp`): then a job that falls behind may be scaled up.
 */
export function excludedPeriod(
  inputs: ScaleInputs,
  { config, now, direction }: Pick<Proposed, "config" | "now" | "direction">,
): Omit<GuardResult, "name"> {
  const excluded = excludedAt(config, now);
  if (excluded === null) return { verdict: "pass", sentence: "no excluded period", numbers: {} };
  const leftMs = excluded.until - now;
  const numbers = { until: excluded.until, leftMs };
  if (direction === "none") return { verdict: "pass", sentence: "nothing is to be changed", numbers };
  const when = `the excluded period ${excluded.name} goes on for ${formatDuration(leftMs)}`;
  if (!excluded.allowScaleUp) return { verdict: "veto", sentence: when, numbers };
  if (direction === "up" && fallsBehind(inputs, config)) {
    return { verdict: "pass", sentence: `${when}, but the job falls behind`, numbers };
  }
  return { verdict: "veto", sentence: `${when}, and the job does not fall behind`, numbers };
}
