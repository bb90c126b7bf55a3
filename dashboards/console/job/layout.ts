import { Graph as DagreGraph, layout } from "@dagrejs/dagre";
import type { Graph } from "../../../model/index.ts";

export const BOX = { width: 208, height: 104 } as const;

export interface PlacedVertex {
  readonly id: string;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where its label stands. */
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly vertices: readonly PlacedVertex[];
  readonly edges: readonly PlacedEdge[];
}

/** What a layout depends on; numbers that change every second do not belong to it. */
export type Structure = Pick<Graph, "edges"> & { readonly vertices: readonly { readonly id: string }[] };

/** Equal texts mean equal layouts. */
export function structureKey({ vertices, edges }: Structure): string {
  return JSON.stringify([vertices.map((v) => v.id), edges.map((e) => [e.from, e.to])]);
}

/** What waits at a source is told below its box. */
const MARGIN_Y = 22;

/** Places vertices in layers, along (`LR`) or down (`TB`). Edges to unknown vertices are left out. */
export function layOut({ vertices, edges }: Structure, direction: "LR" | "TB"): Layout {
  const graph = new DagreGraph({ multigraph: false });
  graph.setGraph({
    rankdir: direction,
    nodesep: 32,
    ranksep: direction === "LR" ? 88 : 72,
    marginx: 4,
    marginy: MARGIN_Y,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(vertices.map((v) => v.id));
  for (const v of vertices) graph.setNode(v.id, { ...BOX });
  const drawn = edges.filter((e) => known.has(e.from) && known.has(e.to) && e.from !== e.to);
  for (const e of drawn) graph.setEdge(e.from, e.to, { width: 64, height: 24, labelpos: "c" });
  layout(graph);
  const size = graph.graph();
  return {
    width: Math.ceil(size.width ?? BOX.width),
    height: Math.ceil(size.height ?? BOX.height),
    vertices: vertices.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return { id, x: x - BOX.width / 2, y: y - BOX.height / 2 };
    }),
    edges: drawn.map(({ from, to }) => {
      const { points = [], x = 0, y = 0 } = graph.edge(from, to);
      return { from, to, points, x, y };
    }),
  };
}

/** A smooth line through points: straight out, and rounded in between. */
export function pathThrough(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const at = (p: { readonly x: number; readonly y: number }) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`;
  let path = `M${at(first)}`;
  for (const [i, p] of rest.entries()) {
    const next = rest[i + 1];
    if (next === undefined) path += ` L${at(p)}`;
    else path += ` Q${at(p)} ${at({ x: (p.x + next.x) / 2, y: (p.y + next.y) / 2 })}`;
  }
  return path;
}
