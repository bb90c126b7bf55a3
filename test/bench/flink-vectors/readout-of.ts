import type { FlinkReadout, FlinkVertexReading } from "../../../autoscaler/flink/sample-of.ts";
import type { FlinkTopology } from "../../../autoscaler/flink/topology.ts";

/** What a case says of one vertex at one moment. */
export interface Reading {
  readonly recordsIn?: number | null;
  readonly busy?: number | null;
  readonly pending?: number | null;
  readonly inPerSecond?: number | null;
  readonly backPressured?: number | null;
  readonly accumulatedBusy?: number | null;
}

/** A look at a job whose numbers are given; all that is not given is missing. */
export function readoutOf(
  at: number,
  topology: FlinkTopology,
  of: (id: string) => Reading,
  more: Partial<FlinkReadout> = {},
): FlinkReadout {
  const vertices: Record<string, FlinkVertexReading> = {};
  for (const { id } of topology) {
    const given = of(id);
    const busy = given.busy ?? null;
    vertices[id] = {
      recordsIn: given.recordsIn ?? null,
      recordsOut: null,
      busyMs: given.accumulatedBusy ?? null,
      backPressuredMs: null,
      pending: given.pending ?? null,
      busyGauge: busy === null ? null : { min: busy, max: busy, avg: busy },
      inPerSecond: given.inPerSecond ?? null,
      backPressuredPerSecond: given.backPressured ?? 0,
    };
  }
  return {
    at,
    runningSince: 0,
    running: true,
    adaptive: true,
    topology,
    vertices,
    global: {},
    requirements: null,
    ...more,
  };
}
