import type { FlinkTopology } from "./topology.ts";

export interface BufferSettings {
  /** `taskmanager.network.memory.buffers-per-channel`, 2. */
  readonly perChannel: number;
  /** `taskmanager.network.memory.floating-buffers-per-gate`, 8. */
  readonly floating: number;
  /** `taskmanager.memory.segment-size`, 32 KiB. */
  readonly segmentBytes: number;
}

export const DEFAULT_BUFFERS: BufferSettings = { perChannel: 2, floating: 8, segmentBytes: 32_768 };

/** Network segments that a subtask needs on one side of an edge, for `peers` subtasks on the other. */
export function segmentsOfEdge(
  own: number,
  peers: number,
  ship: string,
  { perChannel, floating }: Pick<BufferSettings, "perChannel" | "floating">,
): number {
  if (ship === "FORWARD" && own === peers) return perChannel + floating;
  if (ship === "FORWARD" || ship === "RESCALE") return Math.ceil(peers / own) * perChannel + floating;
  return peers * perChannel + floating;
}

/** Bytes of network memory that a TaskManager with `slots` slots needs: every slot may hold a subtask of each vertex. */
export function networkMemory(
  topology: FlinkTopology,
  parallelism: Readonly<Record<string, number>>,
  slots: number,
  buffers: BufferSettings,
): number {
  const of = (id: string): number => parallelism[id] ?? topology.find((v) => v.id === id)?.parallelism ?? 1;
  let segments = 0;
  for (const vertex of topology) {
    for (const [peer, ship] of [...Object.entries(vertex.inputs), ...Object.entries(vertex.outputs)]) {
      segments += segmentsOfEdge(of(vertex.id), of(peer), ship, buffers);
    }
  }
  return segments * buffers.segmentBytes * slots;
}
