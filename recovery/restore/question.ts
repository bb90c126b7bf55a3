import type {
  Candidate,
  ClusterReadout,
  Diagnosis,
  EarlierRestore,
  Instant,
  JobKey,
  JobLife,
  RestoreDecision,
  RestoreInputs,
  RestoreSpec,
} from "../../model/index.ts";
import type { RestoreConfig } from "../settings.ts";

/** Everything that a decision about a job's state is made from. */
export interface RestoreQuestion {
  readonly job: JobKey;
  readonly now: Instant;
  readonly trigger: RestoreDecision["trigger"];
  /** A snapshot that a person named, normalised; it has to be among the candidates too. */
  readonly from: string | null;
  readonly diagnosis: Diagnosis;
  readonly life: JobLife;
  /** In the order of `rankCandidates`. */
  readonly candidates: readonly Candidate[];
  /**
   * The search for candidates was complete: Flink told of them, or every directory where they may lie was read since
   * the job was last seen. A JobManager that vanished may have completed one more than it told of.
   */
  readonly searched: boolean;
  /** Every restore of this job that was begun, superseded ones too, oldest first; the newest 20 are enough. */
  readonly earlier: readonly EarlierRestore[];
  readonly cluster: ClusterReadout | undefined;
  readonly spec: RestoreSpec | null;
  readonly settings: RestoreConfig;
  /** Live (not terminal) jobs with this key, this one included while it lives. */
  readonly namesakes: number;
}

/** Whose decision it is, when, and who asked. */
export interface RestoreSubject {
  readonly job: JobKey;
  readonly at: Instant;
  readonly trigger: RestoreDecision["trigger"];
}

/** What of a question stands in the record, and suffices to decide again. */
export function inputsOf(q: RestoreQuestion): RestoreInputs {
  const name = q.spec === null ? null : jarNameOf(q.spec.jar);
  return {
    diagnosis: q.diagnosis,
    life: q.life,
    candidates: q.candidates,
    searched: q.searched,
    from: q.from,
    namesakes: q.namesakes,
    earlier: q.earlier,
    // What the JobManager of now says; what the lost one said where it does not answer.
    highAvailability: q.cluster?.highAvailability ?? q.life.highAvailability,
    jarKnown: q.cluster?.jars.some((jar) => jar.name === name) ?? false,
    spec: q.spec,
  };
}

/** The name under which Flink lists an uploaded jar: its file name. */
export function jarNameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
