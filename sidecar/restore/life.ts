import {
  type ClusterReadout,
  type FlinkJobId,
  type Graph,
  type HealthReadout,
  type Instant,
  isTerminal,
  type JobLife,
  type JobState,
  locationText,
  parallelismOf,
  parentOf,
  parseLocation,
} from "../../model/index.ts";

/** One look at a job that Flink lists. */
export interface LifeLook {
  readonly flinkJobId: FlinkJobId;
  readonly state: JobState;
  readonly health: HealthReadout | undefined;
  readonly cluster: ClusterReadout | undefined;
  readonly graph: Graph | undefined;
}

/**
 * What is known of a job's life after another look. What a look does not tell stays as it was, so that a job that is
 * gone can be brought back; another Flink job id is another life, which inherits what belongs to the program.
 */
export function nextLife(before: JobLife | undefined, look: LifeLook, now: Instant): JobLife {
  const same = before?.flinkJobId === look.flinkJobId ? before : undefined;
  return {
    flinkJobId: look.flinkJobId,
    firstSeenAt: same?.firstSeenAt ?? now,
    lastSeenAt: now,
    lastState: look.state,
    checkpointSettings: look.health?.checkpointSettings ?? same?.checkpointSettings ?? null,
    ...programOf(before, look.graph),
    taskManagers: taskManagersOf(same, look),
    highAvailability: look.cluster?.highAvailability ?? same?.highAvailability ?? null,
    checkpointDirectory: checkpointDirectoryOf(look.health) ?? same?.checkpointDirectory ?? null,
  };
}

/** Whether a job has ended as somebody wanted: nothing to restore. */
export const endedOnPurpose = (state: string): boolean => state === "CANCELED" || state === "FINISHED";

function programOf(before: JobLife | undefined, graph: Graph | undefined) {
  if (graph === undefined || graph.vertices.length === 0) {
    return { maxParallelism: before?.maxParallelism ?? {}, parallelism: before?.parallelism ?? {} };
  }
  return {
    maxParallelism: Object.fromEntries(graph.vertices.map((v) => [v.id, v.maxParallelism])),
    parallelism: parallelismOf(graph),
  };
}

/**
 * Those that may hold its tasks. While every task runs they are the registered ones; in between nobody is left out, as
 * one that fell out of the list may go on for a while. Of a job that has ended they are those of its last hour.
 */
function taskManagersOf(same: JobLife | undefined, { state, health, cluster }: LifeLook): readonly string[] {
  const before = same?.taskManagers ?? [];
  if (cluster === undefined || isTerminal(state)) return before;
  const registered = cluster.taskManagers.map((t) => t.id);
  if (health !== undefined && allRun(health)) return registered;
  return [...new Set([...before, ...registered])];
}

/** Every task of it runs. */
export const allRun = (health: HealthReadout): boolean =>
  health.state === "RUNNING" && health.tasksTotal > 0 && health.tasksRunning === health.tasksTotal;

function checkpointDirectoryOf(health: HealthReadout | undefined): string | undefined {
  const newest = health?.snapshots.find((s) => s.kind === "checkpoint" && s.path !== "");
  if (newest === undefined) return undefined;
  try {
    const parent = parentOf(parseLocation(newest.path));
    return parent === undefined ? undefined : locationText(parent);
  } catch {
    // Flink's words for "no place": checkpoints that are not kept outside the JobManager.
    return undefined;
  }
}
