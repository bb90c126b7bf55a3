import type { Instant, JobState } from "../../../model/index.ts";
import type { JobView } from "../view.ts";
import { majorOf } from "./flink-version.ts";
import type { MetricValue } from "./vertex-shape.ts";

/** Before the first checkpoint. */
const NONE = -1;

const STATE_TIMES: readonly (readonly [string, JobState])[] = [
  ["initializingTime", "INITIALIZING"],
  ["createdTime", "CREATED"],
  ["runningTime", "RUNNING"],
  ["restartingTime", "RESTARTING"],
  ["cancellingTime", "CANCELLING"],
  ["failingTime", "FAILING"],
];

/** What the JobManager itself says of one job (`/jobs/:id/metrics`, `flink_jobmanager_job_…`). */
export function jobMetricsOf(job: JobView, flinkVersion: string, now: Instant): Map<string, MetricValue> {
  const { checkpoints } = job;
  const last = checkpoints.latestCompleted;
  const inState = (state: JobState): number =>
    job.state === state ? Math.max(0, now - (job.timestamps[state] ?? now)) : 0;
  const since2 = majorOf(flinkVersion) >= 2;
  return new Map<string, MetricValue>([
    ...STATE_TIMES.map(([name, state]): [string, MetricValue] => [name, inState(state)]),
    ["deployingTime", 0],
    ["uptime", inState("RUNNING")],
    ["downtime", job.state === "RUNNING" ? 0 : Math.max(0, now - (job.timestamps.RUNNING ?? now))],
    ["numRestarts", job.restarts],
    ["numberOfCompletedCheckpoints", checkpoints.completed],
    ["numberOfFailedCheckpoints", checkpoints.failed],
    ["numberOfInProgressCheckpoints", checkpoints.inProgress],
    ["totalNumberOfCheckpoints", checkpoints.triggered],
    ["lastCheckpointDuration", last?.durationMs ?? NONE],
    ["lastCheckpointSize", last?.stateBytes ?? NONE],
    ["lastCheckpointFullSize", last?.stateBytes ?? NONE],
    ["lastCheckpointProcessedData", last === undefined ? NONE : 0],
    ["lastCheckpointPersistedData", last === undefined ? NONE : 0],
    ["lastCheckpointExternalPath", last?.path ?? "n/a"],
    ["lastCompletedCheckpointId", last?.id ?? NONE],
    ["lastCheckpointRestoreTimestamp", checkpoints.restored?.at ?? NONE],
    ...(since2 ? ofVersion2(job) : [["fullRestarts", job.restarts] as [string, MetricValue]]),
  ]);
}

/** Size of a `_metadata` file of a small job. */
const METADATA_BYTES = 4_295;

function ofVersion2(job: JobView): [string, MetricValue][] {
  const last = job.checkpoints.latestCompleted;
  return [
    ["numRescales", job.rescales],
    ["lastCheckpointCompletedTimestamp", last?.endedAt ?? NONE],
    ["lastCheckpointMetadataSize", last === undefined ? NONE : METADATA_BYTES],
    ["allSubTasksRunningOrFinishedTime", job.timestamps.RUNNING ?? 0],
  ];
}
