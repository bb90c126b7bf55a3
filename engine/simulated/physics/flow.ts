import type { Milliseconds } from "../../../model/index.ts";
import type { EdgeRun } from "./edge-run.ts";
import { passTime, type VertexRun } from "./vertex-run.ts";

/** Ratios nearer to 1 than this are rounding, not blocking. */
const FULL = 1 - 1e-9;

/**
 * Moves records for one tick. Three passes over the graph, so that a short queue limits nothing but what it must:
 * what passes through it within the tick needs no room.
 *
 *  1. forward: what could each subtask read, given its input and its time?
 *  2. backward: what may it read, given the room behind it? A full queue blocks its writers.
 *  3. forward: read, work, write, and account for the time.
 *
 * Cost per tick: O(subtasks + partitions + edges × receivers).
 */
export function flow(
  vertices: readonly VertexRun[],
  dt: Milliseconds,
  stretchOf: (taskManager: number) => number,
  warmUp: number,
  coreMs: Float64Array,
): void {
  for (const vertex of vertices) offer(vertex, dt, stretchOf, warmUp);
  for (let v = vertices.length - 1; v >= 0; v--) {
    const vertex = vertices[v];
    if (vertex !== undefined) hold(vertex);
  }
  for (const vertex of vertices) move(vertex, dt, warmUp, coreMs);
}

function offer(
  vertex: VertexRun,
  dt: Milliseconds,
  stretchOf: (taskManager: number) => number,
  warmUp: number,
): void {
  const { flow, available, costMs, inputs, source } = vertex;
  let total = 0;
  for (let i = 0; i < vertex.parallelism; i++) {
    let input = source === undefined ? 0 : source.pendingOf(i);
    for (const edge of inputs) {
      const readable = readableOf(edge, i);
      edge.readable[i] = readable;
      input += readable;
    }
    const cost = vertex.costOf(i, stretchOf(vertex.taskManagers[i] ?? 0), warmUp);
    available[i] = input;
    costMs[i] = cost;
    const most = cost > 0 ? Math.min(input, dt / cost) : input;
    flow[i] = most;
    total += most;
  }
  const allowed = (vertex.cap * dt) / 1_000;
  vertex.capped = total > allowed;
  if (vertex.capped) for (let i = 0; i < flow.length; i++) flow[i] = ((flow[i] ?? 0) * allowed) / total;
  for (const edge of vertex.outputs) offerAlong(edge, sendable(vertex));
}

/** Behind a barrier that has come a join reads nothing until the barriers of its other inputs have come, too. */
function readableOf(edge: EdgeRun, i: number): number {
  const waiting = (edge.queue[i] ?? 0) + (edge.offered[i] ?? 0);
  const before = edge.to.inputs.length > 1 ? edge.beforeBarrier?.[i] : undefined;
  return before === undefined ? waiting : Math.max(0, Math.min(waiting, before));
}

/** What a subtask sends is what it reads; a window sends what its last panes left. */
const sendable = (vertex: VertexRun): Float64Array =>
  vertex.plan.window === undefined ? vertex.flow : vertex.outbox;

function offerAlong({ offered, share, plan }: EdgeRun, out: Float64Array): void {
  if (share === undefined) {
    for (let i = 0; i < offered.length; i++) offered[i] = (out[i] ?? 0) * plan.selectivity;
    return;
  }
  let total = 0;
  for (let i = 0; i < out.length; i++) total += out[i] ?? 0;
  for (let t = 0; t < offered.length; t++) offered[t] = total * plan.selectivity * (share[t] ?? 0);
}

/** Shrinks a vertex's flow to what every queue behind it can take. */
function hold(vertex: VertexRun): void {
  const { flow, passing } = vertex;
  passing.fill(1);
  for (const edge of vertex.outputs) {
    if (edge.share === undefined) lowerEach(passing, (i) => ratioAt(edge, i));
    else {
      const least = leastRatio(edge);
      if (least < 1) lowerEach(passing, () => least);
    }
  }
  // A window that cannot send all that its last pane left reads nothing.
  const windowed = vertex.plan.window !== undefined;
  for (let i = 0; i < flow.length; i++) {
    const ratio = passing[i] ?? 1;
    if (ratio < 1) flow[i] = windowed ? 0 : (flow[i] ?? 0) * ratio;
  }
}

