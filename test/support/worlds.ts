import type {
  CheckpointPlan,
  ClusterPlan,
  EdgePlan,
  JobPlan,
  LoadCurve,
  Trouble,
  VertexPlan,
  World,
} from "../../engine/simulated/world.ts";

import type { Instant } from "../../model/index.ts";

/** Worlds for tests, as data: everything has a default, so that a test says only what it is about. */

export const EPOCH = Date.UTC(2026, 10, 21, 12);

/** Records per second by second: `stepLoad([[0, 250], [60, 1500]])`. */
export function stepLoad(steps: readonly (readonly [second: number, rate: number])[]): LoadCurve {
  const rateAt = (ms: number): number => steps.findLast(([from]) => from * 1_000 <= ms)?.[1] ?? 0;
  const arrivedBy = (ms: number): number =>
    steps.reduce((sum, [from, rate], i) => {
      const until = Math.min(ms, (steps[i + 1]?.[0] ?? Number.POSITIVE_INFINITY) * 1_000);
      return sum + (Math.max(0, until - from * 1_000) * rate) / 1_000;
    }, 0);
  return { rateAt, arrivedBy };
}

export function aVertex(id: string, more: Partial<VertexPlan> = {}): VertexPlan {
  return {
    id,
    name: id,
    parallelism: 1,
    maxParallelism: 128,
    slotSharingGroup: "default",
    cpuMs: 0,
    waitMs: 0,
    noise: 0,
    subtaskNoise: 0,
    cap: undefined,
    window: undefined,
    stateBytes: 0,
    source: undefined,
    ...more,
  };
}

export function aSource(
  id: string,
  load: LoadCurve,
  more: Partial<VertexPlan> = {},
  partitions = 24,
): VertexPlan {
  const weights = Array.from({ length: partitions }, () => 1 / partitions);
  return aVertex(id, { source: { partitions, weights, load, reportsPending: true }, ...more });
}

/** `anEdge("gen>work", "HASH")`. */
export function anEdge(
  text: string,
  ship: EdgePlan["ship"] = "REBALANCE",
  more: Partial<EdgePlan> = {},
): EdgePlan {
  const [from = "", to = ""] = text.split(">");
  return { from, to, ship, selectivity: 1, recordBytes: 60, hotShare: 0, ...more };
}

export const CHECKPOINTS: CheckpointPlan = {
  intervalMs: 5_000,
  timeoutMs: 600_000,
  minPauseMs: 0,
  unaligned: false,
  syncMs: 10,
  bytesPerSecond: 1e8,
};

export interface WorldParts {
  readonly vertices: readonly VertexPlan[];
  readonly edges: readonly EdgePlan[];
  readonly cluster?: Partial<ClusterPlan>;
  readonly job?: Partial<JobPlan>;
  readonly trouble?: readonly Trouble[];
  readonly seed?: number;
  readonly tickMs?: number;
  readonly epoch?: Instant;
}

export function aWorld(parts: WorldParts): World {
  return {
    epoch: parts.epoch ?? EPOCH,
    seed: parts.seed ?? 1,
    tickMs: parts.tickMs,
    trouble: parts.trouble ?? [],
    cluster: {
      flinkVersion: "2.3.0",
      scheduler: "adaptive",
      taskManagers: 2,
      slotsPerTaskManager: 16,
      coresPerTaskManager: 16,
      segmentBytes: 4_096,
      fetcherIntervalMs: 2_000,
      refreshIntervalMs: 3_000,
      rescaleCooldownMs: 2_000,
      rescaleMaxDelayMs: 15_000,
      heartbeatTimeoutMs: 50_000,
      ...parts.cluster,
    },
    jobs: [
      {
        id: "1".repeat(32),
        name: "orders",
        vertices: parts.vertices,
        edges: parts.edges,
        checkpoints: CHECKPOINTS,
        restart: { baseMs: 200, startMs: 0, bytesPerSecond: 2e8, warmUpMs: 0, warmUpFactor: 1 },
        ...parts.job,
      },
    ],
  };
}
