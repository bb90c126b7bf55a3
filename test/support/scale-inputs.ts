import {
  type AutoscalerConfig,
  autoscalerSettings,
  compileAutoscalerSettings,
} from "../../autoscaler/index.ts";
import type { ScaleInputs, VertexInputs } from "../../model/index.ts";

export const NOW = Date.UTC(2026, 10, 21, 12);
export const SUBJECT = { job: "prod/default/orders", flinkJobId: "f".repeat(32) };

/** The standard settings in run-time units, with changes. */
export function aConfig(changes: Partial<AutoscalerConfig> = {}): AutoscalerConfig {
  return { ...compileAutoscalerSettings(autoscalerSettings.parse({})), ...changes };
}

/** A vertex of one subtask at 100 records/s and 1 ms a record, so 10 % busy; capacity follows cost and parallelism. */
export function aVertex(changes: Partial<VertexInputs> = {}): VertexInputs {
  const parallelism = changes.parallelism ?? 1;
  const costMs = changes.costMs === undefined ? 1 : changes.costMs;
  const arrivalRate = changes.arrivalRate === undefined ? 100 : changes.arrivalRate;
  const byCost = costMs === null ? null : (parallelism * 1_000) / costMs;
  const capacity = changes.capacity === undefined ? byCost : changes.capacity;
  return {
    name: "v",
    parallelism,
    maxParallelism: 128,
    slotSharingGroup: "default",
    source: false,
    hashed: false,
    inputs: [],
    forwardInputs: [],
    partitions: null,
    peakArrivalRate: arrivalRate,
    selectivity: 1,
    utilization: arrivalRate === null || capacity === null ? null : arrivalRate / capacity,
    backPressuredShare: 0,
    busyShare: arrivalRate === null || capacity === null ? null : Math.min(1, arrivalRate / capacity),
    beta: 1,
    confidence: 1,
    measured: [],
    spread: 0,
    hottestSubtask: null,
    hottestShare: null,
    bound: null,
    ...changes,
    costMs,
    arrivalRate,
    capacity,
  };
}

/** Inputs that every guard lets pass: fresh, complete, watched for an hour, no backlog, slots in plenty. */
export function someInputs(
  vertices: Readonly<Record<string, VertexInputs>>,
  changes: Partial<ScaleInputs> = {},
): ScaleInputs {
  return {
    from: NOW - 120_000,
    to: NOW,
    observations: 24,
    coverage: 1,
    watchedMs: 3_600_000,
    runningSince: NOW - 3_600_000,
    lastRescaleAt: null,
    restartPauseMs: 3_000,
    patienceMs: 60_000,
    loadSettled: true,
    loadFalling: false,
    backlog: 0,
    slotsTotal: 1_000,
    slotsFree: 900,
    requirements: null,
    adaptive: true,
    foreignChangeAt: null,
    newestAgeMs: 0,
    forecast: null,
    rescales: [],
    calendar: null,
    pressure: {
      gcShare: null,
      heapShare: null,
      cpuLoad: null,
      foreignStarts: 0,
      checkpointsFailing: null,
      checkpointAgeMs: null,
      checkpointIntervalMs: null,
      snapshotInProgress: false,
    },
    vertices,
    ...changes,
  };
}

/** src → work → count, the costs in milliseconds per record, `rate` records/s through all of it. */
export function aChain(
  rate: number,
  costs: { readonly work: number; readonly count: number },
  parallelism: { readonly work?: number; readonly count?: number } = {},
): Record<string, VertexInputs> {
  const shared = { arrivalRate: rate, hashed: true };
  return {
    src: aVertex({ name: "src", source: true, costMs: 0.01, arrivalRate: rate }),
    work: aVertex({
      ...shared,
      name: "work",
      inputs: ["src"],
      costMs: costs.work,
      parallelism: parallelism.work ?? 1,
    }),
    count: aVertex({
      ...shared,
      name: "count",
      inputs: ["work"],
      costMs: costs.count,
      parallelism: parallelism.count ?? 1,
    }),
  };
}