/** One full receiver blocks every sender: each of them has a record for it sooner or later. */
function leastRatio(edge: EdgeRun): number {
  let least = 1;
  for (let t = 0; t < edge.offered.length; t++) least = Math.min(least, ratioAt(edge, t));
  return least;
}

function lowerEach(values: Float64Array, limit: (i: number) => number): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.min(values[i] ?? 1, limit(i));
}

/** What part of the offered records fits before receiver `t`: its room plus what it takes away in this tick. */
function ratioAt(edge: EdgeRun, t: number): number {
  const offered = edge.offered[t] ?? 0;
  if (offered <= 0) return 1;
  const available = edge.to.available[t] ?? 0;
  const taken = available > 0 ? ((edge.to.flow[t] ?? 0) * (edge.readable[t] ?? 0)) / available : 0;
  const ratio = (edge.capacity - (edge.queue[t] ?? 0) + taken) / offered;
  return ratio >= FULL ? 1 : Math.max(0, ratio);
}

function move(vertex: VertexRun, dt: Milliseconds, warmUp: number, coreMs: Float64Array): void {
  const { flow, costMs } = vertex;
  vertex.ticks += 1;
  for (let i = 0; i < vertex.parallelism; i++) {
    const read = take(vertex, i);
    flow[i] = read;
    vertex.read[i] = (vertex.read[i] ?? 0) + read;
    passTime(vertex, i, dt, read * (costMs[i] ?? 0));
    const tm = vertex.taskManagers[i] ?? 0;
    coreMs[tm] = (coreMs[tm] ?? 0) + read * vertex.cpuOf(i, warmUp);
  }
  for (const edge of vertex.outputs) send(edge, vertex);
  if (vertex.plan.window !== undefined) fillPane(vertex);
}

/** Takes what subtask `i` may read from its partitions or queues, from each its part; how much it was. */
function take(vertex: VertexRun, i: number): number {
  const available = vertex.available[i] ?? 0;
  const want = vertex.flow[i] ?? 0;
  if (available <= 0) return 0;
  if (vertex.source !== undefined) {
    vertex.source.take(i, want, available);
    return want;
  }
  let read = 0;
  for (const edge of vertex.inputs) {
    const queued = edge.queue[i] ?? 0;
    // What really came in may be less than was offered, so the queue is the bound.
    const part = Math.min(queued, (want * (edge.readable[i] ?? 0)) / available);
    edge.queue[i] = queued - part;
    if (edge.beforeBarrier !== undefined) edge.beforeBarrier[i] = (edge.beforeBarrier[i] ?? 0) - part;
    edge.read += part;
    read += part;
  }
  return read;
}

function send(edge: EdgeRun, from: VertexRun): void {
  const { queue, share } = edge;
  const { selectivity } = edge.plan;
  const windowed = from.plan.window !== undefined;
  const out = sendable(from);
  let total = 0;
  for (let i = 0; i < out.length; i++) {
    const sent = (out[i] ?? 0) * selectivity * (windowed ? (from.passing[i] ?? 1) : 1);
    from.written[i] = (from.written[i] ?? 0) + sent;
    total += sent;
    if (share === undefined) queue[i] = (queue[i] ?? 0) + sent;
  }
  edge.written += total;
  if (share === undefined) return;
  for (let t = 0; t < queue.length; t++) queue[t] = (queue[t] ?? 0) + total * (share[t] ?? 0);
}

/** What was read goes into the open pane; what could not be sent of the last ones stays. */
function fillPane({ pane, outbox, passing, flow }: VertexRun): void {
  for (let i = 0; i < pane.length; i++) {
    outbox[i] = (outbox[i] ?? 0) * (1 - (passing[i] ?? 1));
    pane[i] = (pane[i] ?? 0) + (flow[i] ?? 0);
  }
}

/** Ends the open pane of a window: its results wait to be sent. */
export function endPane({ pane, outbox }: VertexRun): void {
  for (let i = 0; i < pane.length; i++) {
    outbox[i] = (outbox[i] ?? 0) + (pane[i] ?? 0);
    pane[i] = 0;
  }
}
