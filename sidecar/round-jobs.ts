import { isTerminal, type JobKey, jobKey, type ListedJob } from "../model/index.ts";
import type { DrivenCluster } from "./cluster.ts";

/** A key in a round: its live jobs, else the newest that ended; none where Flink lists none or does not answer. */
export interface RoundJob {
  readonly key: JobKey;
  readonly jobs: readonly ListedJob[];
  readonly answers: boolean;
}

/** Jobs by key; of a key with live jobs only those, of one without only the newest. */
export function groupByKey(
  cluster: DrivenCluster,
  listed: readonly ListedJob[],
): ReadonlyMap<JobKey, readonly ListedJob[]> {
  const groups = new Map<JobKey, ListedJob[]>();
  for (const job of listed.filter((j) => cluster.includes(j.name))) {
    const key = jobKey({ cluster: cluster.name, namespace: cluster.namespace, name: job.name });
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  for (const [key, jobs] of groups) {
    const live = jobs.filter((j) => !isTerminal(j.state));
    const newest = jobs.toSorted((a, b) => b.startTime - a.startTime).slice(0, 1);
    groups.set(key, live.length > 0 ? live : newest);
  }
  return groups;
}
