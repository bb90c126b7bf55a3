/** The replies of Outrider's API that the console reads: its own shapes; the records are those of `model`. */
import type {
  AnyRecord,
  Attempt,
  Candidate,
  Diagnosis,
  Graph,
  Instant,
  JobKey,
  JobState,
  Mode,
  Outcome,
  Parallelism,
  Pause,
  Permit,
  PermitCode,
} from "../../../model/index.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** How far a job's newest decision has come. */
export interface NewestDecision {
  readonly id: string;
  readonly at: Instant;
  readonly since: Instant;
  readonly times: number;
  readonly acts: boolean;
  readonly permit: PermitCode | null;
  readonly approval: "approved" | "rejected" | null;
  readonly attempt: Attempt["status"] | null;
  readonly outcome: Outcome["verdict"] | null;
}

export interface Job {
  readonly key: JobKey;
  readonly cluster: string;
  readonly flinkJobId: string;
  readonly state: JobState | "UNREACHABLE" | "GONE";
  readonly mode: Mode;
  readonly pause: Pause | null;
  readonly verdict: string;
  readonly sentence: string;
  /** Vertex name → subtasks. */
  readonly parallelism: Parallelism;
  readonly wanted: Parallelism | null;
  readonly lagRecords: number | null;
  readonly decision: string | null;
  readonly lastPassAt: Instant | null;
  /** Null: recovery has not looked at it. */
  readonly diagnosis: Pick<Diagnosis, "kind" | "since" | "sentence"> | null;
  readonly newest: NewestDecision | null;
}

export interface LastSaid {
  readonly at: Instant;
  readonly ok: boolean;
  readonly sentence: string;
}

export interface Cluster {
  readonly name: string;
  readonly url: string;
  readonly flinkVersion: string | null;
  readonly said: LastSaid | null;
}

/** A vertex with its newest numbers; null: not assessed. */
export type TopologyVertex = Graph["vertices"][number] & {
  readonly inRate: number | null;
  readonly outRate: number | null;
  readonly busyShare: number | null;
  readonly backPressuredShare: number | null;
  readonly pendingRecords: number | null;
};

export type TopologyEdge = Graph["edges"][number] & { readonly inFlight: number | null };

export interface Topology {
  readonly job: JobKey;
  readonly at: Instant | null;
  readonly vertices: readonly TopologyVertex[];
  readonly edges: readonly TopologyEdge[];
}

export interface HistoryPoint {
  readonly at: Instant;
  readonly running: boolean;
  readonly backlog: number | null;
  readonly arrivalRate: number | null;
  readonly consumptionRate: number | null;
  readonly busiestShare: number | null;
  /** Vertex name → subtasks; absent: as in the point before. */
  readonly parallelism?: Parallelism;
}

export interface Decision {
  readonly record: AnyRecord;
  readonly permits: readonly Permit[];
  readonly approval: {
    readonly at: Instant;
    readonly by: string;
    readonly verdict: "approved" | "rejected";
    readonly reason: string | null;
  } | null;
  readonly attempts: readonly Attempt[];
  readonly outcome: Outcome | null;
}

/** A snapshot that the job could be restored from. */
export type RestorePoint = Candidate & {
  readonly ageMs: number | null;
  readonly replay: { readonly ms: number } | null;
  /** A restore would take this one now. */
  readonly chosen: boolean;
};

export interface RestorePoints {
  /** Newest first. */
  readonly items: readonly RestorePoint[];
  readonly choice: { readonly snapshot: string | null; readonly sentence: string };
}

export interface Explanation {
  readonly job: JobKey;
  readonly verdict: string;
  readonly sentence: string;
  readonly decision: Decision | null;
  readonly wouldChange: readonly string[];
  readonly said: LastSaid | null;
}
