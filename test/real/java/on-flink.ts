import { type Cluster, startCluster } from "../flink/cluster.ts";
import type { FlinkVersion } from "../flink/fetch.ts";
import { startLoadJob } from "../flink/load.ts";
import { flinkRequest } from "../flink/rest.ts";
import type { StepTarget } from "./step.ts";

/** A target that must be stopped. */
export interface StoppableTarget extends StepTarget {
  stop(): Promise<void>;
}

/** Starts real Flink (3 TaskManagers with 8 slots) and the load job at 100 records/s. */
export async function startFlinkTarget(version: FlinkVersion, portBase: number): Promise<StoppableTarget> {
  const cluster = await startCluster({ version, portBase, taskManagers: 3, slotsPerTaskManager: 8 });
  try {
    return await targetOn(cluster);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function targetOn(cluster: Cluster): Promise<StoppableTarget> {
  const job = await startLoadJob(cluster, { rate: 100, args: { "work-ms": 2, "count-ms": 1 } });
  const { restUrl } = cluster;
  return {
    name: `Flink ${cluster.version}`,
    restUrl,
    vertices: job.vertices,
    setRate: (recordsPerSecond) => job.load.setRate(recordsPerSecond),
    ...readOver(restUrl, job.jobId, job.vertices["gen"] ?? ""),
    now: () => Date.now(),
    stop: () => cluster.stop(),
  };
}

/** What the ride reads of a job over REST; undefined while Flink does not answer, as during a rescale. */
export function readOver(restUrl: string, jobId: string, sourceId: string) {
  return {
    async pendingOf(): Promise<number | undefined> {
      const path = `/jobs/${jobId}/vertices/${sourceId}/subtasks/metrics?get=Source__gen.pendingRecords&agg=sum`;
      const reply = await flinkRequest<{ sum: number }[]>(restUrl, "GET", path).catch(() => undefined);
      return reply?.[0]?.sum;
    },
    async parallelismOf(): Promise<Readonly<Record<string, number>> | undefined> {
      const reply = await flinkRequest<{ vertices: { id: string; parallelism: number }[] }>(
        restUrl,
        "GET",
        `/jobs/${jobId}`,
      ).catch(() => undefined);
      return reply && Object.fromEntries(reply.vertices.map((vertex) => [vertex.id, vertex.parallelism]));
    },
  };
}
