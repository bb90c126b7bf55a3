import { type Milliseconds, numberOf, type Observation, type VertexId } from "../model/index.ts";

/** Capacity that strays by more than this with one parallelism says that work does not follow the records. */
export const MOST_SPREAD = 0.25;
/** After a start busy time is that of starting up. */
const SETTLE_MS: Milliseconds = 10_000;
/** The largest busy share of the present attempt within the window: where work strays, its peak is not that of the rate. */
export function peakBusy(observations: readonly Observation[], vertex: VertexId, from: number): number {
  let peak = 0;
  for (const o of settled(observations)) {
    if (o.at >= from) peak = Math.max(peak, numberOf(o.vertices[vertex]?.busyShare) ?? 0);
  }
  return peak;
}

function settled(observations: readonly Observation[]): readonly Observation[] {
  const newest = observations.at(-1);
  return observations.filter(
    (o) => o.runningSince === newest?.runningSince && o.at - o.runningSince >= SETTLE_MS,
  );
}
