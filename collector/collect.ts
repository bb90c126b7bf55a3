import {
  type CheckpointReadout,
  combine,
  type Edge,
  type EdgeObservation,
  type Graph,
  type Instant,
  inputsOf,
  isSource,
  type JobKey,
  type JobReadout,
  NOT_A_NUMBER,
  type Observation,
  outputsOf,
  parallelismOf,
  type Reading,
  reading,
  type SourceReadout,
  STALE,
  type VertexId,
  type VertexObservation,
  type VertexReadout,
} from "../model/index.ts";
import { DOUBT_MS, fellImpossibly, withPending } from "./credible-pending.ts";
import { type Difference, differenceOf, nextBaseline } from "./difference.ts";
import { hottestOf } from "./hottest-subtask.ts";

/** The readouts that the next differences are taken from. One attempt of one job; a value, never mutated. */
export interface Baseline {
  readonly attempt: string;
  readonly vertices: Readonly<Record<VertexId, VertexReadout>>;
  readonly sources: Readonly<Record<VertexId, SourceReadout>>;
  /** Sources whose pending records are not believed, and until when; how a source reports outlives an attempt. */
  readonly doubted?: Readonly<Record<VertexId, Instant>> | undefined;
}

export interface Collected {
  readonly baseline: Baseline;
  readonly observation: Observation;
}

/** What tells attempts apart: counters of different attempts must never be subtracted from each other. */
function attemptOf(readout: JobReadout): string {
  const shape = readout.graph.vertices.map((v) => `${v.id}=${v.parallelism}`).join(",");
  return `${readout.flinkJobId}@${readout.runningSince}/${shape}`;
}

/**
 * Turns one readout into meaning, by differences to `baseline` on the task's own clock
 * (Δ(busy + idle + back-pressured) / parallelism). A vertex whose task clock did not advance has stale readings
 * and keeps its old baseline; a new attempt or a counter that went back starts over. O(vertices + edges).
 */
export function collect(baseline: Baseline | undefined, readout: JobReadout, job: JobKey): Collected {
  const attempt = attemptOf(readout);
  const same = baseline?.attempt === attempt ? baseline : undefined;
  const vertices: Record<VertexId, VertexObservation> = {};
  const nextVertices: Record<VertexId, VertexReadout> = {};
  const nextSources: Record<VertexId, SourceReadout> = {};
  const doubted: Record<VertexId, Instant> = {};
  for (const vertex of readout.graph.vertices) {
    const now = readout.vertices[vertex.id];
    if (now === undefined) continue;
    const before = same?.vertices[vertex.id];
    const difference = differenceOf(before, now, vertex.parallelism);
    nextVertices[vertex.id] = nextBaseline(difference, before, now);
    const hottest = hottestOf(difference, before, now, vertex.parallelism);
    const observation = { ...observeVertex(now, difference, vertex.parallelism), hottest };
    vertices[vertex.id] = observation;
    const source = isSource(readout.graph, vertex.id) ? readout.sources[vertex.id] : undefined;
    if (source === undefined) continue;
    const earlier = same?.sources[vertex.id];
    const was = earlier === undefined ? undefined : asVertex(earlier);
    const ofSource = differenceOf(was, asVertex(source), vertex.parallelism);
    nextSources[vertex.id] = nextBaseline(ofSource, earlier, source);
    const until = fellImpossibly(earlier, source, ofSource)
      ? readout.at + DOUBT_MS
      : (baseline?.doubted?.[vertex.id] ?? Number.NEGATIVE_INFINITY);
    if (until > readout.at) doubted[vertex.id] = until;
    const seen = observeSource(observation, earlier, source, ofSource, vertex.parallelism);
    vertices[vertex.id] = withPending(seen, until > readout.at);
  }
  const edges = readout.graph.edges.map((e) => observeEdge(readout, e));
  return {
    baseline: { attempt, vertices: nextVertices, sources: nextSources, doubted },
    observation: {
      job,
      flinkJobId: readout.flinkJobId,
      at: readout.at,
      state: readout.state,
      runningSince: readout.runningSince,
      adaptive: readout.adaptive,
      graph: readout.graph,
      vertices,
      edges,
      slotsTotal: readout.slotsTotal,
      slotsFree: readout.slotsFree,
      requirements: readout.requirements,
      pressure: readout.pressure,
      checkpoints: readout.checkpoints,
      backlog: backlogOf(readout.graph, vertices, edges),
    },
  };
}

