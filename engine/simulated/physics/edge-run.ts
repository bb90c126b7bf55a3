import type { EdgePlan } from "../world.ts";
import type { VertexRun } from "./vertex-run.ts";

/** Flink's defaults: `buffers-per-channel` and `floating-buffers-per-gate`, at the sender and at the receiver. */
const EXCLUSIVE_BUFFERS = 2;
const FLOATING_BUFFERS = 8;
/** `max-buffers-per-channel`: what one receiver can take of a sender's pool. */
const MOST_PER_CHANNEL = 10;
/** Receivers whose share comes this near to the largest fill up with it. */
const AS_HOT = 0.95;

/** One edge during one attempt: a finite queue before every receiving subtask. Records are fractions. */
export class EdgeRun {
  readonly plan: EdgePlan;
  readonly from: VertexRun;
  readonly to: VertexRun;
  readonly queue: Float64Array;
  /** Records that fit before one receiver. */
  readonly capacity: number;
  /**
   * What part of all records goes to each receiver; undefined for FORWARD, where subtask i feeds subtask i. BROADCAST:
   * 1 for each of them.
   */
  readonly share: Float64Array | undefined;
  /** Times that one record is sent: once, but for BROADCAST. */
  readonly copies: number;
  /**
   * While an aligned barrier waits: records before it, for each receiver. Under 0: what was read behind it in the
   * tick in which it passed.
   */
  beforeBarrier: Float64Array | undefined;
  /** Scratch of one tick: what could come in at most, and with it what could be read at most. */
  readonly offered: Float64Array;
  readonly readable: Float64Array;
  /** All records sent and taken since the attempt began: `written − read` is in the queues. */
  written = 0;
  read = 0;

  constructor(plan: EdgePlan, from: VertexRun, to: VertexRun, segmentBytes: number) {
    this.plan = plan;
    this.from = from;
    this.to = to;
    this.queue = new Float64Array(to.parallelism);
    this.offered = new Float64Array(to.parallelism);
    this.readable = new Float64Array(to.parallelism);
    // FORWARD needs equal ends; where a rescale made them unequal Flink deals the records out in turn.
    const ship = plan.ship === "FORWARD" && from.parallelism !== to.parallelism ? "REBALANCE" : plan.ship;
    this.share = sharesOf({ ...plan, ship }, to.parallelism, to.plan.maxParallelism);
    const segments = segmentsPerReceiver(ship, from, to, hotReceivers(this.share));
    this.capacity = segments * Math.max(1, segmentBytes / plan.recordBytes);
    this.copies = ship === "BROADCAST" ? to.parallelism : 1;
  }

  /** What part of the records in all queues is before receiver `t`. */
  partAt(t: number): number {
    return this.share === undefined ? 1 / this.queue.length : (this.share[t] ?? 0) / this.copies;
  }
}

/**
 * Buffers before one receiver. Every sender has a pool of 2 × receivers + 8 for all its receivers together; a
 * receiver adds 2 × senders + 8 of its own for what comes from another TaskManager (inside one it reads the
 * sender's). One source before five subtasks in the same TaskManager: 18 buffers for all, 3.6 each. Where a few
 * receivers get more than the others only theirs fill up: one hot subtask of five has 10 of the 18.
 */
function segmentsPerReceiver(ship: EdgePlan["ship"], from: VertexRun, to: VertexRun, hot: number): number {
  const forward = ship === "FORWARD";
  const senders = forward ? 1 : from.parallelism;
  const receivers = forward ? 1 : to.parallelism;
  const pool = EXCLUSIVE_BUFFERS * receivers + FLOATING_BUFFERS;
  const sent = senders * Math.min(MOST_PER_CHANNEL, pool / hot);
  return sent + remoteShare(forward, from, to) * (EXCLUSIVE_BUFFERS * senders + FLOATING_BUFFERS);
}

/** How many receivers have as good as the largest share. */
function hotReceivers(share: Float64Array | undefined): number {
  if (share === undefined) return 1;
  const most = Math.max(...share);
  return share.filter((one) => one >= most * AS_HOT).length;
}

/** What part of the channels leads to another TaskManager. */
function remoteShare(forward: boolean, from: VertexRun, to: VertexRun): number {
  if (forward) {
    const remote = to.taskManagers.filter((tm, i) => tm !== from.taskManagers[i]).length;
    return remote / to.parallelism;
  }
  const senders = new Map<number, number>();
  for (const tm of from.taskManagers) senders.set(tm, (senders.get(tm) ?? 0) + 1);
  const local = to.taskManagers.reduce((sum, tm) => sum + (senders.get(tm) ?? 0), 0);
  return 1 - local / (from.parallelism * to.parallelism);
}

/**
 * Each receiver's share. HASH spreads over key groups, and a subtask has whole key groups: 128 over 100 subtasks
 * gives some of them two (the staircase ⌈key groups ÷ parallelism⌉). `hotShare` sits in one key group.
 */
export function sharesOf(
  plan: Pick<EdgePlan, "ship" | "hotShare">,
  parallelism: number,
  keyGroups: number,
): Float64Array | undefined {
  if (plan.ship === "FORWARD") return undefined;
  if (plan.ship === "REBALANCE") return new Float64Array(parallelism).fill(1 / parallelism);
  if (plan.ship === "BROADCAST") return new Float64Array(parallelism).fill(1);
  const shares = new Float64Array(parallelism);
  const each = (1 - plan.hotShare) / keyGroups;
  // `KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup`.
  const ownerOf = (group: number): number => Math.floor((group * parallelism) / keyGroups);
  for (let group = 0; group < keyGroups; group++) {
    shares[ownerOf(group)] = (shares[ownerOf(group)] ?? 0) + each;
  }
  const hot = ownerOf(Math.floor(keyGroups / 2));
  shares[hot] = (shares[hot] ?? 0) + plan.hotShare;
  return shares;
}
