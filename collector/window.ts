import type { Instant, Milliseconds, Observation, Window } from "../model/index.ts";

/** However often passes run, a window never holds more than this (10 min at one pass per second). */
const MOST_OBSERVATIONS = 600;

/**
 * Adds an observation and drops what is older than `keepMs`. A changed Flink job id empties the window: a
 * resubmitted job may have another graph and other positions. A new attempt does not: load outlives restarts.
 */
export function extend(window: Window | undefined, next: Observation, keepMs: Milliseconds): Window {
  const before = window?.observations ?? [];
  const last = before.at(-1);
  const continues = last !== undefined && last.flinkJobId === next.flinkJobId && next.at >= last.at;
  const kept = continues ? before.filter((o) => o.at >= next.at - keepMs) : [];
  const observations = [...kept, next].slice(-MOST_OBSERVATIONS);
  const from = observations[0]?.at ?? next.at;
  // A gap that emptied the window begins the watch anew: nobody saw what the load did meanwhile.
  const watched: Instant = kept.length > 0 && window !== undefined ? window.to - window.watchedMs : next.at;
  return {
    observations,
    from,
    to: next.at,
    coverage: coverageOf(observations),
    watchedMs: next.at - watched,
  };
}

/** Share of readings with a value. Stale ones do not count: Flink refreshes its counters less often than we ask. */
function coverageOf(observations: readonly Observation[]): number {
  let present = 0;
  let missing = 0;
  for (const observation of observations) {
    for (const vertex of Object.values(observation.vertices)) {
      for (const r of [vertex.inRate, vertex.busyShare]) {
        if (r.kind === "value") present++;
        else if (r.why !== "stale") missing++;
      }
    }
  }
  return present + missing === 0 ? 0 : present / (present + missing);
}
