import {
  type EdgeObservation,
  type Graph,
  numberOf,
  type Observation,
  type Reading,
  type VertexObservation,
} from "../../model/index.ts";

/** Flink's counters move more seldom than they are read: a reading that is missing now is taken from so far back. */
const BACK_MS = 30_000;

/**
 * A graph with the newest number of each vertex and edge; null where none came lately. While the job does not run,
 * only what was read in that state counts: numbers of the attempt before would be told as those of now.
 */
export function topologyOf(graph: Graph, observations: readonly Observation[]) {
  const newest = observations.at(-1);
  const recent = newest === undefined ? [] : sameAttempt(observations, newest).toReversed();
  const find = (pick: (o: Observation) => Reading | undefined): number | null => {
    for (const o of recent) {
      const value = numberOf(pick(o));
      if (value !== undefined) return value;
    }
    return null;
  };
  return {
    at: newest?.at ?? null,
    vertices: graph.vertices.map((v) => {
      const of = (pick: (seen: VertexObservation) => Reading) =>
        find((o) => {
          const seen = o.vertices[v.id];
          return seen === undefined ? undefined : pick(seen);
        });
      return {
        ...v,
        inRate: of((s) => s.inRate),
        outRate: of((s) => s.outRate),
        busyShare: of((s) => s.busyShare),
        backPressuredShare: of((s) => s.backPressuredShare),
        pendingRecords: of((s) => s.pendingRecords),
      };
    }),
    edges: graph.edges.map((e) => ({
      ...e,
      inFlight: find((o) => edgeOf(o, e)?.inFlight),
    })),
  };
}

const edgeOf = (o: Observation, e: { from: string; to: string }): EdgeObservation | undefined =>
  o.edges.find((seen) => seen.from === e.from && seen.to === e.to);

function sameAttempt(observations: readonly Observation[], newest: Observation): readonly Observation[] {
  return observations.filter(
    (o) =>
      newest.at - o.at <= BACK_MS &&
      o.state === newest.state &&
      o.flinkJobId === newest.flinkJobId &&
      o.runningSince === newest.runningSince,
  );
}
