import type { FlinkJobId, Instant, Milliseconds, VertexId } from "../../model/index.ts";

/**
 * A world, compiled: a cluster, its jobs, their load and what goes wrong, in run-time units (ms, bytes, records).
 * Physics and protocols read it; nothing changes it. World files (YAML) become this in `world-file.ts`.
 */
export interface World {
  /** Virtual time at which the cluster starts; every `at…` of the world counts from here. */
  readonly epoch: Instant;
  readonly seed: number;
  /** Grid of virtual time, one of `TICKS_MS`; 50 without it. Coarser is faster, and rounds pauses up further. */
  readonly tickMs?: Milliseconds | undefined;
  readonly cluster: ClusterPlan;
  readonly jobs: readonly JobPlan[];
  readonly trouble: readonly Trouble[];
}

export interface ClusterPlan {
  /** Such as `2.3.0`; from 2.0 on a rescale waits for the next completed checkpoint. */
  readonly flinkVersion: string;
  readonly scheduler: "adaptive" | "default";
  readonly taskManagers: number;
  readonly slotsPerTaskManager: number;
  readonly coresPerTaskManager: number;
  /** `taskmanager.memory.segment-size`; with the record size it says how many records the network swallows. */
  readonly segmentBytes: number;
  /** `metrics.fetcher.update-interval`. */
  readonly fetcherIntervalMs: Milliseconds;
  /** `web.refresh-interval`: how long `/jobs/:id` and its kin answer from a cached graph. */
  readonly refreshIntervalMs: Milliseconds;
  /** Least time between two rescales (1.20 `scaling-interval.min`, 2.x `cooldown-after-rescaling`). */
  readonly rescaleCooldownMs: Milliseconds;
  /** 2.x `rescale-trigger.max-delay`: how long a wanted rescale waits for a checkpoint. */
  readonly rescaleMaxDelayMs: Milliseconds;
  /** `heartbeat.timeout`: how long a lost TaskManager still counts. */
  readonly heartbeatTimeoutMs: Milliseconds;
  /** Who brings the jobs of a lost JobManager back; `none` without it. */
  readonly highAvailability?: "none" | "zookeeper" | "kubernetes";
  /** Undefined: nothing is ever written to disk. */
  readonly storage?: StoragePlan | undefined;
}

/** Directories as Flink is told them: `file:/var/ckpt`. */
export interface StoragePlan {
  readonly checkpoints: string;
  /** Undefined: who wants a savepoint must say where. */
  readonly savepoints: string | undefined;
}

export interface JobPlan {
  readonly id: FlinkJobId;
  readonly name: string;
  /** Topologically ordered. */
  readonly vertices: readonly VertexPlan[];
  readonly edges: readonly EdgePlan[];
  /** Undefined: the job does not checkpoint, and every restart begins at the start of its sources. */
  readonly checkpoints: CheckpointPlan | undefined;
  readonly restart: RestartPlan;
  /** Main class of its program: who runs a jar with it gets this job. Undefined: none was named. */
  readonly entryClass?: string | undefined;
}

export interface CheckpointPlan {
  readonly intervalMs: Milliseconds;
  readonly timeoutMs: Milliseconds;
  readonly minPauseMs: Milliseconds;
  /** Barriers overtake queued records, which then are part of the snapshot. */
  readonly unaligned: boolean;
  /** Synchronous part at each subtask. */
  readonly syncMs: Milliseconds;
  /** Upload rate of each subtask's state. */
  readonly bytesPerSecond: number;
  readonly kept?: KeptPlan;
}

/** What is kept of checkpoints where the cluster has a storage. */
export interface KeptPlan {
  /** `execution.checkpointing.num-retained`. */
  readonly retained: number;
  /** What becomes of them when the job has ended. */
  readonly retention: "none" | "delete-on-cancel" | "retain";
  /** Checkpoints share files. */
  readonly incremental: boolean;
}

export interface RestartPlan {
  /** Pause of any restart without state, until the job is RUNNING again: cancel and deploy. */
  readonly baseMs: Milliseconds;
  /** From RUNNING until the tasks read: their clocks begin then. */
  readonly startMs: Milliseconds;
  /** Each subtask reads its state back at this rate. */
  readonly bytesPerSecond: number;
  /** After a start every record costs up to `warmUpFactor` times as much, falling to 1 over this long. */
  readonly warmUpMs: Milliseconds;
  readonly warmUpFactor: number;
  /** Undefined: as Flink does by default. */
  readonly strategy?: RestartStrategy | undefined;
}

/** `restart-strategy`; attempts undefined: without end. */
export type RestartStrategy =
  | { readonly kind: "none" }
  | { readonly kind: "fixed-delay"; readonly attempts: number; readonly delayMs: Milliseconds }
  | { readonly kind: "exponential-delay"; readonly attempts?: number | undefined };

export interface VertexPlan {
  readonly id: VertexId;
  /** As Flink shows it, such as `Source: gen`. */
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly slotSharingGroup: string;
  /** Core milliseconds per record: they stretch where a TaskManager is short of cores. */
  readonly cpuMs: number;
  /** Milliseconds per record spent waiting for the outside world; they never stretch. */
  readonly waitMs: number;
  /** Measured capacity at some parallelisms; what a record costs follows from it, `cpuMs : waitMs` says of what kind. */
  readonly capacity?: readonly CapacityPoint[] | undefined;
  /** Standard deviation (of the logarithm) of the cost, drawn anew for every second. */
  readonly noise: number;
  /** The same for the difference between subtasks, drawn once per attempt. */
  readonly subtaskNoise: number;
  /** The same for the capacity of all subtasks together, drawn once per attempt: how far repeats of a run differ. */
  readonly attemptNoise?: number | undefined;
  readonly collapse?: CollapsePlan | undefined;
  readonly busyDemand?: BusyDemandPlan | undefined;
  /** Records per second that the outside takes from all subtasks together; undefined: no limit. */
  readonly cap: number | undefined;
  /** Undefined: every record goes on at once. */
  readonly window: WindowPlan | undefined;
  /** State of the whole vertex. */
  readonly stateBytes: number;
  /** Only sources have it. */
  readonly source: SourcePlan | undefined;
}

