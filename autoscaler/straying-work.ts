import { type Milliseconds, numberOf, type Observation, type VertexId } from "../model/index.ts";
import { presentAttempt } from "./newest-readings.ts";

/** Capacity that strays by more than this with one parallelism says that work does not follow the records. */
export const MOST_SPREAD = 0.25;
/** After a start busy time is that of starting up. */
const SETTLE_MS: Milliseconds = 10_000;

/** The largest busy share of the present attempt within the window: where work strays, its peak is not that of the rate. */
export function peakBusy(observations: readonly Observation[], vertex: VertexId, from: number): number {
  let peak = 0;
  for (const o of presentAttempt(observations, SETTLE_MS)) {
    if (o.at >= from) peak = Math.max(peak, numberOf(o.vertices[vertex]?.busyShare) ?? 0);
  }
  return peak;
}
