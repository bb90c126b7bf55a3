import type { BusyDemandPlan, CapacityPoint, EdgePlan } from "../../../../engine/simulated/index.ts";
import type { Milliseconds } from "../../../../model/index.ts";
import type { LoadCurve } from "../../../../sidecar/whatif/contest.ts";

/** A world as its author writes it down: vertices by short names, capacities as they were published. */
export interface WorldShape {
  readonly name: string;
  readonly title: string;
  /** Records per second at all sources together that it is meant for at most. */
  readonly fullRate: number;
  readonly maxParallelism: number;
  readonly vertices: readonly VertexShape[];
  readonly edges: readonly EdgeShape[];
  /** `taskmanager.memory.segment-size`; Flink's 32 KB without it. */
  readonly segmentBytes?: number;
  readonly ownLoad?: LoadCurve;
}

export interface VertexShape {
  readonly name: string;
  /** Of the whole vertex; a single number is what each subtask does, however many there are. */
  readonly capacity: readonly CapacityPoint[] | number;
  readonly source?: SourceShape;
  /** Tumbling panes. */
  readonly windowMs?: Milliseconds;
  readonly stateBytes?: number;
  readonly keyGroups?: number;
  /** How far repeats of the published run differ (sigma of the logarithm). */
  readonly attemptNoise?: number;
  /** Chance that an attempt does only `COLLAPSED` of what it should. */
  readonly collapseChance?: number;
  /** What keeps it busy beside its records, out of the load that the world is given. */
  readonly busyDemand?: (load: LoadCurve) => BusyDemandPlan;
}

export interface SourceShape {
  /** Part of the whole load that arrives here. */
  readonly share: number;
  readonly partitions: number;
  /** What arrives whatever the load is (LoadSimulationPipeline). */
  readonly constantRate?: number;
}

export interface EdgeShape {
  readonly from: string;
  readonly to: string;
  readonly ship: EdgePlan["ship"];
  readonly selectivity?: number;
  readonly recordBytes: number;
}

/** A collapsed attempt of the published runs did about this much of the usual. */
export const COLLAPSED = 0.4;

/** Capacity points × a factor: of a benchmark's events a vertex reads only some. */
export const scaled = (points: readonly CapacityPoint[], factor: number): readonly CapacityPoint[] =>
  points.map(([parallelism, rate]) => [parallelism, rate * factor] as const);
