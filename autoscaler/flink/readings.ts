import {
  type Instant,
  type JobReadout,
  numberOf,
  type Observation,
  type PressureReadout,
  type Reading,
  type VertexId,
  type VertexObservation,
} from "../../model/index.ts";
import { type Aggregate, globalSampleOf } from "./load.ts";
import type { FlinkReadout, FlinkVertexReading } from "./sample-of.ts";
import type { FlinkGlobalSample } from "./samples.ts";
import { topologyOf } from "./topology.ts";

const orNull = (r: Reading | undefined): number | null => numberOf(r) ?? null;

/** The busy gauge is known for the hottest subtask only, which is what MAX asks for; MIN and AVG take the counter. */
const hottest = (msPerSecond: number | null): Aggregate | null =>
  msPerSecond === null ? null : { min: Number.NaN, max: msPerSecond, avg: Number.NaN };

/** A readout in the policy's form: counters as they are, the busy gauge of the hottest subtask where it is known. */
export function flinkReadout(readout: JobReadout): FlinkReadout {
  const vertices: Record<VertexId, FlinkVertexReading> = {};
  const partitions: Record<VertexId, number> = {};
  for (const { id } of readout.graph.vertices) {
    const vertex = readout.vertices[id];
    if (vertex === undefined) continue;
    const source = readout.sources[id];
    partitions[id] = numberOf(vertex.sourcePartitions) ?? 0;
    vertices[id] = {
      recordsIn: orNull(source?.consumedRecords) ?? orNull(vertex.readRecords),
      recordsOut: orNull(vertex.writeRecords),
      busyMs: orNull((source ?? vertex).busyMs),
      backPressuredMs: orNull((source ?? vertex).backPressuredMs),
      pending: orNull(source?.pendingRecords) ?? orNull(vertex.pendingRecords),
      busyGauge: hottest(orNull(vertex.hottestBusyMsPerSecond)),
      inPerSecond: null,
      backPressuredPerSecond: null,
    };
  }
  return {
    at: readout.at,
    runningSince: readout.runningSince,
    running: readout.state === "RUNNING",
    adaptive: readout.adaptive,
    topology: topologyOf(readout.graph, partitions),
    vertices,
    global: globalSample(readout.pressure, readout.slotsTotal, readout.slotsFree),
    requirements: readout.requirements ?? null,
  };
}

function globalSample(
  pressure: PressureReadout | undefined,
  total: Reading,
  free: Reading,
): FlinkGlobalSample {
  const shares = { gcPressure: numberOf(pressure?.gcShare), heapRatio: numberOf(pressure?.heapShare) };
  return { ...globalSampleOf({ slotsTotal: numberOf(total), slotsFree: numberOf(free) }), ...shares };
}

/** Sums of what was observed of an attempt: counters made again out of their differences. */
export interface Totals {
  readonly runningSince: Instant;
  readonly vertices: Readonly<Record<VertexId, VertexTotals>>;
}

interface VertexTotals {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly busyMs: number;
  readonly backPressuredMs: number;
}

const NOTHING: VertexTotals = { recordsIn: 0, recordsOut: 0, busyMs: 0, backPressuredMs: 0 };

/**
 * An observation in the policy's form. Observations hold differences; the totals add them up, from 0 at the first look
 * at an attempt. What a stale reading leaves out is in the next one.
 */
export function observedReadout(
  before: Totals | null,
  observation: Observation,
): { readonly totals: Totals; readonly readout: FlinkReadout } {
  const same = before?.runningSince === observation.runningSince ? before : null;
  const totals: Record<VertexId, VertexTotals> = {};
  const vertices: Record<VertexId, FlinkVertexReading> = {};
  const partitions: Record<VertexId, number> = {};
  for (const { id } of observation.graph.vertices) {
    const vertex = observation.vertices[id];
    if (vertex === undefined) continue;
    const sum = added(same?.vertices[id] ?? NOTHING, vertex);
    totals[id] = sum;
    partitions[id] = numberOf(vertex.sourcePartitions) ?? 0;
    const gauge = numberOf(vertex.hottestBusyShare);
    const clock = vertex.taskMs.kind === "value" || vertex.taskMs.why === "stale";
    vertices[id] = {
      ...sum,
      // A task clock that Flink does not tell is missing busy time, which is not the same as none yet.
      busyMs: clock ? sum.busyMs : null,
      backPressuredMs: clock ? sum.backPressuredMs : null,
      pending: orNull(vertex.pendingRecords),
      busyGauge: hottest(gauge === undefined ? null : gauge * 1_000),
      inPerSecond: null,
      backPressuredPerSecond: null,
    };
  }
  const { at, runningSince, adaptive, state, graph, pressure, slotsTotal, slotsFree, requirements } =
    observation;
  return {
    totals: { runningSince, vertices: totals },
    readout: {
      at,
      runningSince,
      running: state === "RUNNING",
      adaptive,
      topology: topologyOf(graph, partitions),
      vertices,
      global: globalSample(pressure, slotsTotal, slotsFree),
      requirements: requirements ?? null,
    },
  };
}

function added(sum: VertexTotals, vertex: VertexObservation): VertexTotals {
  const taskMs = numberOf(vertex.taskMs) ?? 0;
  const ofTasks = taskMs * vertex.parallelism;
  return {
    recordsIn: sum.recordsIn + (numberOf(vertex.readRecords) ?? 0),
    recordsOut: sum.recordsOut + ((numberOf(vertex.outRate) ?? 0) * taskMs) / 1_000,
    busyMs: sum.busyMs + (numberOf(vertex.busyShare) ?? 0) * ofTasks,
    backPressuredMs: sum.backPressuredMs + (numberOf(vertex.backPressuredShare) ?? 0) * ofTasks,
  };
}
