import type { VertexId } from "../../model/index.ts";
import type { FlinkSample } from "./samples.ts";
import { rateOf } from "./series.ts";
import type { FlinkTopology, FlinkVertex } from "./topology.ts";

/** A topology's vertices by id: looked up once for each edge. */
export type VerticesById = ReadonlyMap<VertexId, FlinkVertex>;

export const verticesById = (topology: FlinkTopology): VerticesById =>
  new Map(topology.map((v) => [v.id, v]));

/**
 * Records that `to` gets for one record that `from` reads, over the samples. 0 where nothing is read or nothing comes
 * through: the consumer's target is then 0, which is one of the known weaknesses of this policy.
 */
export function outputRatio(
  byId: VerticesById,
  samples: readonly FlinkSample[],
  from: VertexId,
  to: VertexId,
): number {
  const read = rateOf(samples, from, "recordsIn");
  if (!(read > 0)) return Number.isNaN(read) ? Number.NaN : 0;
  const sent = edgeRate(byId, samples, from, to);
  return sent > 0 ? sent / read : Number.isNaN(sent) ? Number.NaN : 0;
}

/**
 * Records/s over one edge. Flink counts per vertex: with one input it is what `to` reads; where every other input of
 * `to` feeds nothing else it is the rest; otherwise all that `from` writes.
 */
function edgeRate(byId: VerticesById, samples: readonly FlinkSample[], from: VertexId, to: VertexId): number {
  const inputs = Object.keys(byId.get(to)?.inputs ?? {});
  if (inputs.length === 1) return rateOf(samples, to, "recordsIn");
  const others = inputs.filter((id) => id !== from);
  const separable = others.every((id) => {
    const other = byId.get(id);
    return other !== undefined && Object.keys(other.outputs).length === 1;
  });
  const fromOthers = others.reduce((sum, id) => sum + rateOf(samples, id, "recordsOut"), 0);
  if (!separable || Number.isNaN(fromOthers)) return rateOf(samples, from, "recordsOut");
  return rateOf(samples, to, "recordsIn") - fromOthers;
}
