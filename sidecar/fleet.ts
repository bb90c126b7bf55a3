import type {
  Diagnosis,
  FlinkJobId,
  Graph,
  Instant,
  JobKey,
  JobState,
  Mode,
  Observation,
  Pause,
} from "../model/index.ts";
import type { HistoryPoint } from "./history.ts";
import type { RestorePoint } from "./snapshots/index.ts";

/** Where one job stands now, as every surface shows it. */
export interface JobView {
  readonly key: JobKey;
  readonly cluster: string;
  readonly flinkJobId: FlinkJobId;
  /** Flink's state; `UNREACHABLE` when its cluster does not answer, `GONE` when Flink no longer lists it. */
  readonly state: JobState | "UNREACHABLE" | "GONE";
  readonly mode: Mode;
  readonly pause: Pause | null;
  /** Reason code of the newest decision, or of what keeps us from deciding. */
  readonly verdict: string;
  readonly sentence: string;
  /** Vertex name → subtasks now; two vertices of one name are told apart by the first 8 digits of their id. */
  readonly parallelism: Readonly<Record<string, number>>;
  /** Vertex name → subtasks that the newest decision holds to be right; null while it cannot tell. */
  readonly wanted: Readonly<Record<string, number>> | null;
  /** Records pending at sources and in flight; null when not assessed. */
  readonly lagRecords: number | null;
  /** Records per second that arrive at all sources, whether they are read or not; null when not assessed. */
  readonly arrivalRate: number | null;
  /** Id of the newest decision record. */
  readonly decision: string | null;
  readonly lastPassAt: Instant | null;
  readonly graph: Graph | null;
  /** What is wrong with it, or that it is well; null where recovery has not looked at it. */
  readonly diagnosis: Pick<Diagnosis, "kind" | "since" | "sentence"> | null;
  /** What it could be restored from now; null where no snapshot is known of. */
  readonly restorePoint: RestorePoint | null;
}

/** The last thing that a Flink cluster answered about a job or about itself. */
export interface LastSaid {
  readonly at: Instant;
  readonly ok: boolean;
  readonly sentence: string;
}

export interface ClusterView {
  readonly name: string;
  readonly url: string;
  readonly flinkVersion: string | null;
  readonly said: LastSaid | null;
}

/** What the HTTP API may see of the running process; reads never wait for Flink. */
export interface Fleet {
  clusters(): readonly ClusterView[];
  jobs(): readonly JobView[];
  job(key: JobKey): JobView | undefined;
  observations(key: JobKey): readonly Observation[];
  /** What charts show of a job, oldest first; up to a day, the past coarser. In memory only. */
  history(key: JobKey): readonly HistoryPoint[];
  lastSaid(key: JobKey): LastSaid | undefined;
  /** True once every cluster was asked at least once. */
  ready(): boolean;
}
