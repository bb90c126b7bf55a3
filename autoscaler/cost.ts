import { type Milliseconds, numberOf, type Observation, type VertexId } from "../model/index.ts";
import type { NewestReadings } from "./newest-readings.ts";

/** Fewer records than this say little about the cost of one. */
const LEAST_RECORDS = 20;
/** A reading this much cheaper than most of the window is a counter that stands still or jumped, not a cheaper record. */
const TOO_CHEAP = 5;
/** Below this busy share whole milliseconds are too coarse to tell. */
const LEAST_BUSY = 0.05;
/** Cost per record is averaged over this much task time, newest first. */
const COST_MS: Milliseconds = 30_000;

/**
 * Busy milliseconds per record read, from counter differences: Σ Δbusy / Σ Δread. Readings of the present
 * attempt are enough once they hold `LEAST_RECORDS`; before that older attempts help out, so that a rescale does
 * not make us blind. Readings in which the busy counter stood still, or the record counter jumped, are left out: fewer
 * subtasks must not follow from them. `undefined` when the window has too few records.
 */
export function costPerRecord(
  observations: readonly Observation[],
  vertex: VertexId,
  newest: NewestReadings | undefined,
): number | undefined {
  if (newest === undefined) return undefined;
  let busyMs = 0;
  let records = 0;
  let taskMs = 0;
  let attempt: number | undefined;
  const usual = usualCost(newest);
  const older = observations.length - newest.costMs.length;
  for (let i = observations.length - 1; i >= 0; i--) {
    const observation = observations[i];
    const seen = i >= older ? costAt(newest, i - older) : costIn(observation, vertex);
    if (seen === undefined || isTooCheap(seen, usual)) continue;
    const { cost, read, time } = seen;
    const enough = records >= LEAST_RECORDS;
    if (enough && (taskMs >= COST_MS || observation?.runningSince !== attempt)) break;
    attempt = observation?.runningSince;
    busyMs += cost * read;
    records += read;
    taskMs += time;
  }
  return records >= LEAST_RECORDS ? busyMs / records : undefined;
}

interface CostSeen {
  readonly cost: number;
  readonly read: number;
  readonly time: Milliseconds;
  readonly parallelism: number;
}

function costIn(observation: Observation | undefined, vertex: VertexId): CostSeen | undefined {
  const v = observation?.vertices[vertex];
  if (v === undefined) return undefined;
  const cost = numberOf(v.costMs);
  const read = numberOf(v.readRecords);
  const time = numberOf(v.taskMs);
  if (cost === undefined || read === undefined || time === undefined) return undefined;
  return { cost, read, time, parallelism: Math.max(1, v.parallelism) };
}

function costAt(newest: NewestReadings, i: number): CostSeen | undefined {
  const [cost, read, time] = [newest.costMs[i], newest.readRecords[i], newest.taskMs[i]];
  if (isMissing(cost) || isMissing(read) || isMissing(time)) return undefined;
  return { cost, read, time, parallelism: Math.max(1, newest.parallelism[i] ?? 1) };
}

const isMissing = (n: number | undefined): n is undefined => n === undefined || Number.isNaN(n);

/** Median over the newest readings of the window; 0 without any. */
function usualCost({ costMs, readRecords, taskMs }: NewestReadings): number {
  // Numbers are sorted as such, without a comparison to call.
  const costs = new Float64Array(costMs.length);
  let count = 0;
  for (const [i, cost] of costMs.entries()) {
    if (!isMissing(cost) && !isMissing(readRecords[i]) && !isMissing(taskMs[i])) costs[count++] = cost;
  }
  return costs.subarray(0, count).sort()[Math.floor(count / 2)] ?? 0;
}

/** Only where the usual cost would have kept the vertex visibly busy. */
function isTooCheap({ cost, read, time, parallelism }: CostSeen, usual: number): boolean {
  const expectedShare = (usual * read) / (time * parallelism);
  return cost * TOO_CHEAP < usual && expectedShare >= LEAST_BUSY;
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
