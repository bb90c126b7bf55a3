import { type Milliseconds, numberOf, type Observation, type VertexId } from "../model/index.ts";

/** Fewer records than this say little about the cost of one. */
const LEAST_RECORDS = 20;
/** Cost per record is averaged over this much task time, newest first. */
const COST_MS: Milliseconds = 30_000;

/**
 * Busy milliseconds per record read, from counter differences: Σ Δbusy / Σ Δread. Readings of the present
 * attempt are enough once they hold `LEAST_RECORDS`; before that older attempts help out, so that a rescale does
 * not make us blind. `undefined` when the window has too few records.
 */
export function costPerRecord(observations: readonly Observation[], vertex: VertexId): number | undefined {
  let busyMs = 0;
  let records = 0;
  let taskMs = 0;
  let attempt: number | undefined;
  for (const observation of [...observations].reverse()) {
    const v = observation.vertices[vertex];
    const cost = numberOf(v?.costMs);
    const read = numberOf(v?.readRecords);
    const time = numberOf(v?.taskMs);
    if (cost === undefined || read === undefined || time === undefined) continue;
    const enough = records >= LEAST_RECORDS;
    if (enough && (taskMs >= COST_MS || observation.runningSince !== attempt)) break;
    attempt = observation.runningSince;
    busyMs += cost * read;
    records += read;
    taskMs += time;
  }
  return records >= LEAST_RECORDS ? busyMs / records : undefined;
}

/**
 * Records per second that a vertex is seen to process while it holds others back although its busy time does not
 * say so: asynchronous waits and CPU shortage hide from busy time. All upstream vertices back-pressured, itself
 * neither busy nor back-pressured → what it reads now is its capacity. `undefined` when that is not the case.
 */
export function observedCapacity(
  newest: Observation,
  vertex: VertexId,
  upstream: readonly VertexId[],
): number | undefined {
  if (upstream.length === 0) return undefined;
  const held = upstream.every((u) => (numberOf(newest.vertices[u]?.backPressuredShare) ?? 0) > 0.5);
  const v = newest.vertices[vertex];
  const busy = numberOf(v?.busyShare);
  const own = numberOf(v?.backPressuredShare);
  const rate = numberOf(v?.inRate);
  if (!held || busy === undefined || own === undefined || rate === undefined || rate <= 0) return undefined;
  return busy < 0.8 && own < 0.2 ? rate : undefined;
}
