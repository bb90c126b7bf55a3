import { type Graph, inputsOf, outputsOf, topologicalOrder, type VertexId } from "../../model/index.ts";

/** A vertex as the autoscaler looks at it. */
export interface FlinkVertex {
  readonly id: VertexId;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly slotSharingGroup: string | null;
  /** How each input ships its records: `HASH`, `FORWARD`, `REBALANCE`… */
  readonly inputs: Readonly<Record<VertexId, string>>;
  readonly outputs: Readonly<Record<VertexId, string>>;
  /** Partitions that a source reads; 0: unknown. */
  readonly partitions: number;
  /** All its subtasks have finished: it counts no longer. */
  readonly finished: boolean;
}

/** Every edge points forward. */
export type FlinkTopology = readonly FlinkVertex[];

const SHIP = new Set(["FORWARD", "HASH", "REBALANCE", "RESCALE", "BROADCAST", "CUSTOM"]);

/** Ship strategies that are not known are `UNKNOWN`, never refused. */
export const shipOf = (text: string): string =>
  SHIP.has(text.toUpperCase()) ? text.toUpperCase() : "UNKNOWN";

/** The graph in the autoscaler's form. `partitions` by source; a source that is absent there has unknown ones. */
export function topologyOf(
  graph: Graph,
  partitions: Readonly<Record<VertexId, number>>,
  finished: ReadonlySet<VertexId> = new Set(),
): FlinkTopology {
  return topologicalOrder(graph).map((v) => ({
    id: v.id,
    parallelism: v.parallelism,
    maxParallelism: v.maxParallelism,
    slotSharingGroup: v.slotSharingGroup === "" ? null : v.slotSharingGroup,
    inputs: Object.fromEntries(inputsOf(graph, v.id).map((e) => [e.from, shipOf(e.ship)])),
    outputs: Object.fromEntries(outputsOf(graph, v.id).map((e) => [e.to, shipOf(e.ship)])),
    partitions: partitions[v.id] ?? 0,
    finished: finished.has(v.id),
  }));
}

export const isFlinkSource = (vertex: FlinkVertex): boolean => Object.keys(vertex.inputs).length === 0;

const KAFKA = /^.*?\.((?:kafkaCluster\..+\.)?KafkaSourceReader\.topic\..+\.partition\.\d+)\.currentOffset$/;
const PULSAR = /^.*?\.PulsarConsumer\.(.+)-partition-(\d+)\..*\.numMsgsReceived$/;

/** Distinct partitions that a source's metric names tell of (Kafka, Pulsar); 0: unknown. */
export function partitionsIn(metricNames: readonly string[]): number {
  const partitions = new Set<string>();
  for (const name of metricNames) {
    const kafka = KAFKA.exec(name)?.[1];
    if (kafka !== undefined) partitions.add(kafka);
    const pulsar = PULSAR.exec(name);
    if (pulsar !== null) partitions.add(`${pulsar[1]}-${pulsar[2]}`);
  }
  return partitions.size;
}

/**
 * The state that counts: RUNNING only while every task runs or has finished, otherwise CREATED. `tasks`: how many are
 * in which state.
 */
export function effectiveStatus(state: string, tasks: Readonly<Record<string, number>>): string {
  if (state !== "RUNNING") return state;
  const count = (name: string): number => tasks[name] ?? tasks[name.toLowerCase()] ?? 0;
  const all = Object.entries(tasks).filter(([name]) => name !== "total");
  const total = tasks["total"] ?? all.reduce((sum, [, n]) => sum + n, 0);
  return count("RUNNING") + count("FINISHED") === total ? "RUNNING" : "CREATED";
}
