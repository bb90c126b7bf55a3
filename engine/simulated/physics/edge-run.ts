import type { EdgePlan } from "../world.ts";
import type { VertexRun } from "./vertex-run.ts";

/** Flink's defaults: `buffers-per-channel` and `floating-buffers-per-gate`. */
const EXCLUSIVE_BUFFERS = 2;
const FLOATING_BUFFERS = 8;

/** One edge during one attempt: a finite queue before every receiving subtask. Records are fractions. */
export class EdgeRun {
  readonly plan: EdgePlan;
  readonly from: VertexRun;
  readonly to: VertexRun;
  readonly queue: Float64Array;
  /** Records that fit before one receiver: (2 × senders + 8) buffers of one segment. */
  readonly capacity: number;
  /** What part of all records goes to each receiver; undefined for FORWARD, where subtask i feeds subtask i. */
  readonly share: Float64Array | undefined;
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
    const senders = plan.ship === "FORWARD" ? 1 : from.parallelism;
    const perSegment = Math.max(1, segmentBytes / plan.recordBytes);
    this.capacity = (EXCLUSIVE_BUFFERS * senders + FLOATING_BUFFERS) * perSegment;
    this.share = sharesOf(plan, to.parallelism, to.plan.maxParallelism);
  }
}

/**
 * Each receiver's share. HASH spreads over key groups, and a subtask has whole key groups: 128 over 100 subtasks
 * gives some of them two (the staircase ⌈key groups ÷ parallelism⌉). `hotShare` sits in one key group.
 */
export function sharesOf(plan: EdgePlan, parallelism: number, keyGroups: number): Float64Array | undefined {
  if (plan.ship === "FORWARD") return undefined;
  if (plan.ship === "REBALANCE") return new Float64Array(parallelism).fill(1 / parallelism);
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
