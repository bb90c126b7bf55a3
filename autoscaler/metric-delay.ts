import type { Milliseconds, Window } from "../model/index.ts";

/**
 * The window as it was `delayMs` ago, for metrics that still change after they were first read. Readings of an earlier
 * start of the job say nothing of this one: while there are no old enough ones of the present start, the window has
 * been watched for no time at all, so that nothing is decided on it.
 */
export function withoutNewest(window: Window, delayMs: Milliseconds): Window {
  const newest = window.observations.at(-1);
  if (delayMs <= 0 || newest === undefined) return window;
  const to = window.to - delayMs;
  const judged = window.observations.filter((o) => o.at <= to);
  const last = judged.at(-1);
  if (
    last === undefined ||
    last.runningSince !== newest.runningSince ||
    last.flinkJobId !== newest.flinkJobId
  ) {
    return { ...window, observations: [newest], from: newest.at, watchedMs: 0 };
  }
  return { ...window, observations: judged, to, watchedMs: Math.max(0, window.watchedMs - delayMs) };
}
