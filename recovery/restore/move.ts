import type {
  ClusterReadout,
  FlinkJobId,
  HealthReadout,
  Instant,
  Milliseconds,
  RestoreStep,
  SnapshotReport,
} from "../../model/index.ts";

/** What Flink says of one Flink job id: how it fares, that there is no such job, or nothing at all. */
export type Sighting = HealthReadout | "unknown-to-flink" | "unreachable";

/** What is seen of the world when the next step of a restore is chosen; read anew for every choice. */
export interface RestoreView {
  /** The life that is to be replaced or ended. */
  readonly old: Sighting;
  /** The life that the restore begins, by its deterministic id. */
  readonly next: Sighting;
  readonly cluster: ClusterReadout | undefined;
  /** Of the plan's snapshot, verified for this restore: kept by whoever performs it until the restore ends. */
  readonly snapshot: SnapshotReport | undefined;
  /**
   * When the JobManager was last seen to answer after a silence, as another process (`jobManagerProcess`) or without
   * a job that it had; by our clock, kept across restarts of Outrider. Null: never since the job was first seen.
   */
  readonly answeredAgainAt: Instant | null;
  /** The JobManager process that answers now is the one that was asked to run the job; absent: not known. */
  readonly sameJobManager?: boolean;
  /** When the newest snapshot of the old Flink job id was written, where its directory was listed since. */
  readonly oldWroteAt?: Instant | null;
}

/** Body of `POST /jars/:id/run`. */
export interface RunRequest {
  readonly jobId: FlinkJobId;
  readonly entryClass?: string;
  readonly programArgsList?: readonly string[];
  readonly parallelism?: number;
  readonly savepointPath?: string;
  readonly claimMode?: "NO_CLAIM";
  /** What `claimMode` was called before Flink 1.20. */
  readonly restoreMode?: "NO_CLAIM";
  readonly allowNonRestoredState: false;
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
}

/** What is done next. `escalate`: it takes too long; tell a person, once. */
export type RestoreMove =
  | {
      readonly kind: "wait";
      readonly step: RestoreStep;
      readonly sentence: string;
      /** When the answer may change by itself; null: when something is seen to change. */
      readonly until: Instant | null;
      readonly escalate: boolean;
    }
  | { readonly kind: "do"; readonly step: "cancel"; readonly flinkJobId: FlinkJobId }
  | { readonly kind: "do"; readonly step: "verify"; readonly path: string }
  | { readonly kind: "do"; readonly step: "upload-jar"; readonly file: string }
  | { readonly kind: "do"; readonly step: "run"; readonly jar: string; readonly body: RunRequest }
  | {
      readonly kind: "end";
      readonly verdict: "reached" | "not-reached" | "superseded";
      readonly sentence: string;
      /** From the fault until each step was through: `detect`, `choose`, `dead`, `running`, `checkpoint`. */
      readonly timings: Readonly<Record<string, Milliseconds>>;
      readonly newFlinkJobId: FlinkJobId | null;
    };
