import type { Instant } from "../../model/index.ts";
import { type ProcessClock, realClock } from "../clock.ts";

/**
 * The clock of a simulated Flink as Outrider's own: `now` is what Flink says, and a sleep of 2 s lasts
 * 2 s / `speed` on the wall. So both sides live in one time, however fast it runs.
 */
export function virtualClock(
  now: () => Instant,
  speed: number,
  sleep: ProcessClock["sleep"] = realClock.sleep,
): ProcessClock {
  return { now, steady: now, sleep: (ms, signal) => sleep(ms / speed, signal) };
}
