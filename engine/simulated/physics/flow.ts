import type { Milliseconds } from "../../../model/index.ts";
import type { EdgeRun } from "./edge-run.ts";
import type { VertexRun } from "./vertex-run.ts";

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
 * `stretch`: how much longer CPU work takes on each TaskManager. Cost per tick: O(subtasks + partitions + edges × receivers).
 */
export function flow(
  vertices: readonly VertexRun[],
  dt: Milliseconds,
  stretch: Float64Array,
  warmUp: number,
  coreMs: Float64Array,
): void {
  for (const vertex of vertices) offer(vertex, dt, stretch, warmUp);
  for (let v = vertices.length - 1; v >= 0; v--) {
    const vertex = vertices[v];
    if (vertex !== undefined) hold(vertex);
  }
  for (const vertex of vertices) {
    if (vertex.source === undefined) takeQueued(vertex);
    else takePending(vertex);
    work(vertex, dt, warmUp, coreMs);
    for (const edge of vertex.outputs) send(edge, vertex);
    if (vertex.writes > 0) countWritten(vertex);
    if (vertex.plan.window !== undefined) fillPane(vertex);
  }
}

function offer(vertex: VertexRun, dt: Milliseconds, stretch: Float64Array, warmUp: number): void {
  const { flow, available, costMs, noise, taskManagers, source, leastRead } = vertex;
  const { cpuMs, waitMs } = vertex.service;
  const freeMs = dt - vertex.reservedMs;
  if (source === undefined) available.fill(0);
  else source.pending(available);
  for (const edge of vertex.inputs) addReadable(edge, available);
  let total = 0;
  for (let i = 0; i < flow.length; i++) {
    const input = available[i] ?? 0;
    const cost = (cpuMs * (stretch[taskManagers[i] ?? 0] ?? 1) + waitMs) * (noise[i] ?? 1) * warmUp;
    costMs[i] = cost;
    const most = cost > 0 ? Math.min(input, Math.max(freeMs / cost, leastRead)) : input;
    flow[i] = most;
    total += most;
  }
  const allowed = (vertex.cap * dt) / 1_000;
  vertex.capped = total > allowed;
  if (vertex.capped) for (let i = 0; i < flow.length; i++) flow[i] = ((flow[i] ?? 0) * allowed) / total;
  for (const edge of vertex.outputs) offerAlong(edge, sendable(vertex));
}

/** Behind a barrier that has come a join reads nothing until the barriers of its other inputs have come, too. */
function addReadable(
  { queue, offered, readable, beforeBarrier, to }: EdgeRun,
  available: Float64Array,
): void {
  const held = to.inputs.length > 1 ? beforeBarrier : undefined;
  for (let i = 0; i < queue.length; i++) {
    const waiting = (queue[i] ?? 0) + (offered[i] ?? 0);
    const before = held?.[i];
    const can = before === undefined ? waiting : Math.max(0, Math.min(waiting, before));
    readable[i] = can;
    available[i] = (available[i] ?? 0) + can;
  }
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
  let held = false;
  for (const edge of vertex.outputs) held = lower(passing, edge) || held;
  if (!held) return;
  // A window that cannot send all that its last pane left reads nothing.
  const windowed = vertex.plan.window !== undefined;
  for (let i = 0; i < flow.length; i++) {
    const ratio = passing[i] ?? 1;
    if (ratio < 1) flow[i] = windowed ? 0 : (flow[i] ?? 0) * ratio;
  }
}

/**
 * Lowers what part of each sender's output passes to what fits before its receivers; whether anything did not fit.
 * One full receiver blocks every sender: each of them has a record for it sooner or later.
 */
function lower(passing: Float64Array, edge: EdgeRun): boolean {
  const pointwise = edge.share === undefined;
  let least = 1;
  for (let t = 0; t < edge.offered.length; t++) {
    const ratio = ratioAt(edge, t);
    if (ratio >= 1) continue;
    if (pointwise) passing[t] = Math.min(passing[t] ?? 1, ratio);
    least = Math.min(least, ratio);
  }
  if (least < 1 && !pointwise)
    for (let i = 0; i < passing.length; i++) passing[i] = Math.min(passing[i] ?? 1, least);
  return least < 1;
}

/** What part of the offered records fits before receiver `t`: its room plus what it takes away in this tick. */
function ratioAt({ offered, readable, queue, capacity, to }: EdgeRun, t: number): number {
  const sent = offered[t] ?? 0;
  const all = to.available[t] ?? 0;
  const taken = all > 0 ? ((to.flow[t] ?? 0) * (readable[t] ?? 0)) / all : 0;
  const room = capacity - (queue[t] ?? 0) + taken;
  return room >= sent * FULL ? 1 : Math.max(0, room / sent);
}

/** Takes what each subtask may read from its partitions, from each its part. */
function takePending({ source, flow, available, read }: VertexRun): void {
  for (let i = 0; i < flow.length; i++) {
    const pending = available[i] ?? 0;
    const want = pending > 0 ? (flow[i] ?? 0) : 0;
    if (want > 0) source?.take(i, want, pending);
    flow[i] = want;
    read[i] = (read[i] ?? 0) + want;
  }
}

