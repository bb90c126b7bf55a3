import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../flink/cluster.ts";
import type { Drill } from "./drill.ts";

interface JobReply {
  readonly state: string;
  readonly timestamps: Readonly<Record<string, number>>;
}

/** Flink's own word on a job; undefined when it does not know it or does not answer. */
export async function flinkJob(cluster: Cluster, jobId: string): Promise<JobReply | undefined> {
  return cluster.request<JobReply>("GET", `/jobs/${jobId}`).catch(() => undefined);
}

/** How many records the operator `work` of this life has seen through all restores, by its own state. */
async function recordsEver(cluster: Cluster, jobId: string, work: string): Promise<number | undefined> {
  const path = `/jobs/${jobId}/vertices/${work}/subtasks/metrics?get=work.recordsEver&agg=sum`;
  const reply = await cluster.request<{ sum: number }[]>("GET", path).catch(() => []);
  return reply[0]?.sum;
}

/** Longer than Flink takes to fetch a metric anew (2 s in the lab). */
const FETCHED_MS = 2_500;

/**
 * Stops the load, waits until everything is read, and compares what the job's state counted with what was produced:
 * above 0 records were lost, below 0 some counted twice.
 */
export async function missingRecords(drill: Drill, jobId: string): Promise<number> {
  // A little ahead: the job looks into the rate file each 250 ms and must not have read past the stop.
  const stoppedAt = Date.now() + 500;
  drill.job.load.setRate(0, stoppedAt);
  const produced = drill.job.load.producedBy(stoppedAt);
  const work = drill.job.vertices["work"] ?? "";
  let last = -1;
  let counted = await recordsEver(drill.cluster, jobId, work);
  const deadline = Date.now() + 60_000;
  // It has not settled as long as it grows; a record may stand between two roundings of the load's integral.
  while ((counted === undefined || counted !== last || counted < produced - 1) && Date.now() < deadline) {
    last = counted ?? -1;
    await sleep(FETCHED_MS);
    counted = await recordsEver(drill.cluster, jobId, work);
  }
  if (counted === undefined) throw new Error("the job does not tell how many records it has seen");
  return produced - counted;
}
