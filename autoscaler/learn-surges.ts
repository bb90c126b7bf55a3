import {
  isSource,
  type Milliseconds,
  numberOf,
  type Observation,
  type VertexId,
  type Window,
} from "../model/index.ts";
import type { Learned, Surge } from "./learned.ts";
import { presentAttempt } from "./newest-readings.ts";

/** A surge is the mean of this much task time, this many times what the vertex reads over the window. */
const SURGE_MS: Milliseconds = 10_000;
const SURGE = 2;
/** What is usual is not known from less. */
const LEAST_USUAL_MS: Milliseconds = 60_000;
/** The sources were steady: else it is the load that surged. */
const STEADY = 1.25;
/** After a start a vertex catches up, which is no surge of its own. */
const WARM_MS: Milliseconds = 30_000;
/** Longer than the largest usual window lasts, so that each of its ends renews what is known. */
const FORGOTTEN_MS: Milliseconds = 7_200_000;
/** A surge of this share of the known one renews it. */
const RENEWS = 0.8;

/**
 * Notes how fast the records of a surge come to a vertex that gets them all at once, as one below a window does, while
 * the sources read as always. Its mean says nothing of what it needs then. Example: a window of 5 minutes that gives
 * 18,000 records to a sink of 1,600/s: 60/s in the mean, 1,600/s for 11 s. O(vertices × readings of 10 s), and of the
 * whole window for a vertex that may be surging.
 */
export function learnSurges(learned: Learned, window: Window, newest: Observation): Learned {
  const known = learned.surges ?? {};
  const kept = Object.entries(known).filter(([, s]) => newest.at - s.at < FORGOTTEN_MS);
  const found = surgesIn(window, newest);
  if (found.length === 0)
    return kept.length === Object.keys(known).length ? learned : withSurges(learned, kept);
  const next = new Map(kept);
  for (const [id, rate] of found) {
    const before = next.get(id)?.rate ?? 0;
    if (rate >= before * RENEWS) next.set(id, { at: newest.at, rate: Math.max(rate, before) });
  }
  return withSurges(learned, [...next]);
}

const withSurges = (learned: Learned, surges: readonly (readonly [VertexId, Surge])[]): Learned => ({
  ...learned,
  surges: Object.fromEntries(surges),
});

function surgesIn({ observations }: Window, newest: Observation): readonly (readonly [VertexId, number])[] {
  const warm = presentAttempt(observations, WARM_MS);
  const { graph } = newest;
  const sources = graph.vertices.filter((v) => isSource(graph, v.id));
  const others = graph.vertices.filter((v) => !isSource(graph, v.id));
  const surging = others.flatMap(({ id }) => {
    const now = meanRate(warm, id, SURGE_MS);
    return now !== undefined && isSurge(warm, id, now) ? [[id, now.rate] as const] : [];
  });
  return surging.length > 0 && sources.every(({ id }) => isSteady(warm, id)) ? surging : [];
}

interface Mean {
  readonly rate: number;
  readonly taskMs: Milliseconds;
}

function isSurge(warm: readonly Observation[], id: VertexId, now: Mean): boolean {
  if (now.taskMs < SURGE_MS) return false;
  const usual = meanRate(warm, id, Number.POSITIVE_INFINITY);
  return usual !== undefined && usual.taskMs >= LEAST_USUAL_MS && now.rate > SURGE * usual.rate;
}

function isSteady(warm: readonly Observation[], id: VertexId): boolean {
  const now = meanRate(warm, id, SURGE_MS);
  const usual = meanRate(warm, id, Number.POSITIVE_INFINITY);
  return now !== undefined && usual !== undefined && now.rate <= STEADY * usual.rate;
}

/** Records per second that a vertex read over its newest readings, as many as span `ms` of task time. */
function meanRate(observations: readonly Observation[], id: VertexId, ms: Milliseconds): Mean | undefined {
  let records = 0;
  let taskMs = 0;
  for (let i = observations.length - 1; i >= 0 && taskMs < ms; i--) {
    const seen = observations[i]?.vertices[id];
    const rate = numberOf(seen?.inRate);
    const time = numberOf(seen?.taskMs);
    if (rate === undefined || time === undefined) continue;
    records += rate * time;
    taskMs += time;
  }
  return taskMs > 0 ? { rate: records / taskMs, taskMs } : undefined;
}
