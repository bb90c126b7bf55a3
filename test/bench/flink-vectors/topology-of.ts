import { type FlinkTopology, type FlinkVertex, shipOf } from "../../../autoscaler/flink/topology.ts";
import { asCount, Unforeseen } from "./case.ts";

/** Fields of a vertex that a text of edges does not tell. */
export type VertexDefaults = Omit<FlinkVertex, "id" | "inputs" | "outputs">;

export const VERTEX: VertexDefaults = {
  parallelism: 1,
  maxParallelism: 720,
  slotSharingGroup: null,
  partitions: 0,
  finished: false,
};

type Edge = readonly [from: string, to: string, ship: string];

/** A topology out of edges; its vertices in the order in which every edge points forward. */
export function topologyFrom(
  ids: readonly string[],
  edges: readonly Edge[],
  of: (id: string) => Partial<VertexDefaults> = () => ({}),
): FlinkTopology {
  const vertices = ids.map((id) => ({
    ...VERTEX,
    ...of(id),
    id,
    inputs: Object.fromEntries(edges.filter((e) => e[1] === id).map((e) => [e[0], shipOf(e[2])])),
    outputs: Object.fromEntries(edges.filter((e) => e[0] === id).map((e) => [e[1], shipOf(e[2])])),
  }));
  const sorted: FlinkVertex[] = [];
  while (sorted.length < vertices.length) {
    const next = vertices.filter(
      (v) => !sorted.includes(v) && Object.keys(v.inputs).every((id) => sorted.some((s) => s.id === id)),
    );
    if (next.length === 0) throw new Unforeseen("topology: got a circle or an edge from an unknown vertex");
    sorted.push(...next);
  }
  return sorted;
}

/**
 * Reads the ways in which the cases write a graph: `source -> filter (HASH) -> sink (HASH)`, `source->sink REBALANCE`,
 * `source(p1,max 720) -> sink(p1,max 720) REBALANCE`, and `s1,s2 -HASH-> map(p2) -FORWARD-> sink(p2); s3 -…`.
 */
export function parseTopology(
  text: string,
  of: (id: string) => Partial<VertexDefaults> = () => ({}),
): FlinkTopology {
  const notes = new Map<string, Partial<VertexDefaults>>();
  const edges = text.split(";").flatMap((chain) => edgesOf(chain, notes));
  const ids = [...notes.keys()];
  if (ids.length === 0) throw new Unforeseen(`topology: got "${text}"; expected vertices`);
  return topologyFrom(ids, edges, (id) => ({ ...of(id), ...notes.get(id) }));
}

/** The edges of one chain; `notes` learns its vertices and what stands in brackets behind them. */
function edgesOf(chain: string, notes: Map<string, Partial<VertexDefaults>>): readonly Edge[] {
  const edges: Edge[] = [];
  let before: readonly string[] = [];
  for (const [stage, label] of stagesOf(chain)) {
    const here = namesOf(stage, notes);
    const ship = label ?? here.ship ?? "UNKNOWN";
    edges.push(...before.flatMap((from) => here.ids.map((to): Edge => [from, to, ship])));
    before = here.ids;
  }
  return edges;
}

/** Stages of a chain, each with the label of the arrow before it. */
function stagesOf(chain: string): readonly (readonly [string, string | undefined])[] {
  const parts = chain.split(/\s*-(?:([A-Z]+)-)?>\s*/);
  const stages: (readonly [string, string | undefined])[] = [];
  for (let i = 0; i < parts.length; i += 2) stages.push([parts[i] ?? "", parts[i - 1]]);
  return stages;
}

function namesOf(
  stage: string,
  notes: Map<string, Partial<VertexDefaults>>,
): { readonly ids: readonly string[]; readonly ship: string | undefined } {
  const ship = /\(([A-Z]{3,})\)/.exec(stage)?.[1] ?? /\)?\s([A-Z]{4,})\s*$/.exec(stage)?.[1];
  const ids: string[] = [];
  for (const match of stage.matchAll(/([A-Za-z]\w*)\s*(\([^)]*\))?/g)) {
    const [, id = "", note = ""] = match;
    if (/^[A-Z]{4,}$/.test(id)) continue;
    ids.push(id);
    const p = /\bp\s*(\d+)/.exec(note)?.[1];
    const max = /\bmax\s*(\d+)/.exec(note)?.[1];
    notes.set(id, {
      ...(p === undefined ? {} : { parallelism: asCount(p, `topology: ${id}`) }),
      ...(max === undefined ? {} : { maxParallelism: asCount(max, `topology: max of ${id}`) }),
    });
  }
  return { ids, ship };
}
