import type { FlinkJobId, JobReadout, ListedJob } from "../model/index.ts";

/** Where readouts come from. Both methods throw a `Failure` that says what, which, got, expected. */
export interface JobReader {
  /** All jobs that the cluster still knows, terminal ones included. An empty list means: none. */
  listJobs(): Promise<readonly ListedJob[]>;
  /** One consistent look: graph and counters of one attempt. What could not be read is a missing reading. */
  readJob(flinkJobId: FlinkJobId): Promise<JobReadout>;
}
