import type { Milliseconds, VertexId } from "../../model/index.ts";

export const BUSY_AGGREGATORS = ["MAX", "AVG", "MIN"] as const;
export type BusyAggregator = (typeof BUSY_AGGREGATORS)[number];

/** The first three are newer than 1.15; those with `legacy-` search downwards too and may block a rescale. */
export const ALIGNMENT_MODES = [
  "BALANCED",
  "EVENLY_SPREAD",
  "OFF",
  "legacy-EVENLY_SPREAD",
  "legacy-MAXIMIZE_UTILISATION",
] as const;
export type AlignmentMode = (typeof ALIGNMENT_MODES)[number];

/** The options in force, in run-time units: ms, bytes, shares 0..1. */
export interface FlinkOptions {
  readonly enabled: boolean;
  readonly scalingEnabled: boolean;
  /** Least time between two samples; the Java autoscaler's standalone loop has 10 s, its operator 60 s. */
  readonly loopMs: Milliseconds;
  readonly windowMs: Milliseconds;
  readonly stabilizationMs: Milliseconds;
  readonly excludedPeriods: readonly string[];
  /** Zone of the excluded periods; the Java autoscaler takes that of its own machine, mostly UTC. */
  readonly timeZone: string;
  readonly target: number;
  readonly boundary: number;
  readonly utilizationMax: number | null;
  readonly utilizationMin: number | null;
  readonly scaleDownIntervalMs: Milliseconds;
  readonly minParallelism: number;
  readonly maxParallelism: number;
  readonly scaleDownMaxFactor: number;
  readonly scaleUpMaxFactor: number;
  readonly catchUpMs: Milliseconds;
  readonly restartMs: Milliseconds;
  readonly trackRestarts: boolean;
  readonly restartLimitMs: Milliseconds;
  readonly backlogThresholdMs: Milliseconds;
  readonly observeThresholdMs: Milliseconds;
  readonly observeSwitch: number;
  readonly observeMin: number;
  readonly scalability: boolean;
  readonly scalabilityMin: number;
  readonly scalabilityLeast: number;
  readonly blockIneffective: boolean;
  readonly effectiveness: number;
  readonly gcThreshold: number;
  readonly heapThreshold: number;
  readonly memoryTuning: boolean;
  readonly memoryOverhead: number;
  readonly maximizeManaged: boolean;
  readonly memoryCompensation: boolean;
  readonly quotaCpu: number | null;
  readonly quotaMemory: number | null;
  readonly historyCount: number;
  readonly historyMs: Milliseconds;
  readonly busyAggregator: BusyAggregator;
  readonly excludedVertices: readonly VertexId[];
  readonly eventIntervalMs: Milliseconds;
  readonly alignment: AlignmentMode;
}

/** What holds where no key is set. */
export const DEFAULT_FLINK_OPTIONS: FlinkOptions = {
  enabled: false,
  scalingEnabled: true,
  loopMs: 10_000,
  windowMs: 900_000,
  stabilizationMs: 300_000,
  excludedPeriods: [],
  timeZone: "UTC",
  target: 0.7,
  boundary: 0.3,
  utilizationMax: null,
  utilizationMin: null,
  scaleDownIntervalMs: 3_600_000,
  minParallelism: 1,
  maxParallelism: 200,
  scaleDownMaxFactor: 0.6,
  scaleUpMaxFactor: 100_000,
  catchUpMs: 1_800_000,
  restartMs: 300_000,
  trackRestarts: false,
  restartLimitMs: 900_000,
  backlogThresholdMs: 300_000,
  observeThresholdMs: 30_000,
  observeSwitch: 0.15,
  observeMin: 2,
  scalability: false,
  scalabilityMin: 3,
  scalabilityLeast: 0.5,
  blockIneffective: false,
  effectiveness: 0.1,
  gcThreshold: 1,
  heapThreshold: 1,
  memoryTuning: false,
  memoryOverhead: 0.2,
  maximizeManaged: false,
  memoryCompensation: true,
  quotaCpu: null,
  quotaMemory: null,
  historyCount: 3,
  historyMs: 86_400_000,
  busyAggregator: "MAX",
  excludedVertices: [],
  eventIntervalMs: 1_800_000,
  alignment: "BALANCED",
};

/** Upper bound of the utilization: its own option, else target + boundary. */
export const utilizationMaxOf = (o: FlinkOptions): number => o.utilizationMax ?? o.target + o.boundary;

/** Lower bound of the utilization: its own option, else target − boundary. */
export const utilizationMinOf = (o: FlinkOptions): number => o.utilizationMin ?? o.target - o.boundary;
