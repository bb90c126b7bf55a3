import type { Graph, Parallelism } from "../model/index.ts";

/** Parallelism by vertex id → by name, for people. */
export function byName(graph: Graph, parallelism: Parallelism): Record<string, number> {
  const names = graph.vertices.map((v) => v.name);
  return Object.fromEntries(
    graph.vertices.map((v) => [
      names.filter((n) => n === v.name).length > 1 ? `${v.name} (${v.id.slice(0, 8)})` : v.name,
      parallelism[v.id] ?? v.parallelism,
    ]),
  );
}
