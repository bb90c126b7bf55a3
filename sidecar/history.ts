import { newestThat } from "../autoscaler/index.ts";
import {
  type Instant,
  isSource,
  type Milliseconds,
  numberOf,
  type Observation,
  type Parallelism,
  parallelismOf,
  type Reading,
} from "../model/index.ts";
import { byName } from "./parallelism-by-name.ts";

/** What charts show of one pass. `null`: not assessed; never to be read as 0. */
export interface HistoryPoint {
  readonly at: Instant;
  readonly running: boolean;
  /** Records pending at the sources and in flight. */
  readonly backlog: number | null;
  /** Records per second that arrive at all sources: consumption + growth of what is pending. */
  readonly arrivalRate: number | null;
  /** Records per second that all sources consume. */
  readonly consumptionRate: number | null;
  /** The largest busy share of a vertex, 0..1. */
  readonly busiestShare: number | null;
  /** Vertex name → subtasks. */
  readonly parallelism: Parallelism;
}

/**
 * Of points younger than `untilMs` one per `everyMs` is kept (0: all). `most`: where that is more, which very short
 * passes or very many changes of parallelism can bring about, the distance is doubled.
 */
interface Tier {
  readonly untilMs: Milliseconds;
  readonly everyMs: Milliseconds;
  readonly most: number;
}

/** Every pass for 10 minutes, then coarser up to a day: 1,365 points at most. */
const TIERS: readonly Tier[] = [
  { untilMs: 600_000, everyMs: 0, most: 600 },
  { untilMs: 3_600_000, everyMs: 10_000, most: 303 },
  { untilMs: 86_400_000, everyMs: 180_000, most: 462 },
];

/** Passes more frequent than the first tier can hold are thinned to one in this time, then in twice of it. */
const LEAST_MS = 1_000;

/** One observation as a point of a chart. Missing readings become null. */
export function toPoint(observation: Observation): HistoryPoint {
  const { graph, vertices, at, state, backlog } = observation;
  const sources = sourcesOf(observation);
  const busy = graph.vertices.map((v) => numberOf(vertices[v.id]?.busyShare));
  return {
    at,
    running: state === "RUNNING",
    backlog: numberOf(backlog) ?? null,
    arrivalRate: arrivalOf(observation),
    consumptionRate: sum(sources.map((v) => v?.inRate)),
    busiestShare: busy.reduce<number | null>(
      (most, share) => (share === undefined ? most : Math.max(most ?? 0, share)),
      null,
    ),
    parallelism: byName(graph, parallelismOf(graph)),
  };
}

const sourcesOf = ({ graph, vertices }: Observation) =>
  graph.vertices.filter((v) => isSource(graph, v.id)).map((v) => vertices[v.id]);

/** Records per second at all sources: consumption plus growth of what is pending. */
const arrivalOf = (observation: Observation): number | null =>
  sum(sourcesOf(observation).flatMap((v) => [v?.inRate, v?.pendingGrowth]));

/** Flink refreshes its metrics every 10 s by default, and a slow fetch takes as long again. */
const TELLS_FOR_MS: Milliseconds = 30_000;

/**
 * What arrives by the newest look of the present attempt that told it: between two refreshes of Flink's metrics a look tells
 * nothing. `looks`: oldest first.
 */
export function arrivalNow(looks: readonly Observation[]): number | null {
  const told = newestThat((o) => arrivalOf(o) !== null, looks, TELLS_FOR_MS);
  return told === undefined ? null : arrivalOf(told);
}

/** A sum with a missing part is missing; so is one of nothing. Growth may be negative, a rate is not. */
function sum(readings: readonly (Reading | undefined)[]): number | null {
  let total = 0;
  for (const reading of readings) {
    const value = numberOf(reading);
    if (value === undefined) return null;
    total += value;
  }
  return readings.length === 0 ? null : Math.max(0, total);
}

/**
 * Adds a point, oldest first, and thins what has become old. A point of the same or an earlier time than the newest
 * changes nothing. Equal parallelisms in a row are one object, so that a long history stays small.
 */
export function extendHistory(points: readonly HistoryPoint[], point: HistoryPoint): readonly HistoryPoint[] {
  const newest = points.at(-1);
  if (newest !== undefined && point.at <= newest.at) return points;
  const same = newest !== undefined && isSameParallelism(newest.parallelism, point.parallelism);
  return thin([...points, same ? { ...point, parallelism: newest.parallelism } : point], point.at);
}

/** Thins every tier by itself: what is too much for a young one moves on to the next, and is not cut off. */
function thin(points: readonly HistoryPoint[], now: Instant): readonly HistoryPoint[] {
  const kept: (readonly HistoryPoint[])[] = [];
  let end = points.length;
  for (const tier of TIERS) {
    let begin = end;
    while (begin > 0 && now - (points[begin - 1]?.at ?? 0) < tier.untilMs) begin -= 1;
    kept.unshift(thinTier(points.slice(begin, end), tier, points[begin - 1]));
    end = begin;
  }
  return kept.flat();
}

/**
 * Wider stretches until no more than `most` points are left. Changes of parallelism are kept as well, as long as that
 * is possible: a job that changes at every pass loses some of them, and none of its time.
 */
function thinTier(
  points: readonly HistoryPoint[],
  tier: Tier,
  before: HistoryPoint | undefined,
): readonly HistoryPoint[] {
  const wider = tier.everyMs === 0 ? [LEAST_MS, 2 * LEAST_MS] : [2 * tier.everyMs];
  const plan = [
    ...[tier.everyMs, ...wider].map((everyMs) => [everyMs, true] as const),
    ...[Math.max(tier.everyMs, LEAST_MS), ...wider].map((everyMs) => [everyMs, false] as const),
  ];
  let kept = points;
  for (const [everyMs, changes] of plan) {
    kept = oldestOfEach(points, everyMs, changes, before);
    if (kept.length <= tier.most) return kept;
  }
  return kept.slice(-tier.most);
}

/** The oldest point of every stretch of time: stretches lie fixed, so that what was kept stays kept. */
function oldestOfEach(
  points: readonly HistoryPoint[],
  everyMs: Milliseconds,
  changes: boolean,
  before: HistoryPoint | undefined,
): readonly HistoryPoint[] {
  if (everyMs === 0) return points;
  return points.filter((point, i) => {
    const last = points[i - 1] ?? before;
    if (last === undefined || Math.floor(last.at / everyMs) !== Math.floor(point.at / everyMs)) return true;
    return changes && !isSameParallelism(last.parallelism, point.parallelism);
  });
}

function isSameParallelism(a: Parallelism, b: Parallelism): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** A point whose parallelism is absent where it is that of the point before. */
export type SentPoint = Omit<HistoryPoint, "parallelism"> & Partial<Pick<HistoryPoint, "parallelism">>;

/** The points after a moment, as they are sent: a job may have hundreds of vertices and a history of a day. */
export function pointsAfter(points: readonly HistoryPoint[], since: Instant): readonly SentPoint[] {
  const sent = points.filter((p) => p.at > since);
  return sent.map((point, i) => {
    const before = sent[i - 1];
    const { parallelism, ...rest } = point;
    const same = before !== undefined && isSameParallelism(before.parallelism, parallelism);
    return same ? rest : point;
  });
}