/** Takes what each subtask may read from its queues, from each its part. */
function takeQueued({ inputs, flow, available, read, wanted }: VertexRun): void {
  for (let i = 0; i < flow.length; i++) {
    const all = available[i] ?? 0;
    // Of everything readable this part.
    wanted[i] = all > 0 ? (flow[i] ?? 0) / all : 0;
  }
  flow.fill(0);
  for (const edge of inputs) takeAlong(edge, wanted, flow);
  for (let i = 0; i < flow.length; i++) read[i] = (read[i] ?? 0) + (flow[i] ?? 0);
}

/** Adds to `flow` what is taken. What came in may be less than was offered, so the queue is the bound. */
function takeAlong(edge: EdgeRun, wanted: Float64Array, flow: Float64Array): void {
  const { queue, readable, beforeBarrier } = edge;
  let sum = 0;
  for (let i = 0; i < flow.length; i++) {
    const queued = queue[i] ?? 0;
    const part = Math.min(queued, (wanted[i] ?? 0) * (readable[i] ?? 0));
    queue[i] = queued - part;
    if (beforeBarrier !== undefined) beforeBarrier[i] = (beforeBarrier[i] ?? 0) - part;
    flow[i] = (flow[i] ?? 0) + part;
    sum += part;
  }
  edge.read += sum;
}

/** Accounts for the time of a tick; busy + idle + back-pressured grow by exactly `dt`. */
function work(vertex: VertexRun, dt: Milliseconds, warmUp: number, coreMs: Float64Array): void {
  const { flow, costMs, noise, taskManagers, reservedMs } = vertex;
  const { cpuMs } = vertex.service;
  vertex.ticks += 1;
  for (let i = 0; i < flow.length; i++) {
    const read = flow[i] ?? 0;
    passTime(vertex, i, dt, read * (costMs[i] ?? 0) + reservedMs);
    const tm = taskManagers[i] ?? 0;
    coreMs[tm] = (coreMs[tm] ?? 0) + read * cpuMs * (noise[i] ?? 1) * warmUp;
  }
}

function passTime(vertex: VertexRun, i: number, dt: Milliseconds, serviceMs: number): void {
  const { busyMs, idleMs, backPressuredMs } = vertex;
  const busy = Math.min(dt, serviceMs);
  if ((vertex.passing[i] ?? 1) < 1) {
    busyMs[i] = (busyMs[i] ?? 0) + busy;
    backPressuredMs[i] = (backPressuredMs[i] ?? 0) + dt - busy;
  } else if (vertex.capped) {
    // A call to the outside that does not return is busy time: Flink cannot tell it from work.
    busyMs[i] = (busyMs[i] ?? 0) + dt;
  } else {
    busyMs[i] = (busyMs[i] ?? 0) + busy;
    idleMs[i] = (idleMs[i] ?? 0) + dt - busy;
  }
}

function send(edge: EdgeRun, from: VertexRun): void {
  const { queue, share } = edge;
  const { selectivity } = edge.plan;
  const windowed = from.plan.window !== undefined;
  const out = sendable(from);
  let total = 0;
  for (let i = 0; i < out.length; i++) {
    const sent = (out[i] ?? 0) * selectivity * (windowed ? (from.passing[i] ?? 1) : 1);
    total += sent;
    if (share === undefined) queue[i] = (queue[i] ?? 0) + sent;
  }
  edge.written += total * edge.copies;
  if (share === undefined) return;
  for (let t = 0; t < queue.length; t++) queue[t] = (queue[t] ?? 0) + total * (share[t] ?? 0);
}

/** A record counts as written once, to however many outputs it goes. */
function countWritten(vertex: VertexRun): void {
  const { written, writes, passing } = vertex;
  const out = sendable(vertex);
  const windowed = vertex.plan.window !== undefined;
  for (let i = 0; i < out.length; i++)
    written[i] = (written[i] ?? 0) + (out[i] ?? 0) * writes * (windowed ? (passing[i] ?? 1) : 1);
}

/** What was read goes into the open pane; what could not be sent of the last ones stays. */
function fillPane({ pane, outbox, passing, flow }: VertexRun): void {
  for (let i = 0; i < pane.length; i++) {
    outbox[i] = (outbox[i] ?? 0) * (1 - (passing[i] ?? 1));
    pane[i] = (pane[i] ?? 0) + (flow[i] ?? 0);
  }
}

/** Ends the open pane of a window: its results wait to be sent, one a key where keys are counted. */
export function endPane({ pane, outbox, plan }: VertexRun): void {
  const keys = (plan.window?.keys ?? 0) / pane.length;
  for (let i = 0; i < pane.length; i++) {
    const records = pane[i] ?? 0;
    // The mean number of different ones among so many drawn from so many.
    outbox[i] = (outbox[i] ?? 0) + (keys > 0 ? keys * (1 - Math.exp(-records / keys)) : records);
    pane[i] = 0;
  }
}
