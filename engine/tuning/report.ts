import type {
  FlinkJobId,
  Graph,
  Instant,
  JobKey,
  JobState,
  Milliseconds,
  VertexId,
} from "../../model/index.ts";

/** One part of a report: what Flink answered, or why there is no answer. Unread is never healthy. */
export type Part<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unread"; readonly why: string };

export const read = <T>(value: T): Part<T> => ({ kind: "read", value });
export const unread = (why: string): Part<never> => ({ kind: "unread", why });

/** Applies `f` to what was read. */
export function mapPart<A, B>(part: Part<A>, f: (value: A) => B): Part<B> {
  return part.kind === "read" ? read(f(part.value)) : part;
}

/** Both, or why the first missing one is missing. */
export function both<A, B>(a: Part<A>, b: Part<B>): Part<readonly [A, B]> {
  if (a.kind === "unread") return a;
  return b.kind === "unread" ? b : read([a.value, b.value] as const);
}

/** Everything that one pass of `doctor` saw of one cluster. Plain data: rules need nothing else. */
export interface ClusterReport {
  readonly at: Instant;
  readonly capabilities: Part<Capabilities>;
  /** Keys of the cluster configuration; values that Flink holds to be secret come masked. */
  readonly config: Part<Readonly<Record<string, string>>>;
  readonly slots: Part<{ readonly total: number; readonly free: number }>;
  readonly taskManagers: Part<readonly TaskManagerReport[]>;
  readonly jobs: Part<readonly JobReport[]>;
}

export interface Capabilities {
  readonly version: string;
  /** `features.web-rescale`: the adaptive scheduler is on, and not in reactive mode. */
  readonly rescaleInPlace: boolean;
  /** How long Flink may answer from its cache of the job graph. */
  readonly refreshIntervalMs: Milliseconds;
}

export interface TaskManagerReport {
  readonly id: string;
  readonly slots: number;
  readonly freeSlots: number;
  readonly heap: Part<{ readonly used: number; readonly max: number }>;
  /** Milliseconds of garbage collection per second. */
  readonly gcMsPerSecond: Part<number>;
}

export interface JobReport {
  readonly key: JobKey;
  readonly flinkJobId: FlinkJobId;
  readonly name: string;
  readonly state: JobState;
  readonly startTime: Instant;
  readonly endTime: Instant | undefined;
  readonly details: Part<JobDetails>;
  readonly checkpointing: Part<Checkpointing>;
  readonly checkpoints: Part<Checkpoints>;
  readonly exceptions: Part<readonly JobException[]>;
  /** Flink's `numRestarts`; with the adaptive scheduler rescales count too. */
  readonly restarts: Part<number>;
  /** Flink's own words for the job's restart strategy. */
  readonly restartStrategy: Part<string>;
  readonly vertices: Part<readonly VertexReport[]>;
}

export interface JobDetails {
  /** Flink's clock when it answered; ages are counted by it. */
  readonly now: Instant;
  readonly runningSince: Instant;
  readonly batch: boolean;
  readonly scheduler: string | undefined;
  readonly graph: Graph;
}

/** `off` where no periodic checkpoint is ever taken. */
export type Checkpointing =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      readonly intervalMs: Milliseconds;
      readonly timeoutMs: Milliseconds;
      readonly minPauseMs: Milliseconds;
      readonly externalized: boolean;
      readonly deletedOnCancel: boolean;
      readonly stateBackend: string;
      readonly storage: string;
    };

export interface Checkpoints {
  readonly completed: number;
  readonly failed: number;
  readonly latestCompleted: CompletedCheckpoint | undefined;
  readonly restoredAt: Instant | undefined;
  /** Newest first; savepoints left out. */
  readonly history: readonly EndedCheckpoint[];
}

export interface CompletedCheckpoint {
  readonly id: number;
  readonly at: Instant;
  readonly durationMs: Milliseconds;
  readonly stateBytes: number;
}

export interface EndedCheckpoint {
  readonly id: number;
  readonly status: "COMPLETED" | "FAILED";
  readonly at: Instant;
  readonly message: string | undefined;
}

export interface JobException {
  readonly at: Instant;
  /** The innermost cause, on one line. */
  readonly line: string;
}

export interface VertexReport {
  readonly id: VertexId;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly source: boolean;
  /** Records handled by each subtask since its start, from counters; at a source what it sent. */
  readonly records: Part<readonly number[]>;
  /** Shares 0..1 of the last minute, from gauges. */
  readonly pressure: Part<readonly Pressure[]>;
  /** The newest watermark of each subtask: read from operators' output at sources, elsewhere from the input. */
  readonly watermarks: Part<readonly Watermark[]>;
  /** Whether a source says how much is left to read; unread at any other vertex. */
  readonly reportsPending: Part<boolean>;
}

export interface Pressure {
  readonly busy: number;
  readonly idle: number;
  readonly backPressured: number;
}

/** `none`: no watermark has come yet. `end`: the input is finished. */
export type Watermark = { readonly kind: "at"; readonly at: Instant } | { readonly kind: "none" | "end" };
