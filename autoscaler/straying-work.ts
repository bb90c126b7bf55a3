import { type Milliseconds, numberOf, type Observation, type VertexId } from "../model/index.ts";

/** Capacity that strays by more than this with one parallelism says that work does not follow the records. */
export const MOST_SPREAD = 0.25;
/** A vertex that is busy for this share of its time has no more to give. */
const FULL = 0.96;
/** So many readings in a row. */
const READINGS = 3;
/** After a start busy time is that of starting up. */
const SETTLE_MS: Milliseconds = 10_000;
/** How much more a full vertex would do if it could is not to be seen; this much is assumed. */
const UNSEEN_MORE = 4 / 3;
const KEEPS_UP = 1.05;

/**
 * Records per second that a vertex is taken to carry when it is busy all the time although its rate says that it has
 * time to spare: timers, calls and simulated load are no function of the records. `undefined`: it is not full, or it
 * is because it drains a backlog. Example: 10/s pass, busy 100 % for three readings → 7.5/s, so it gets a third more.
 */
export function fullCapacity(
  observations: readonly Observation[],
  vertex: VertexId,
  arrivalRate: number,
): number | undefined {
  const runs = settled(observations).slice(-READINGS);
  if (runs.length < READINGS || arrivalRate <= 0) return undefined;
  const full = runs.every((o) => (numberOf(o.vertices[vertex]?.busyShare) ?? 0) >= FULL);
  const drains = runs.some((o) => (numberOf(o.vertices[vertex]?.inRate) ?? 0) > KEEPS_UP * arrivalRate);
  return full && !drains ? arrivalRate / UNSEEN_MORE : undefined;
}

/** The largest busy share of the present attempt within the window: where work strays, its peak is not that of the rate. */
export function peakBusy(observations: readonly Observation[], vertex: VertexId, from: number): number {
  let peak = 0;
  for (const o of settled(observations)) {
    if (o.at >= from) peak = Math.max(peak, numberOf(o.vertices[vertex]?.busyShare) ?? 0);
  }
  return peak;
}

function settled(observations: readonly Observation[]): readonly Observation[] {
  const newest = observations.at(-1);
  return observations.filter(
    (o) => o.runningSince === newest?.runningSince && o.at - o.runningSince >= SETTLE_MS,
  );
}
