/** A job vertex id: 32 hex digits, stable while the operator uids are. */
export type VertexId = string;

/** Subtasks per vertex. */
export type Parallelism = Readonly<Record<VertexId, number>>;

export interface Vertex {
  readonly id: VertexId;
  readonly name: string;
  readonly parallelism: number;
  /** Number of key groups, and the upper limit of parallelism. */
  readonly maxParallelism: number;
  /** Vertices of one sharing group share slots: the group needs as many slots as its largest parallelism. */
  readonly slotSharingGroup: string;
}

/** How records travel. `HASH` is bound by key groups; `FORWARD` ties the two parallelisms together. */
export interface Edge {
  readonly from: VertexId;
  readonly to: VertexId;
  readonly ship: string;
}

export interface Graph {
  readonly vertices: readonly Vertex[];
  readonly edges: readonly Edge[];
}

export const inputsOf = (graph: Graph, id: VertexId): readonly Edge[] =>
  graph.edges.filter((e) => e.to === id);
export const outputsOf = (graph: Graph, id: VertexId): readonly Edge[] =>
  graph.edges.filter((e) => e.from === id);
/** A vertex without inputs reads from the outside world. */
export const isSource = (graph: Graph, id: VertexId): boolean => inputsOf(graph, id).length === 0;

export function vertexName(graph: Graph, id: VertexId): string {
  return graph.vertices.find((v) => v.id === id)?.name ?? id;
}

/** `{id: parallelism}` as the graph runs now. */
export function parallelismOf(graph: Graph): Parallelism {
  return Object.fromEntries(graph.vertices.map((v) => [v.id, v.parallelism]));
}

/**
 * Vertices so that every edge points forward, ties in the graph's own order. Flink's graphs have no cycles;
 * should a reply claim one, its vertices come last in their given order. O(vertices × edges).
 */
export function topologicalOrder(graph: Graph): readonly Vertex[] {
  const done = new Set<VertexId>();
  const order: Vertex[] = [];
  let rest = [...graph.vertices];
  while (rest.length > 0) {
    const ready = rest.filter((v) => inputsOf(graph, v.id).every((e) => done.has(e.from)));
    const next = ready.length > 0 ? ready : rest;
    for (const v of next) {
      done.add(v.id);
      order.push(v);
    }
    rest = rest.filter((v) => !done.has(v.id));
  }
  return order;
}

/** Slots that a parallelism needs: the sum over sharing groups of the largest parallelism in each. */
export function slotsNeeded(graph: Graph, parallelism: Parallelism): number {
  const largest = new Map<string, number>();
  for (const v of graph.vertices) {
    const p = parallelism[v.id] ?? v.parallelism;
    largest.set(v.slotSharingGroup, Math.max(largest.get(v.slotSharingGroup) ?? 0, p));
  }
  let sum = 0;
  for (const n of largest.values()) sum += n;
  return sum;
}
