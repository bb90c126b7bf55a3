import {
  type Graph,
  inputsOf,
  numberOf,
  type Observation,
  outputsOf,
  topologicalOrder,
  type VertexId,
  type VertexObservation,
} from "../model/index.ts";

/** How far back ratios of counters are taken. */
const NEWEST = 30;

type RateOf = (v: VertexObservation) => number | undefined;
const inRate: RateOf = (v) => numberOf(v.inRate);
const outRate: RateOf = (v) => numberOf(v.outRate);

/** Mean of a rate over the newest readings that have both rates, weighted by task time. */
function ratio(
  observations: readonly Observation[],
  numerator: (o: Observation) => number | undefined,
  denominator: (o: Observation) => number | undefined,
): number | undefined {
  let above = 0;
  let below = 0;
  for (const o of observations.slice(-NEWEST)) {
    const a = numerator(o);
    const b = denominator(o);
    if (a === undefined || b === undefined) continue;
    above += a;
    below += b;
  }
  return below > 0 ? above / below : undefined;
}

const sumOf = (o: Observation, ids: readonly VertexId[], rate: RateOf): number | undefined => {
  let sum = 0;
  for (const id of ids) {
    const v = o.vertices[id];
    const r = v === undefined ? undefined : rate(v);
    if (r === undefined) return undefined;
    sum += r;
  }
  return sum;
};

/** Records written per record read; `undefined` where nothing was read or a sink writes outside of Flink. */
export function selectivityOf(observations: readonly Observation[], vertex: VertexId): number | undefined {
  const at = (rate: RateOf) => (o: Observation) => {
    const v = o.vertices[vertex];
    return v === undefined ? undefined : rate(v);
  };
  return ratio(observations, at(outRate), at(inRate));
}

/**
 * Arrival rates of all vertices from those of the sources, in topological order:
 * arrival(v) = Σ arrival(u) × selectivity(u) over its inputs. A vertex with several outputs counts a record once
 * however many outputs it goes to, so below it what v reads per record that its inputs read is used instead.
 * A vertex is left out when something that it needs is missing.
 */
export function arrivalRates(
  graph: Graph,
  observations: readonly Observation[],
  sources: ReadonlyMap<VertexId, number>,
): ReadonlyMap<VertexId, number> {
  const rates = new Map<VertexId, number>(sources);
  for (const vertex of topologicalOrder(graph)) {
    const edges = inputsOf(graph, vertex.id);
    const inputs = edges.map((e) => e.from);
    if (inputs.length === 0) continue;
    // Every subtask reads every record of a BROADCAST edge.
    const copies = edges.some((e) => e.ship === "BROADCAST") ? vertex.parallelism : 1;
    const known = inputs.map((u) => rates.get(u));
    if (known.some((r) => r === undefined)) continue;
    const total = known.reduce<number>((a, b) => a + (b ?? 0), 0);
    if (total === 0) {
      rates.set(vertex.id, 0);
      continue;
    }
    const alone = copies > 1 || inputs.every((u) => outputsOf(graph, u).length === 1);
    const factor = ratio(
      observations,
      (o) => (alone ? sumOf(o, inputs, outRate) : sumOf(o, [vertex.id], inRate)),
      (o) => sumOf(o, inputs, inRate),
    );
    if (factor !== undefined) rates.set(vertex.id, total * factor * copies);
  }
  return rates;
}
