import type { ClusterReadout, HealthReadout, Instant, JobLife, JobState } from "../../model/index.ts";
import type { DiagnosisSettings } from "./settings.ts";
import type { HealthTrail } from "./trail.ts";

/** All that a diagnosis stands on. What could not be had is undefined or null, never a guess. */
export interface DiagnosisQuestion {
  /** By our clock; only compared with `unreachableSince`, `goneSince` and `life`. */
  readonly now: Instant;
  /** What the cluster's list of jobs says. `gone`: it answers and does not list the job. */
  readonly listedState: JobState | "gone" | "unreachable";
  readonly health: HealthReadout | undefined;
  /** With `health` already in it (`keepTrail`). */
  readonly trail: HealthTrail | undefined;
  readonly cluster: ClusterReadout | undefined;
  readonly life: JobLife | undefined;
  readonly unreachableSince: Instant | null;
  readonly goneSince: Instant | null;
  /** Null: nobody said how many there should be. */
  readonly expectedTaskManagers: number | null;
  readonly settings: DiagnosisSettings;
}
