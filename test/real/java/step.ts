import { setTimeout as sleep } from "node:timers/promises";
import { type Peer, startPeer } from "./peer.ts";

/**
 * A Flink, real or simulated, that runs the load job with work 2 ms and count 1 ms, every vertex at parallelism 1.
 * What the ride needs to know of it beside its REST address.
 */
export interface StepTarget {
  /** What the report calls it, for example `Flink 1.20.5`. */
  readonly name: string;
  readonly restUrl: string;
  /** Vertex ids by short name: gen, work, count, drop. */
  readonly vertices: Readonly<Record<string, string>>;
  setRate(recordsPerSecond: number): Promise<void> | void;
  /** Records that wait in the source; undefined when the target cannot tell at the moment. */
  pendingOf(): Promise<number | undefined>;
  /** Parallelism of every vertex by id, as it runs now; undefined when the target cannot tell. */
  parallelismOf(): Promise<Readonly<Record<string, number>> | undefined>;
  /** The target's clock, epoch milliseconds. */
  now(): number;
  /** Lets this much virtual time pass. Without it the target lives in real time and the peer rides live. */
  advance?(ms: number): Promise<void>;
}

/** A load step from 100 to 800 records/s, ridden by the Java peer; at 0.7 it needs work 3 and count 2. */
export interface StepReport {
  readonly flink: string;
  /** The options that were given; the others have the library's defaults. */
  readonly options: Readonly<Record<string, string>>;
  /** Seconds from the step to each PUT, and the parallelism that it asks for. */
  readonly puts: readonly { readonly atS: number; readonly parallelism: Readonly<Record<string, number>> }[];
  /** PUTs before the step: the ride was not steady then, and its figures mean little. */
  readonly putsBefore: number;
  readonly peakPending: number;
  /** Seconds from the step until fewer than 1.5 s of load were pending, null when they never were. */
  readonly backlogGoneS: number | null;
  /**
   * The PUTs until then, and the last parallelism among them: how the load was met. What comes after is the library's
   * own unrest (the busy gauge of 1.20 is a mean over 60 s and still remembers the backlog), and not in every ride.
   */
  readonly stepsToMeet: number | null;
  readonly met: Readonly<Record<string, number>> | null;
  /** Parallelism at the end of the watch, null when the target could not tell. */
  readonly end: Readonly<Record<string, number>> | null;
  readonly errors: readonly string[];
}

const LOW = 100;
const HIGH = 800;
const LOOP_MS = 2_000;
/** Stabilization and window must have passed with the low load. */
const SETTLE_MS = 40_000;

/** Short windows, so that a ride takes minutes; the library's defaults would need an hour. */
export const stepOptions: Readonly<Record<string, string>> = {
  "job.autoscaler.metrics.window": "15s",
  "job.autoscaler.stabilization.interval": "10s",
  "job.autoscaler.target.utilization": "0.7",
  "job.autoscaler.target.utilization.boundary": "0.1",
  "job.autoscaler.catch-up.duration": "1m",
  "job.autoscaler.restart.time": "3s",
  "job.autoscaler.scale-down.interval": "0s",
  "job.autoscaler.scale-down.max-factor": "0.9",
  "job.autoscaler.vertex.max-parallelism": "8",
};

/** Rides the step for `seconds` of the target's time after it (120 unless given). Throws when the peer ends. */
export async function rideStep(target: StepTarget, seconds = 120): Promise<StepReport> {
  await target.setRate(LOW);
  const mode = target.advance === undefined ? "live" : "stepped";
  const peer = await startPeer({ url: target.restUrl, options: stepOptions, mode, loopMs: LOOP_MS });
  try {
    await watch(target, peer, target.now() + SETTLE_MS);
    const stepAt = target.now();
    const putsBefore = peer.puts.length;
    await target.setRate(HIGH);
    const { peak, goneAt } = await watch(target, peer, stepAt + seconds * 1_000);
    const end = await target.parallelismOf();
    const puts = peer.puts.slice(putsBefore).map((put) => ({
      atS: (put.at - stepAt) / 1_000,
      parallelism: byName(target, put.parallelism),
    }));
    const backlogGoneS = goneAt === null ? null : (goneAt - stepAt) / 1_000;
    const toMeet = backlogGoneS === null ? undefined : puts.filter((put) => put.atS <= backlogGoneS);
    return {
      flink: target.name,
      options: stepOptions,
      puts,
      putsBefore,
      peakPending: peak,
      backlogGoneS,
      stepsToMeet: toMeet?.length ?? null,
      met: toMeet?.at(-1)?.parallelism ?? null,
      end: end === undefined ? null : byName(target, end),
      errors: peer.errors.map((error) => `${error.reason}: ${error.message.split("\n")[0]}`),
    };
  } finally {
    await peer.stop();
  }
}

/** Lets time pass until `until` and looks at the pending records: live twice a second, stepped after every pass. */
async function watch(target: StepTarget, peer: Peer, until: number) {
  let peak = 0;
  let goneAt: number | null = null;
  while (target.now() < until) {
    if (peer.ended !== undefined) throw peer.ended;
    if (target.advance === undefined) {
      await sleep(500);
    } else {
      await target.advance(LOOP_MS);
      await peer.pass(target.now());
    }
    const pending = await target.pendingOf();
    if (pending === undefined) continue;
    if (pending > peak) goneAt = null;
    peak = Math.max(peak, pending);
    if (goneAt === null && peak > HIGH * 1.5 && pending < HIGH * 1.5) goneAt = target.now();
  }
  return { peak, goneAt };
}

function byName(target: StepTarget, byId: Readonly<Record<string, number>>): Record<string, number> {
  const named = Object.entries(target.vertices).map(([name, id]) => [name, byId[id]] as const);
  return Object.fromEntries(named.flatMap(([name, p]) => (p === undefined ? [] : [[name, p]])));
}
