import {
  type ClusterReadout,
  Failure,
  type FlinkJobId,
  isTerminal,
  type JobKey,
  parseJobKey,
} from "../../model/index.ts";
import type { Sighting } from "../../recovery/index.ts";
import type { DrivenCluster } from "../cluster.ts";

/** What Flink says of one job id: only its own "not found" means that it does not know it. */
export async function sight(cluster: DrivenCluster, id: FlinkJobId): Promise<Sighting> {
  try {
    return await cluster.eyes.readHealth(id);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.code === "not-found" ? "unknown-to-flink" : "unreachable";
  }
}

/** Live jobs with a name; undefined: the cluster does not answer. */
export async function liveNamesakes(
  cluster: DrivenCluster,
  job: JobKey,
): Promise<readonly FlinkJobId[] | undefined> {
  const listed = await cluster.reader.listJobs().catch(ignoreFailure);
  const name = parseJobKey(job)?.name;
  return listed?.filter((j) => j.name === name && !isTerminal(j.state)).map((j) => j.flinkJobId);
}

/** What the cluster says of itself; undefined where it does not answer. */
export async function clusterOf(cluster: DrivenCluster): Promise<ClusterReadout | undefined> {
  return await cluster.eyes.readCluster().catch(ignoreFailure);
}

function ignoreFailure(error: unknown): undefined {
  if (error instanceof Failure) return undefined;
  throw error;
}
