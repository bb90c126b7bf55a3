import {
  type Edge,
  type Graph,
  inputsOf,
  type Observation,
  type Reading,
  reading,
  type VertexId,
  type VertexObservation,
  type Window,
} from "../model/index.ts";

/** A window keeps its observations from pass to pass, and large ones are not to be copied at each. */
const known = new WeakMap<Observation, Observation>();

/**
 * The window with every record counted once where each subtask reads all of them (all inputs BROADCAST). Flink counts such
 * a record once for each subtask, so that what a vertex reads, what a record costs it and what part of them it hands on would
 * change with its parallelism alone, and readings of before a rescale would tell nothing of what arrives after it. Example:
 * 3 subtasks read 10 records/s each: 10 records/s and not 30, of which each costs three times what Flink's counters say.
 * Where only some inputs are BROADCAST nobody tells what came from which: it stays as it was read.
 */
export function countedOnce(window: Window): Window {
  const { observations } = window;
  const graph = observations.at(-1)?.graph;
  if (graph === undefined || !graph.edges.some(isCopying) || copied(graph).length === 0) return window;
  return { ...window, observations: observations.map(ofOne) };
}

function ofOne(observation: Observation): Observation {
  const found = known.get(observation);
  if (found !== undefined) return found;
  const vertices = { ...observation.vertices };
  for (const id of copied(observation.graph)) {
    const vertex = vertices[id];
    if (vertex !== undefined) vertices[id] = vertexOfOne(vertex);
  }
  const once = { ...observation, vertices };
  known.set(observation, once);
  return once;
}

/** Vertices of which every subtask reads every record. */
function copied(graph: Graph): readonly VertexId[] {
  return graph.vertices.flatMap(({ id }) => {
    const edges = inputsOf(graph, id);
    return edges.length > 0 && edges.every(isCopying) ? [id] : [];
  });
}

const isCopying = (edge: Edge): boolean => edge.ship === "BROADCAST";

const vertexOfOne = (vertex: VertexObservation): VertexObservation => ({
  ...vertex,
  inRate: times(vertex.inRate, 1 / vertex.parallelism),
  readRecords: times(vertex.readRecords, 1 / vertex.parallelism),
  costMs: times(vertex.costMs, vertex.parallelism),
});

const times = (r: Reading, factor: number): Reading => (r.kind === "value" ? reading(r.value * factor) : r);
