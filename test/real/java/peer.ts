import { spawn } from "node:child_process";
import type { Failure } from "../../../model/index.ts";
import { buildPeer, java, peerEntryClass } from "./build.ts";
import type { PeerError, PeerEvent, PeerOptions, PeerPut } from "./lines.ts";
import { PeerProcess } from "./peer-process.ts";

/** How to start the published autoscaler against one Flink. */
export interface StartPeerOptions {
  /** REST address, `http://HOST:PORT`. */
  readonly url: string;
  /** Options of the library by full key (`job.autoscaler.…`); one that it does not have is refused. */
  readonly options: Readonly<Record<string, string>>;
  /** `live`: passes by the wall clock. `stepped`: a pass only when `pass` is called, at the time given there. */
  readonly mode: "live" | "stepped";
  /** Time between passes in mode `live`, 2,000 ms unless given. */
  readonly loopMs?: number;
}

/** What one pass did. */
export interface PeerPass {
  /** The peer's clock, epoch milliseconds. */
  readonly at: number;
  /** Jobs all of whose tasks ran; others are not judged. */
  readonly jobs: number;
  readonly puts: readonly PeerPut[];
  readonly events: readonly PeerEvent[];
  readonly errors: readonly PeerError[];
}

/** A running Java peer. It ends with this process. */
export interface Peer {
  /** Every option of the library with the value in force, as the peer itself read it. */
  readonly effectiveOptions: PeerOptions;
  /** What happened so far, oldest first. */
  readonly puts: readonly PeerPut[];
  readonly events: readonly PeerEvent[];
  readonly errors: readonly PeerError[];
  readonly passes: number;
  /** Why it is no longer there; undefined while it runs. */
  readonly ended: Failure | undefined;
  /** Makes one pass at this time (epoch ms, never back) in mode `stepped`; one at a time. */
  pass(at: number): Promise<PeerPass>;
  stop(): Promise<void>;
}

/** Builds the peer if need be, starts it and returns once it has told its options. Throws a `Failure`. */
export async function startPeer(options: StartPeerOptions): Promise<Peer> {
  const given = Object.entries(options.options).map(([key, value]) => `${key}=${value}`);
  const own = [`url=${options.url}`, `mode=${options.mode}`, `loop=${options.loopMs ?? 2_000}ms`];
  const classPath = await buildPeer();
  const child = spawn(
    java,
    [
      "-Xmx128m",
      "-XX:+UseSerialGC",
      "-Duser.timezone=UTC",
      "-cp",
      classPath,
      peerEntryClass,
      ...own,
      ...given,
    ],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const peer = new PeerProcess(child, options.mode);
  try {
    await peer.started();
  } catch (error) {
    await peer.stop();
    throw error;
  }
  return peer;
}
