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

/** What is asked of a graph at every step of a decision, found once. Graphs do not change. */
interface GraphIndex {
  readonly inputs: ReadonlyMap<VertexId, readonly Edge[]>;
  readonly outputs: ReadonlyMap<VertexId, readonly Edge[]>;
  order: readonly Vertex[] | undefined;
}

const indices = new WeakMap<Graph, GraphIndex>();
const NO_EDGES: readonly Edge[] = [];

function indexOf(graph: Graph): GraphIndex {
  const known = indices.get(graph);
  if (known !== undefined) return known;
  const inputs = Map.groupBy(graph.edges, (e) => e.to);
  const index: GraphIndex = { inputs, outputs: Map.groupBy(graph.edges, (e) => e.from), order: undefined };
  indices.set(graph, index);
  return index;
}

export const inputsOf = (graph: Graph, id: VertexId): readonly Edge[] =>
  indexOf(graph).inputs.get(id) ?? NO_EDGES;
export const outputsOf = (graph: Graph, id: VertexId): readonly Edge[] =>
  indexOf(graph).outputs.get(id) ?? NO_EDGES;
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
 * should a reply claim one, its vertices come last in their given order. O(vertices + edges), once per graph.
 */
export function topologicalOrder(graph: Graph): readonly Vertex[] {
  const index = indexOf(graph);
  index.order ??= inOrder(graph);
  return index.order;
}

function inOrder(graph: Graph): readonly Vertex[] {
  const place = new Map(graph.vertices.map((v, i) => [v.id, i]));
  const waitsFor = graph.vertices.map((v) => inputsOf(graph, v.id).length);
  /** What comes free when a vertex is placed. */
  const freed = (vertex: Vertex): readonly number[] =>
    outputsOf(graph, vertex.id).flatMap(({ to }) => {
      const at = place.get(to);
      if (at === undefined) return [];
      waitsFor[at] = (waitsFor[at] ?? 0) - 1;
      return waitsFor[at] === 0 ? [at] : [];
    });
  const order: Vertex[] = [];
  let ready = graph.vertices.flatMap((_, i) => (waitsFor[i] === 0 ? [i] : []));
  while (ready.length > 0) {
    const placed = ready.flatMap((i) => graph.vertices[i] ?? []);
    order.push(...placed);
    ready = placed.flatMap(freed).sort((a, b) => a - b);
  }
  return [...order, ...graph.vertices.filter((_, i) => (waitsFor[i] ?? 0) > 0)];
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
