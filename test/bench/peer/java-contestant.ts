import { Failure } from "../../../model/index.ts";
import type { Contestant, ContestSetup, Hand } from "../../../sidecar/whatif/contest.ts";
import type { Peer } from "../../real/java/peer.ts";
import type { Mirror } from "./mirror.ts";
import type { Shadow } from "./shadow.ts";

/** The Java autoscaler, or what stands for it in a test: one pass over the Flink that it was given. */
export type SteppedPeer = Pick<Peer, "pass">;

interface JavaParts {
  readonly name: string;
  readonly peer: SteppedPeer;
  readonly mirror: Mirror;
  readonly shadow: Shadow;
}

/**
 * The Java autoscaler as a contestant. It looks at the mirror over HTTP and rescales there; the same request is then
 * made of the scored simulation, at the same virtual time. A pass in which the library reported an error counts as a
 * failure of the run.
 */
export function javaContestant(parts: JavaParts, setup: ContestSetup, hand: Hand): Contestant {
  const { name, peer, mirror, shadow } = parts;
  return {
    name,
    passMs: setup.passMs,
    async pass(readout, _cpu, now) {
      mirror.advanceTo(now);
      const { puts, errors } = await peer.pass(now);
      for (const put of puts) hand.put(put.parallelism);
      shadow.note(readout, puts.at(-1)?.parallelism, now);
      const [error] = errors;
      if (error !== undefined)
        throw new Failure("bad-reply", `${name}: a pass failed: ${error.reason}: ${error.message}`);
      return undefined;
    },
  };
}
