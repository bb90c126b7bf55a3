import {
  type Graph,
  type Instant,
  inputsOf,
  isSource,
  type Milliseconds,
  numberOf,
  type Observation,
  type Reading,
  type ScaleInputs,
  type Vertex,
  type VertexId,
  type VertexInputs,
  type Window,
} from "../model/index.ts";
import { type ArrivalEstimate, arrivalSamples, estimateArrival } from "./arrival.ts";
import { scalingOf } from "./capacity.ts";
import { costPerRecord, observedCapacity } from "./cost.ts";
import { countedOnce } from "./counted-once.ts";
import { credibleCapacity } from "./credible-capacity.ts";
import { hottestSeen } from "./hottest.ts";
import { type Learned, NOTHING_LEARNED } from "./learned.ts";
import { restartPauseOf, withOwnCost } from "./learned-overrides.ts";
import { type NewestReadings, newestLook, newestReadingAt, newestReadings } from "./newest-readings.ts";
import { pressureOf } from "./pressure.ts";
import { arrivalRates, inflowsOf, selectivityOf } from "./selectivity.ts";
import type { AutoscalerConfig } from "./settings.ts";
import { MOST_SPREAD, peakBusy } from "./straying-work.ts";

/** What this job's past taught, kept across restarts of the process. */
export interface History {
  /** When the job last began to run with a parallelism that we set. */
  readonly lastRescaleAt: Instant | null;
  /** Measured from request to running; null until one was. */
  readonly restartPauseMs: Milliseconds | null;
  /** When somebody else last changed the job's requirements. */
  readonly foreignChangeAt: Instant | null;
  readonly learned: Learned;
}

export const NO_HISTORY: History = {
  lastRescaleAt: null,
  restartPauseMs: null,
  foreignChangeAt: null,
  learned: NOTHING_LEARNED,
};

/** Scaling down waits at least this many restart pauses: what costs more to undo is thought over for longer. */
const PAUSES_OF_PATIENCE = 20;

const LEAST_PEAK_MS: Milliseconds = 10_000;

/** Flink counts busy time in whole milliseconds: a cheap vertex may show none at all, which is not "unknown". */
const LEAST_COST_MS = 0.00001;

/** How long the load must have been low before scaling down; the window has to reach back at least as far. */
export function patienceOf(history: History, config: AutoscalerConfig): Milliseconds {
  const pause = restartPauseOf(history.restartPauseMs, config);
  return Math.max(config.scaleDownPatienceMs, PAUSES_OF_PATIENCE * pause);
}

/** Peaks of before the last rescale were answered by it; they do not ask for another one. */
const peakSpanMs = ({ lastRescaleAt }: History, patienceMs: Milliseconds, at: Instant): Milliseconds =>
  lastRescaleAt === null ? patienceMs : Math.min(patienceMs, Math.max(LEAST_PEAK_MS, at - lastRescaleAt));

const orNull = (r: Reading | undefined): number | null => numberOf(r) ?? null;

/**
 * All numbers that a decision about this job stands on, from its window and history. The window must hold at
 * least one observation. Everything the decision later says is computed from the result alone.
 */
export function summarize(seen: Window, history: History, config: AutoscalerConfig): ScaleInputs {
  const window = countedOnce(seen);
  const newest = window.observations.at(-1);
  if (newest === undefined) throw new TypeError("summarize needs a window with an observation");
  const graph = newest.graph;
  const restartPauseMs = restartPauseOf(history.restartPauseMs, config);
  const patienceMs = patienceOf(history, config);
  const sources = sourceEstimates(graph, window.observations, peakSpanMs(history, patienceMs, newest.at));
  const arriving = new Map([...sources].map(([id, e]) => [id, e.rate]));
  const peaking = new Map([...sources].map(([id, e]) => [id, e.peak]));
  const readings = newestReadings(graph, window.observations);
  const inflows = inflowsOf(graph, readings);
  const arrival = arrivalRates(inflows, arriving);
  const peak = arrivalRates(inflows, peaking);
  const vertices: Record<VertexId, VertexInputs> = {};
  for (const vertex of graph.vertices) {
    const measured = vertexInputs(
      vertex,
      window.observations,
      newest,
      readings.get(vertex.id),
      arrival,
      peak,
      history.learned,
      patienceMs,
      config.staleAfterMs,
    );
    vertices[vertex.id] = withOwnCost(vertex.id, measured, config);
  }
  return {
    from: window.from,
    to: window.to,
    observations: window.observations.length,
    coverage: window.coverage,
    watchedMs: window.watchedMs,
    runningSince: newest.runningSince,
    lastRescaleAt: history.lastRescaleAt,
    restartPauseMs,
    patienceMs,
    loadSettled: [...sources.values()].every((e) => e.settled),
    loadRising: [...sources.values()].some((e) => e.rising),
    loadFalling: [...sources.values()].some((e) => e.falling),
    idleMs: idleMs(history.learned),
    backlog: orNull(newest.backlog),
    slotsTotal: orNull(newest.slotsTotal),
    slotsFree: orNull(newest.slotsFree),
    requirements: newest.requirements ?? null,
    adaptive: newest.adaptive,
    foreignChangeAt: history.foreignChangeAt,
    newestAgeMs: window.to - newestReadingAt(window),
    forecast: history.learned.forecast,
    rescales: history.learned.rescales,
    calendar: null,
    pressure: pressureOf(window, history, window.to),
    vertices,
  };
}

