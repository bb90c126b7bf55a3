import type { ClusterReadout, FlinkJobId, JobLife, RestoreSpec } from "../../model/index.ts";
import type { RunRequest } from "./move.ts";

/**
 * How the job is submitted. Always NO_CLAIM, so that Flink never deletes the snapshot; state is never skipped; and the
 * job id is ours, so that asking twice starts one copy.
 */
export function runRequest(
  spec: RestoreSpec,
  life: JobLife,
  snapshot: string | null,
  jobId: FlinkJobId,
  cluster: ClusterReadout,
): RunRequest {
  const parallelism = spec.parallelism ?? widest(life);
  return {
    jobId,
    allowNonRestoredState: false,
    ...(spec.entryClass === null ? {} : { entryClass: spec.entryClass }),
    ...(spec.args.length === 0 ? {} : { programArgsList: spec.args }),
    ...(parallelism === null ? {} : { parallelism }),
    ...(snapshot === null ? {} : { savepointPath: snapshot, ...claim(cluster.flinkVersion) }),
    ...(Object.keys(spec.configuration).length === 0 ? {} : { flinkConfiguration: spec.configuration }),
  };
}

/** The parallelism it ran with last: the widest vertex needs as many slots as the job had. */
function widest(life: JobLife): number | null {
  const known = Object.values(life.parallelism);
  return known.length === 0 ? null : Math.max(...known);
}

/** The field has been called `claimMode` since Flink 1.20. */
function claim(flinkVersion: string): Pick<RunRequest, "claimMode" | "restoreMode"> {
  const [major, minor] = flinkVersion.split(".").map(Number);
  const old = major === 1 && (minor ?? 0) < 20;
  return old ? { restoreMode: "NO_CLAIM" } : { claimMode: "NO_CLAIM" };
}

/** Whether Flink refused to run a job because it has had one of this id: a reason to look, not to give up. */
export function isDuplicateSubmission(answer: string): boolean {
  return /already been submitted|DuplicateJobSubmission|globally[- ]terminal/i.test(answer);
}