function observeVertex(now: VertexReadout, d: Difference, parallelism: number): VertexObservation {
  const shared = {
    parallelism,
    pendingRecords: now.pendingRecords,
    pendingGrowth: STALE,
    sourcePartitions: now.sourcePartitions,
    hottestBusyShare: combine([now.hottestBusyMsPerSecond], (v) => v / 1_000),
  };
  if (d.kind !== "advanced") {
    const why: Reading = clockMissing(now) ?? STALE;
    const none = { taskMs: why, inRate: why, outRate: why, busyShare: why, idleShare: why };
    return { ...shared, ...none, backPressuredShare: why, costMs: why, readRecords: why };
  }
  const total = d.taskMs * parallelism;
  const perSecond = (records: Reading) => combine([records], (n) => (n / d.taskMs) * 1_000);
  return {
    ...shared,
    taskMs: reading(d.taskMs),
    inRate: perSecond(d.read),
    outRate: perSecond(d.written),
    busyShare: reading(d.busy / total),
    // Idle time booked late, which is what made busy time fall, may exceed the interval.
    idleShare: reading(Math.min(1, d.idle / total)),
    backPressuredShare: reading(d.backPressured / total),
    costMs: combine([d.read], (n) => (n > 0 ? d.busy / n : Number.NaN)),
    readRecords: d.read,
  };
}

/** A missing task clock is a fact of its own (absent or NaN) and must not pass for a stale one. */
function clockMissing(now: VertexReadout): Reading | undefined {
  return [now.busyMs, now.idleMs, now.backPressuredMs].find((r) => r.kind === "missing");
}

/** A source's own reply has consumption and pending records of one moment; it rules over the job details. */
function observeSource(
  base: VertexObservation,
  before: SourceReadout | undefined,
  now: SourceReadout,
  d: Difference,
  parallelism: number,
): VertexObservation {
  const seen = observeVertex(asVertex(now), d, parallelism);
  const pending = { pendingRecords: now.pendingRecords };
  if (d.kind !== "advanced" || before === undefined) {
    return { ...base, ...pending, taskMs: seen.taskMs, inRate: seen.inRate, costMs: seen.costMs };
  }
  return {
    ...base,
    ...pending,
    taskMs: seen.taskMs,
    inRate: seen.inRate,
    busyShare: seen.busyShare,
    idleShare: seen.idleShare,
    backPressuredShare: seen.backPressuredShare,
    costMs: seen.costMs,
    readRecords: seen.readRecords,
    pendingGrowth: combine(
      [now.pendingRecords, before.pendingRecords],
      (a, b) => ((a - b) / d.taskMs) * 1_000,
    ),
  };
}

function asVertex(s: SourceReadout): VertexReadout {
  return {
    readRecords: s.consumedRecords,
    writeRecords: NOT_A_NUMBER,
    busyMs: s.busyMs,
    idleMs: s.idleMs,
    backPressuredMs: s.backPressuredMs,
    pendingRecords: s.pendingRecords,
    sourcePartitions: NOT_A_NUMBER,
    hottestBusyMsPerSecond: NOT_A_NUMBER,
  };
}

/**
 * In flight = written upstream − read downstream, where one output meets one input; never below 0. What is broadcast is
 * written once and read by every subtask.
 */
function observeEdge(readout: JobReadout, { from, to, ship }: Edge): EdgeObservation {
  const single = outputsOf(readout.graph, from).length === 1 && inputsOf(readout.graph, to).length === 1;
  const up = readout.vertices[from]?.writeRecords;
  const down = readout.vertices[to]?.readRecords;
  if (!single || up === undefined || down === undefined) return { from, to, inFlight: reading(undefined) };
  const copies = ship === "BROADCAST" ? (parallelismOf(readout.graph)[to] ?? 1) : 1;
  return { from, to, inFlight: combine([up, down], (a, b) => Math.max(0, a - b / copies)) };
}

/** Pending at every source + in flight where it can be told (a lower bound where an edge cannot). */
function backlogOf(
  graph: Graph,
  vertices: Readonly<Record<VertexId, VertexObservation>>,
  edges: readonly EdgeObservation[],
): Reading {
  const absent = reading(undefined);
  const pending = graph.vertices
    .filter((v) => isSource(graph, v.id))
    .map((v) => vertices[v.id]?.pendingRecords ?? absent);
  const inFlight = edges.map((e) => e.inFlight).filter((r) => r.kind === "value");
  return combine([...pending, ...inFlight], (...parts) => parts.reduce((a, b) => a + b, 0));
}

/** How long ago the newest completed checkpoint ended, by the JobManager's clock. */
export function checkpointAge(checkpoints: CheckpointReadout | undefined, now: number): Reading {
  return checkpoints === undefined
    ? reading(undefined)
    : combine([checkpoints.latestCompletedAt], (at) => now - at);
}