/** Records per second that all subtasks together can read at a parallelism, every one of them busy all the time. */
export type CapacityPoint = readonly [parallelism: number, recordsPerSecond: number];

/** Now and then a start goes wrong and stays slow: with this chance the capacity is only `to` (0..1) of what it is. */
export interface CollapsePlan {
  readonly chance: number;
  readonly to: number;
}

/**
 * Busy time that no record causes, as of a timer: so many subtasks' worth of it, spread evenly. Records pass beside it
 * until it is more than there are subtasks; then the vertex reads `recordsPerSecond × parallelism ÷ demand`.
 */
export interface BusyDemandPlan {
  /** Subtasks' worth of busy time, by milliseconds since the epoch. */
  readonly subtasks: LoadCurve;
  readonly recordsPerSecond: number;
}

/** Tumbling panes: what came in during a pane goes out after its end. */
export interface WindowPlan {
  readonly sizeMs: Milliseconds;
  /** One result a key and pane, of so many keys that come at random; undefined: one a record. */
  readonly keys?: number | undefined;
}

export interface SourcePlan {
  readonly partitions: number;
  /** Share of the arrivals of each partition; sums to 1. */
  readonly weights: readonly number[];
  readonly load: LoadCurve;
  /** False: the source does not report `pendingRecords`. */
  readonly reportsPending: boolean;
}

export interface EdgePlan {
  readonly from: VertexId;
  readonly to: VertexId;
  /** BROADCAST: every receiver gets every record. */
  readonly ship: "FORWARD" | "REBALANCE" | "HASH" | "BROADCAST";
  /**
   * Records sent along this edge per record that `from` has done with. Edges of one vertex with the same selectivity
   * carry the same records, which count as written once (as Flink counts); others are outputs of their own.
   */
  readonly selectivity: number;
  readonly recordBytes: number;
  /** HASH only: share of all records that have one hot key, on top of an even spread of the rest. */
  readonly hotShare: number;
}

/** Records per second that arrive, as a function of milliseconds since the world's epoch. */
export interface LoadCurve {
  rateAt(ms: Milliseconds): number;
  /** Records that arrived from the epoch until `ms`: the integral of the rate, never falling. */
  arrivedBy(ms: Milliseconds): number;
}

/** What goes wrong, and when (milliseconds since the epoch). */
export type Trouble = { readonly atMs: Milliseconds } & (
  | {
      readonly kind: "task-manager-lost";
      readonly taskManager: number;
      readonly backAfterMs: Milliseconds | undefined;
    }
  | {
      readonly kind: "job-exception";
      readonly job: string;
      readonly vertex: string;
      readonly exception: string;
      readonly message: string;
      /** No restart strategy is asked: the job has failed for good. */
      readonly terminal?: boolean;
    }
  | {
      readonly kind: "poison-record";
      readonly job: string;
      /** The vertex that throws, and the source whose record it is. */
      readonly vertex: string;
      readonly source: string;
      readonly position: number;
      readonly exception: string;
      readonly message: string;
    }
  | {
      readonly kind: "restart-loop";
      readonly job: string;
      readonly vertex: string;
      readonly everyMs: Milliseconds;
      readonly forMs: Milliseconds;
      readonly exception: string;
      readonly message: string;
    }
  | { readonly kind: "job-manager-lost"; readonly backAfterMs: Milliseconds }
  | { readonly kind: "snapshot-damaged"; readonly job: string; readonly damage: SnapshotDamage }
  | { readonly kind: "storage-down"; readonly forMs: Milliseconds }
  | { readonly kind: "checkpoints-fail"; readonly job: string; readonly forMs: Milliseconds }
  | {
      readonly kind: "sink-slow";
      readonly job: string;
      readonly vertex: string;
      readonly cap: number;
      readonly forMs: Milliseconds;
    }
  | {
      readonly kind: "metrics-missing";
      readonly job: string;
      readonly vertex: string | undefined;
      readonly forMs: Milliseconds;
    }
  | {
      /** Garbage collectors stop the tasks of one TaskManager, or of all. */
      readonly kind: "memory-pressure";
      readonly taskManager: number | undefined;
      /** Share of the time, 0..1 (1 excluded). */
      readonly gcShare: number;
      /** Of the heap, in use after a collection. */
      readonly heapShare: number;
      readonly forMs: Milliseconds;
    }
  | { readonly kind: "rest-slow"; readonly delayMs: Milliseconds; readonly forMs: Milliseconds }
  | { readonly kind: "rest-fails"; readonly status: number; readonly forMs: Milliseconds }
);

/** What can be done to the newest checkpoint of a job. */
export const SNAPSHOT_DAMAGES = [
  "metadata-cut",
  "metadata-missing",
  "file-short",
  "file-missing",
  "shared-file-missing",
] as const;
export type SnapshotDamage = (typeof SNAPSHOT_DAMAGES)[number];

/** Lower and upper parallelism per vertex, as Flink's resource requirements hold them. */
export type Requirements = Readonly<
  Record<VertexId, { readonly lowerBound: number; readonly upperBound: number }>
>;
