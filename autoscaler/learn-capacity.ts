import { type Instant, type Milliseconds, numberOf, type Observation, type Window } from "../model/index.ts";
import { costPerRecord } from "./cost.ts";
import type { CapacityPoint, Learned } from "./learned.ts";
import { newestLook, newestReadings, presentAttempt } from "./newest-readings.ts";

/** Capacity is noted this often, and only of a vertex that has something to do. */
const CAPACITY_EVERY_MS: Milliseconds = 60_000;
const LEAST_BUSY = 0.2;
/** After a start costs are not yet those of steady running: caches and compilers warm up. */
const WARM_MS: Milliseconds = 30_000;
const HALF_LIFE_MS: Milliseconds = 7 * 86_400_000;
/** Share of the newest minute in what is known of a parallelism. */
const NEWEST_SHARE = 0.1;
const MOST_POINTS = 40;

/** Notes once a minute how fast each busy vertex is with its parallelism, by the readings of this attempt. */
export function learnCapacity(
  learned: Learned,
  window: Window,
  newest: Observation,
  before: Observation | undefined,
): Learned {
  const minute = Math.floor(newest.at / CAPACITY_EVERY_MS);
  const isDue = before !== undefined && Math.floor(before.at / CAPACITY_EVERY_MS) !== minute;
  if (!isDue || newest.at - newest.runningSince < WARM_MS) return learned;
  const capacity: Record<string, readonly CapacityPoint[]> = { ...learned.capacity };
  const present = presentAttempt(window.observations);
  const readings = newestReadings(newest.graph, present);
  for (const { id, parallelism } of newest.graph.vertices) {
    // Looks between two refreshes of Flink's counters may be all that a minute begins with.
    const seen = newestLook(present, [id], CAPACITY_EVERY_MS)?.vertices[id];
    const busy = numberOf(seen?.busyShare);
    const cost = costPerRecord(present, id, readings.get(id));
    if (busy === undefined || busy < LEAST_BUSY || cost === undefined || cost <= 0) continue;
    capacity[id] = noted(capacity[id] ?? [], parallelism, (parallelism * 1_000) / cost, newest.at);
  }
  return { ...learned, capacity };
}

/** What is known of one parallelism moves slowly towards what is seen; the weight counts minutes and fades. */
function noted(
  points: readonly CapacityPoint[],
  parallelism: number,
  rate: number,
  at: Instant,
): readonly CapacityPoint[] {
  const known = points.find((p) => p.parallelism === parallelism);
  const others = points.filter((p) => p !== known);
  const faded = known === undefined ? 0 : known.weight * 0.5 ** ((at - known.at) / HALF_LIFE_MS);
  const share = known === undefined ? 1 : Math.max(NEWEST_SHARE, 1 / (faded + 1));
  const mean =
    known === undefined ? rate : Math.exp(Math.log(known.rate) * (1 - share) + Math.log(rate) * share);
  const strayed = known === undefined ? 0 : Math.abs(Math.log(rate / known.rate));
  const spread = (known?.spread ?? 0) * (1 - share) + strayed * share;
  const point = { parallelism, rate: mean, weight: faded + 1, spread, at };
  return [...others, point].sort((a, b) => b.at - a.at).slice(0, MOST_POINTS);
}
