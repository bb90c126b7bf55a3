import {
  type FlinkJobId,
  type Graph,
  inputsOf,
  isSource,
  numberOf,
  type VertexId,
  type VertexReadout,
} from "../../model/index.ts";
import type { FlinkRest } from "./client.ts";
import type { VertexDetails } from "./metric-replies.ts";
import { createShareMeter, type Shares } from "./task-shares.ts";
import { tolerated } from "./tolerated.ts";

/** A pass reads the subtasks of at most this many vertices: each costs a request. */
const MOST_VERTICES = 3;
/** Who was suspected once is watched on for this long, because a share takes two looks. */
const WATCHED_MS = 60_000;
/** The hottest subtask is this busy and this much busier than the mean. */
const HOT_BUSY = 0.6;
const UNEVEN = 1.3;
/** Who feeds it waits for this share of its time although the vertex itself is less busy than that. */
const HELD_BACK = 0.3;
const NOT_BUSY = 0.8;

type Vertices = Readonly<Record<VertexId, VertexReadout>>;

/**
 * Watches one attempt of a job for vertices whose mean hides one hot subtask, and reads the subtasks of those.
 * The returned function never throws a `Failure`; a vertex whose subtasks could not all be read is left out.
 */
export function createSubtaskLook(rest: FlinkRest, now: () => number) {
  const measure = createShareMeter();
  const watchedUntil = new Map<VertexId, number>();

  return async function subtaskReads(
    id: FlinkJobId,
    graph: Graph,
    vertices: Vertices,
  ): Promise<ReadonlyMap<VertexId, readonly number[]>> {
    const shares = measure(graph, vertices);
    for (const [vertex, until] of watchedUntil) if (until <= now()) watchedUntil.delete(vertex);
    for (const vertex of suspectsOf(graph, vertices, shares)) watchedUntil.set(vertex, now() + WATCHED_MS);
    const newest = [...watchedUntil].toSorted(([, a], [, b]) => b - a).slice(0, MOST_VERTICES);
    const looks = await Promise.all(
      newest.map(async ([vertex]) => {
        const details = await tolerated(rest.vertexDetails(id, vertex));
        const parallelism = graph.vertices.find((v) => v.id === vertex)?.parallelism;
        return [vertex, details && readsOf(details, parallelism ?? 0)] as const;
      }),
    );
    return new Map(looks.flatMap(([vertex, reads]) => (reads === undefined ? [] : [[vertex, reads]])));
  };
}

/**
 * Vertices that look skewed, the most striking first: the hottest subtask (a gauge) is far above the mean, or
 * those upstream wait for a vertex that is not busy on the whole. The latter may as well be a wait outside Flink;
 * reading the subtasks is what tells the two apart.
 */
export function suspectsOf(
  graph: Graph,
  vertices: Vertices,
  shares: ReadonlyMap<VertexId, Shares>,
): readonly VertexId[] {
  const gapOf = (id: VertexId): number => {
    const own = shares.get(id);
    if (own === undefined) return 0;
    const hottest = (numberOf(vertices[id]?.hottestBusyMsPerSecond) ?? 0) / 1_000;
    const upstream = Math.max(0, ...inputsOf(graph, id).map((e) => shares.get(e.from)?.held ?? 0));
    const hot = hottest >= HOT_BUSY && hottest >= UNEVEN * own.busy;
    const holds = upstream >= HELD_BACK && own.busy < NOT_BUSY && own.held < HELD_BACK;
    return holds ? 1 - own.busy : hot ? hottest - own.busy : 0;
  };
  const inner = graph.vertices.filter((v) => v.parallelism > 1 && !isSource(graph, v.id));
  return inner
    .map(({ id }) => ({ id, gap: gapOf(id) }))
    .filter((f) => f.gap > 0)
    .toSorted((a, b) => b.gap - a.gap)
    .map((f) => f.id);
}

/** Records read by each subtask; `undefined` unless every one of `parallelism` subtasks has told. */
export function readsOf(details: VertexDetails, parallelism: number): readonly number[] | undefined {
  if (details.subtasks.length !== parallelism || parallelism === 0) return undefined;
  const reads: number[] = [];
  for (const { subtask, metrics } of details.subtasks) {
    const read = metrics["read-records"];
    const told = metrics["read-records-complete"] !== false && read !== undefined && read >= 0;
    if (!told || !Number.isInteger(subtask) || subtask < 0 || subtask >= parallelism) return undefined;
    reads[subtask] = read;
  }
  return Object.keys(reads).length === parallelism ? reads : undefined;
}

/** The readout with what was read of some vertices' subtasks. */
export function withSubtaskReads(
  vertices: Vertices,
  reads: ReadonlyMap<VertexId, readonly number[]> | undefined,
): Vertices {
  if (reads === undefined || reads.size === 0) return vertices;
  const found = [...reads].flatMap(([id, subtaskReads]) => {
    const vertex = vertices[id];
    return vertex === undefined ? [] : [[id, { ...vertex, subtaskReads }] as const];
  });
  return { ...vertices, ...Object.fromEntries(found) };
}
