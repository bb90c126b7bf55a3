import type { Instant, Milliseconds, VertexId } from "../../../model/index.ts";
import type { CheckpointPlan } from "../world.ts";
import type { EdgeRun } from "./edge-run.ts";
import { isStateful, type RestorePoint } from "./restore-point.ts";
import type { VertexRun } from "./vertex-run.ts";

/** One barrier on its way through the graph, and the snapshot that grows with it. */
export interface Barrier extends RestorePoint {
  readonly triggeredAt: Instant;
  readonly vertices: readonly VertexRun[];
  /** Records that a vertex read behind the barrier in the tick in which it passed: a tick is not cut in two. */
  readonly surplus: Map<VertexId, number>;
  readonly passed: Set<VertexId>;
  stateBytes: number;
  /** When the last subtask will have written its state, as far as known. */
  endsAt: Instant;
}

/** Fewer records than this before a barrier are rounding. */
const ROUNDING = 1e-6;

/** A barrier leaves the sources now. */
export function startBarrier(id: number, now: Instant, vertices: readonly VertexRun[]): Barrier {
  const positions = new Map<VertexId, Float64Array>();
  for (const { id: vertex, source } of vertices) {
    if (source !== undefined) positions.set(vertex, source.broker.positions.slice());
  }
  return {
    id,
    positions,
    windows: new Map(),
    inFlight: new Map(),
    processed: new Map(),
    parallelism: new Map(vertices.map((v) => [v.id, v.parallelism])),
    triggeredAt: now,
    vertices,
    surplus: new Map(),
    passed: new Set(),
    stateBytes: 0,
    endsAt: now,
  };
}

/** Nobody waits for it any more. */
export function endBarrier({ vertices }: Barrier): void {
  for (const { inputs } of vertices) for (const edge of inputs) edge.beforeBarrier = undefined;
}

/**
 * An aligned barrier waits behind the records before it; at a join what comes behind it on one edge is not read until
 * the barriers of the others have come, so that a slow input holds a fast one back. The vertex passes it when nothing
 * is left before it. An unaligned one passes at once, and what it overtook is part of the snapshot.
 */
export function carry(barrier: Barrier, vertex: VertexRun, plan: CheckpointPlan, now: Instant): void {
  if (barrier.passed.has(vertex.id)) return;
  const { inputs } = vertex;
  if (!plan.unaligned) for (const edge of inputs) arrive(barrier, edge);
  if (!inputs.every((e) => barrier.passed.has(e.from.id))) return;
  if (inputs.some((e) => e.beforeBarrier?.some((records) => records > ROUNDING) ?? false)) return;
  const surplus = inputs.reduce((n, e) => n + readBehind(e), 0);
  barrier.passed.add(vertex.id);
  for (const edge of inputs) edge.beforeBarrier = undefined;
  let bytes = vertex.plan.stateBytes;
  if (isStateful(vertex.plan)) barrier.processed.set(vertex.id, vertex.processed - surplus);
  if (vertex.plan.window === undefined) {
    barrier.surplus.set(vertex.id, surplus);
  } else {
    const pane = Math.max(0, sum(vertex.pane) - surplus);
    barrier.windows.set(vertex.id, { pane, outbox: sum(vertex.outbox) });
  }
  if (plan.unaligned) {
    for (const edge of inputs) {
      barrier.inFlight.set(edgeKey(edge), sum(edge.queue));
      bytes += sum(edge.queue) * edge.plan.recordBytes;
    }
  }
  barrier.stateBytes += bytes;
  const uploadMs = (bytes / vertex.parallelism / plan.bytesPerSecond) * 1_000;
  barrier.endsAt = Math.max(barrier.endsAt, now + plan.syncMs + uploadMs);
}

/** The sender has passed the barrier: what it sent stands before it, but for what it had read behind it. */
function arrive(barrier: Barrier, edge: EdgeRun): void {
  if (edge.beforeBarrier !== undefined || !barrier.passed.has(edge.from.id)) return;
  const behind = (barrier.surplus.get(edge.from.id) ?? 0) * edge.plan.selectivity * edge.copies;
  edge.beforeBarrier = edge.queue.map((queued, t) => queued - behind * edge.partAt(t));
}

const readBehind = ({ beforeBarrier }: EdgeRun): number =>
  beforeBarrier?.reduce((n, records) => n + Math.max(0, -records), 0) ?? 0;

export const edgeKey = (edge: EdgeRun): string => `${edge.plan.from}>${edge.plan.to}`;

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** Milliseconds that reading the state back takes: subtasks do it side by side. */
export function restoreMs(
  vertices: readonly { readonly stateBytes: number; readonly parallelism: number }[],
  bytesPerSecond: number,
): Milliseconds {
  return Math.max(0, ...vertices.map((v) => (v.stateBytes / v.parallelism / bytesPerSecond) * 1_000));
}
