import type { Milliseconds } from "../../../model/index.ts";
import type { ContestSetup } from "../../../sidecar/whatif/contest.ts";
import { createOutrider } from "../../../sidecar/whatif/outrider.ts";
import { type RunTrace, runContest } from "../../../sidecar/whatif/run.ts";
import { startPeer } from "../../real/java/peer.ts";
import { type Contest, setupOf } from "../autoscaler/contest-row.ts";
import { javaContestant } from "./java-contestant.ts";
import { createMirror } from "./mirror.ts";
import type { PeerPolicy } from "./policies.ts";
import { createShadow, type Shadow } from "./shadow.ts";
import { warmed, wholeRun } from "./warm-up.ts";

/** A run of one policy, warm-up and all. */
export interface Ride {
  readonly trace: RunTrace;
  /** What policy `flink` would have done beside the Java autoscaler; undefined beside Outrider. */
  readonly shadow: Shadow | undefined;
  /** The Java library's options in force that it was given or that matter here, `key=value`. */
  readonly options: readonly string[];
}

/** More than this is a day-long contest. */
const LONG_MS = 3 * 3_600_000;
/** The loop of the library's standalone module. */
const SHORT_PASS_MS: Milliseconds = 10_000;
/** The loop of the Kubernetes operator. */
const LONG_PASS_MS: Milliseconds = 60_000;

export const javaPassMs = (durationMs: Milliseconds): Milliseconds =>
  durationMs > LONG_MS ? LONG_PASS_MS : SHORT_PASS_MS;

/** Runs a policy through the warm-up and the scored time of a contest. */
export async function ride(contest: Contest, policy: PeerPolicy, port: number): Promise<Ride> {
  const { name, kind } = policy;
  const setup = wholeRun(setupOf(warmed(contest), { name, create: createOutrider }));
  if (kind === "java") return rideJava(setup, policy, port, javaPassMs(contest.load.durationMs));
  return { trace: await runContest(setup, createOutrider), shadow: undefined, options: [] };
}

async function rideJava(
  whole: ContestSetup,
  { name, options: own }: PeerPolicy,
  port: number,
  passMs: Milliseconds,
): Promise<Ride> {
  const setup = { ...whole, passMs };
  const options = {
    ...own,
    "job.autoscaler.vertex.min-parallelism": `${setup.minParallelism}`,
    "job.autoscaler.vertex.max-parallelism": `${setup.maxParallelism}`,
  };
  const shadow = createShadow(options, setup.world.epoch);
  const mirror = await createMirror(setup.world, passMs, port);
  try {
    const peer = await startPeer({ url: mirror.restUrl, mode: "stepped", options });
    try {
      const parts = { name, peer, mirror, shadow };
      const trace = await runContest(setup, (s, hand) => javaContestant(parts, s, hand));
      // A peer that has died fails every pass after it: no row of such a run means anything.
      if (peer.ended !== undefined) throw peer.ended;
      const inForce = Object.entries(peer.effectiveOptions).map(([key, value]) => `${key}=${value}`);
      return { trace, shadow, options: inForce };
    } finally {
      await peer.stop();
    }
  } finally {
    await mirror.close();
  }
}
