import { type Graph, inputsOf, outputsOf, topologicalOrder, type VertexId } from "../model/index.ts";
import type { NewestReadings } from "./newest-readings.ts";

type Readings = ReadonlyMap<VertexId, NewestReadings>;

/** Sum over several vertices, reading by reading; missing where one of them is. */
function summed(several: readonly (readonly number[] | undefined)[]): readonly number[] | undefined {
  const [first, ...others] = several;
  if (first === undefined || others.length === 0) return first;
  const sums = first.slice();
  for (const values of others) {
    if (values === undefined) return undefined;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? Number.NaN) + (values[i] ?? Number.NaN);
  }
  return sums;
}

/** Mean of a rate by another over the readings that have both. */
function ratio(
  numerator: readonly number[] | undefined,
  denominator: readonly number[] | undefined,
): number | undefined {
  if (numerator === undefined || denominator === undefined) return undefined;
  let above = 0;
  let below = 0;
  for (let i = 0; i < numerator.length; i++) {
    const a = numerator[i] ?? Number.NaN;
    const b = denominator[i] ?? Number.NaN;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    above += a;
    below += b;
  }
  return below > 0 ? above / below : undefined;
}

/** Records written per record read; `undefined` where nothing was read or a sink writes outside of Flink. */
export const selectivityOf = (readings: NewestReadings | undefined): number | undefined =>
  ratio(readings?.outRate, readings?.inRate);

/** How what arrives at a vertex follows from what arrives at its inputs. */
interface Inflow {
  readonly vertex: VertexId;
  readonly inputs: readonly VertexId[];
  /** Records that arrive here per record that arrives at the inputs; `undefined`: not known. */
  readonly factor: number | undefined;
}

/**
 * The inflow of every vertex that has inputs, in topological order; found once for the several loads that are asked
 * about. A vertex with several outputs counts a record once however many outputs it goes to, and what is broadcast is
 * read more often than it is written; so below them what v reads per record that its inputs read is used instead of what
 * they write. Where all inputs are broadcast each record counts once (`countedOnce`).
 */
export function inflowsOf(graph: Graph, readings: Readings): readonly Inflow[] {
  return topologicalOrder(graph).flatMap(({ id: vertex }) => {
    const edges = inputsOf(graph, vertex);
    if (edges.length === 0) return [];
    const inputs = edges.map((e) => e.from);
    const copied = edges.filter((e) => e.ship === "BROADCAST").length;
    const even = copied === 0 || copied === edges.length;
    const alone = even && inputs.every((u) => outputsOf(graph, u).length === 1);
    const above = alone ? summed(inputs.map((u) => readings.get(u)?.outRate)) : readings.get(vertex)?.inRate;
    const below = summed(inputs.map((u) => readings.get(u)?.inRate));
    return [{ vertex, inputs, factor: ratio(above, below) }];
  });
}

/**
 * Arrival rates of all vertices from those of the sources: arrival(v) = Σ arrival(u) × selectivity(u) over its inputs.
 * A vertex is left out when something that it needs is missing.
 */
export function arrivalRates(
  inflows: readonly Inflow[],
  sources: ReadonlyMap<VertexId, number>,
): ReadonlyMap<VertexId, number> {
  const known = new Map<VertexId, number>(sources);
  for (const { vertex, inputs, factor } of inflows) {
    const total = totalOf(known, inputs);
    if (total === undefined) continue;
    if (total === 0) known.set(vertex, 0);
    else if (factor !== undefined) known.set(vertex, total * factor);
  }
  return known;
}

/** What arrives at several vertices together; `undefined` where one of them is not known. */
function totalOf(known: ReadonlyMap<VertexId, number>, inputs: readonly VertexId[]): number | undefined {
  let total = 0;
  for (const input of inputs) {
    const rate = known.get(input);
    if (rate === undefined) return undefined;
    total += rate;
  }
  return total;
}
