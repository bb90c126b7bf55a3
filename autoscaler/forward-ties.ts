import type { Bounded } from "./sizing.ts";

/** The two ends of a FORWARD edge, by their places among the vertices. */
export type Tie = readonly [to: number, from: number];

/** All FORWARD edges that join two of these vertices. */
export function tiesOf(vertices: readonly Bounded[]): readonly Tie[] {
  if (vertices.every(({ vertex }) => vertex.forwardInputs.length === 0)) return [];
  const places = new Map(vertices.map(({ id }, i) => [id, i]));
  return vertices.flatMap(({ vertex }, to) =>
    vertex.forwardInputs.flatMap((id): readonly Tie[] => {
      const from = places.get(id);
      return from === undefined ? [] : [[to, from]];
    }),
  );
}

/** Gives all vertices that FORWARD edges join the same value, the one that `pick` finds among theirs. */
export function spread(
  ties: readonly Tie[],
  values: readonly number[],
  pick: (a: number, b: number) => number,
): readonly number[] {
  if (ties.length === 0) return values;
  const joined = [...values];
  let changed = true;
  while (changed) {
    changed = false;
    for (const [to, from] of ties) {
      const a = joined[to];
      const b = joined[from];
      if (a === undefined || b === undefined || a === b) continue;
      joined[to] = joined[from] = pick(a, b);
      changed = true;
    }
  }
  return joined;
}

/** Applies FORWARD edges to wishes: what they join gets the largest of its wishes, within the smallest of its limits. */
export function tied(
  ties: readonly Tie[],
  wanted: readonly number[],
  most: readonly number[],
): readonly number[] {
  const limits = spread(ties, most, Math.min);
  return spread(
    ties,
    wanted.map((p, i) => Math.min(p, limits[i] ?? p)),
    Math.max,
  );
}