/** How long nothing has arrived, by the whole steps of the load series. */
function idleMs({ load }: Learned): Milliseconds {
  if (load === null) return 0;
  const lastBusy = load.values.findLastIndex((v) => v === null || v > 0);
  return (load.values.length - 1 - lastBusy) * load.stepMs;
}

function sourceEstimates(
  graph: Graph,
  observations: readonly Observation[],
  patienceMs: Milliseconds,
): ReadonlyMap<VertexId, ArrivalEstimate> {
  const estimates = new Map<VertexId, ArrivalEstimate>();
  for (const vertex of graph.vertices.filter((v) => isSource(graph, v.id))) {
    const estimate = estimateArrival(arrivalSamples(observations, vertex.id), patienceMs);
    if (estimate !== undefined) estimates.set(vertex.id, estimate);
  }
  return estimates;
}

function vertexInputs(
  vertex: Vertex,
  observations: readonly Observation[],
  newest: Observation,
  readings: NewestReadings | undefined,
  arrival: ReadonlyMap<VertexId, number>,
  peak: ReadonlyMap<VertexId, number>,
  learned: Learned,
  patienceMs: Milliseconds,
  staleAfterMs: Milliseconds,
): VertexInputs {
  const edges = inputsOf(newest.graph, vertex.id);
  const inputs = edges.map((e) => e.from);
  const { parallelism } = vertex;
  const costMs = costPerRecord(observations, vertex.id, readings) ?? null;
  const points = learned.capacity[vertex.id] ?? [];
  const hottest = hottestSeen(observations, vertex.id);
  const look = (ids: readonly VertexId[]) => newestLook(observations, ids, staleAfterMs) ?? newest;
  const seen = look([vertex.id]).vertices[vertex.id];
  const busyShare = orNull(seen?.busyShare);
  const arrivalRate = arrival.get(vertex.id) ?? null;
  const believed = capacityByCost(costMs, { busyShare, rate: orNull(seen?.inRate), parallelism }, points);
  // What a hot subtask holds back is no capacity of all of them.
  const held = look([vertex.id, ...inputs]);
  const observed = hottest === undefined ? observedCapacity(held, vertex.id, inputs) : undefined;
  const capacity = observed ?? believed;
  const { beta, confidence, scatter } = scalingOf(points);
  // What strays with one parallelism does so with all.
  const spread = Math.max(0, ...points.map((p) => p.spread ?? 0));
  return {
    name: vertex.name,
    parallelism,
    maxParallelism: vertex.maxParallelism,
    slotSharingGroup: vertex.slotSharingGroup,
    source: edges.length === 0,
    hashed: edges.some((e) => e.ship === "HASH"),
    inputs,
    forwardInputs: edges.filter((e) => e.ship === "FORWARD").map((e) => e.from),
    partitions: orNull(newest.vertices[vertex.id]?.sourcePartitions),
    arrivalRate,
    peakArrivalRate: peakOf(peak.get(vertex.id) ?? null, {
      busiest: spread > MOST_SPREAD ? peakBusy(observations, vertex.id, newest.at - patienceMs) : 0,
      capacity,
    }),
    costMs,
    selectivity: selectivityOf(readings) ?? null,
    capacity,
    utilization: arrivalRate === null || capacity === null ? null : arrivalRate / capacity,
    backPressuredShare: orNull(seen?.backPressuredShare),
    busyShare,
    beta,
    confidence,
    scatter,
    spread,
    measured: points.map((p) => [p.parallelism, p.rate] as const).sort((a, b) => a[0] - b[0]),
    hottestSubtask: hottest?.subtask ?? null,
    hottestShare: hottest?.share ?? null,
    bound: learned.bounds[vertex.id] ?? null,
    surge: learned.surges?.[vertex.id]?.rate ?? null,
  };
}

function capacityByCost(
  costMs: number | null,
  seen: Parameters<typeof credibleCapacity>[1],
  points: Parameters<typeof credibleCapacity>[2],
): number | null {
  if (costMs === null) return null;
  return credibleCapacity((seen.parallelism * 1_000) / Math.max(costMs, LEAST_COST_MS), seen, points);
}

/** Where work does not follow the records: the rate that would make the vertex as busy as it was at its busiest. */
const peakOf = (
  rate: number | null,
  { busiest, capacity }: { readonly busiest: number; readonly capacity: number | null },
): number | null => (rate === null || capacity === null ? rate : Math.max(rate, busiest * capacity));
