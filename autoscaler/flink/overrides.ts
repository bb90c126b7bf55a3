import type { Parallelism, VertexId } from "../../model/index.ts";
import type { FlinkTopology } from "./topology.ts";

/** Parallelism of every vertex after a rescale: what is kept and asked for again until it is so. */
export const overridesOf = (
  topology: FlinkTopology,
  changes: Readonly<Record<VertexId, { readonly to: number }>>,
): Parallelism => Object.fromEntries(topology.map((v) => [v.id, changes[v.id]?.to ?? v.parallelism]));

/** The autoscaler's overrides over those of `pipeline.jobvertex-parallelism-overrides`; excluded vertices keep the user's. */
export function mergeOverrides(
  ours: Parallelism,
  users: Parallelism,
  excluded: readonly VertexId[],
): Parallelism {
  const merged: Record<VertexId, number> = { ...users };
  for (const [id, p] of Object.entries(ours)) {
    if (!(excluded.includes(id) && Object.hasOwn(users, id))) merged[id] = p;
  }
  return merged;
}

/** Lower and upper bound by vertex, as `PUT /jobs/:id/resource-requirements` takes them. */
export type Requirements = Readonly<Record<VertexId, readonly [lower: number, upper: number]>>;

/**
 * What has to be put so that the overrides hold; null: nothing. Only under the adaptive scheduler and while the job
 * runs. A lower bound other than 1 counts as a difference. `lower` absent: 1.
 */
export function requirementsToPut(
  overrides: Parallelism,
  present: { readonly upper: Parallelism; readonly lower?: Parallelism },
  job: { readonly adaptive: boolean; readonly running: boolean },
): Requirements | null {
  if (!job.adaptive || !job.running) return null;
  let differs = false;
  const wished: Record<VertexId, readonly [number, number]> = {};
  for (const [id, upper] of Object.entries(present.upper)) {
    const lower = present.lower?.[id] ?? 1;
    const override = overrides[id];
    wished[id] = override === undefined ? [lower, upper] : [1, override];
    differs ||= override !== undefined && (override !== upper || lower !== 1);
  }
  return differs ? wished : null;
}
