import {
  ABSENT,
  type Graph,
  type Observation,
  reading,
  STALE,
  type Vertex,
  type VertexObservation,
} from "../../model/index.ts";

/** `aGraph("a>b b>c")`: vertices in the order of their first mention; `a` alone is a vertex without edges. */
export function aGraph(text: string, vertex: Partial<Vertex> = {}, ship = "HASH"): Graph {
  const edges = text.split(" ").flatMap((t) => {
    const [from, to] = t.split(">");
    return from === undefined || to === undefined ? [] : [{ from, to, ship }];
  });
  const ids = [...new Set(text.split(/[ >]/))];
  const vertices = ids.map((id) => ({
    id,
    name: id,
    parallelism: 1,
    maxParallelism: 128,
    slotSharingGroup: "default",
    ...vertex,
  }));
  return { vertices, edges };
}

/** Numbers of a vertex observation; what is not given is absent, the task clock advanced 5 s. */
export type Numbers = { readonly [K in keyof VertexObservation]?: number };

export function aVertexObservation(numbers: Numbers): VertexObservation {
  const r = (key: keyof VertexObservation) => reading(numbers[key]);
  return {
    parallelism: numbers.parallelism ?? 1,
    taskMs: reading(numbers.taskMs ?? 5_000),
    inRate: r("inRate"),
    outRate: r("outRate"),
    busyShare: r("busyShare"),
    idleShare: r("idleShare"),
    backPressuredShare: r("backPressuredShare"),
    costMs: r("costMs"),
    hottestBusyShare: r("hottestBusyShare"),
    pendingRecords: r("pendingRecords"),
    pendingGrowth: r("pendingGrowth"),
    sourcePartitions: r("sourcePartitions"),
    readRecords: r("readRecords"),
  };
}

export function anObservation(
  at: number,
  graph: Graph,
  vertices: Readonly<Record<string, Numbers>>,
  changes: Partial<Observation> = {},
): Observation {
  return {
    job: "prod/default/orders",
    flinkJobId: "f".repeat(32),
    at,
    state: "RUNNING",
    runningSince: 0,
    adaptive: true,
    graph,
    vertices: Object.fromEntries(Object.entries(vertices).map(([id, n]) => [id, aVertexObservation(n)])),
    edges: [],
    slotsTotal: ABSENT,
    slotsFree: ABSENT,
    requirements: undefined,
    backlog: reading(0),
    ...changes,
  };
}

/** A poll between two refreshes of Flink's counters: every vertex is stale. */
export function aStaleObservation(at: number, graph: Graph): Observation {
  const stale = { ...aVertexObservation({}), taskMs: STALE, inRate: STALE, busyShare: STALE };
  return {
    ...anObservation(at, graph, {}),
    vertices: Object.fromEntries(graph.vertices.map((v) => [v.id, stale])),
  };
}
