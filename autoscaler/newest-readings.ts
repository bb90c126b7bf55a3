import {
  type Graph,
  type Instant,
  isSource,
  type Milliseconds,
  numberOf,
  type Observation,
  type Reading,
  type VertexId,
  type VertexObservation,
  type Window,
} from "../model/index.ts";

/** Ratios of counters, and what is usual, are those of so many readings: a long window must not cost more. */
const NEWEST = 30;

/** What the newest readings of a window say of one vertex, oldest first; NaN: missing. */
export interface NewestReadings {
  /** Records per second. */
  readonly inRate: readonly number[];
  readonly outRate: readonly number[];
  readonly costMs: readonly number[];
  readonly readRecords: readonly number[];
  readonly taskMs: readonly number[];
  readonly parallelism: readonly number[];
}

/**
 * The numbers of all vertices of a graph, each reading looked up once for all that is made of it. Reading by reading
 * and not vertex by vertex: what belongs to one reading lies together in memory. O(vertices).
 */
export function newestReadings(
  graph: Graph,
  observations: readonly Observation[],
): ReadonlyMap<VertexId, NewestReadings> {
  const newest = observations.slice(-NEWEST);
  const missing = () => new Array<number>(newest.length).fill(Number.NaN);
  const all = new Map(
    graph.vertices.map(({ id }) => [
      id,
      {
        inRate: missing(),
        outRate: missing(),
        costMs: missing(),
        readRecords: missing(),
        taskMs: missing(),
        parallelism: missing(),
      },
    ]),
  );
  for (const [i, { vertices }] of newest.entries()) {
    for (const [id, numbers] of all) {
      const seen = vertices[id];
      if (seen === undefined) continue;
      numbers.inRate[i] = orNaN(seen.inRate);
      numbers.outRate[i] = orNaN(seen.outRate);
      numbers.costMs[i] = orNaN(seen.costMs);
      numbers.readRecords[i] = orNaN(seen.readRecords);
      numbers.taskMs[i] = orNaN(seen.taskMs);
      numbers.parallelism[i] = seen.parallelism;
    }
  }
  return all;
}

const orNaN = (r: Reading | undefined): number => numberOf(r) ?? Number.NaN;

/** The looks of the present attempt from when it had run for `ranMs` on, oldest first. */
export function presentAttempt(
  observations: readonly Observation[],
  ranMs: Milliseconds = Number.NEGATIVE_INFINITY,
): readonly Observation[] {
  const since = observations.at(-1)?.runningSince;
  return observations.filter((o) => o.runningSince === since && o.at - o.runningSince >= ranMs);
}

/**
 * The newest look of the present attempt that told how busy all of these vertices were and what they read, at most
 * `mostAgeMs` before the newest one. One look for all of them, so that their numbers are of one moment.
 */
export const newestLook = (
  observations: readonly Observation[],
  vertices: readonly VertexId[],
  mostAgeMs: Milliseconds,
): Observation | undefined =>
  newestThat((o) => vertices.every((id) => hasTold(o.vertices[id])), observations, mostAgeMs);

/**
 * The newest look of the present attempt that `tells`, at most `mostAgeMs` before the newest one: between two refreshes
 * of Flink's counters a look tells nothing, and what the look before it told still holds.
 */
export function newestThat(
  tells: (o: Observation) => boolean,
  observations: readonly Observation[],
  mostAgeMs: Milliseconds,
): Observation | undefined {
  const newest = observations.at(-1);
  if (newest === undefined) return undefined;
  for (let i = observations.length - 1; i >= 0; i--) {
    const o = observations[i];
    if (o?.runningSince !== newest.runningSince || newest.at - o.at > mostAgeMs) break;
    if (tells(o)) return o;
  }
  return undefined;
}

const hasTold = (v: VertexObservation | undefined): boolean =>
  v?.busyShare.kind === "value" && v.inRate.kind === "value";

/**
 * When the source that has been silent for longest was last read, by the JobManager's clock like `window.to`: what
 * arrives there is as old, however fresh the numbers of others are. Stale polls do not renew a window.
 */
export function newestReadingAt({ observations, from }: Window): Instant {
  const graph = observations.at(-1)?.graph;
  const sources = graph?.vertices.filter((v) => isSource(graph, v.id)) ?? [];
  const readAt = sources.map(
    ({ id }) => observations.findLast((o) => o.vertices[id]?.inRate.kind === "value")?.at ?? from,
  );
  return readAt.length === 0 ? from : Math.min(...readAt);
}
