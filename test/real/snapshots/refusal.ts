import { join } from "node:path";
import { loadJobEntryClass } from "../../../engine/load-job/build.ts";
import type { Cluster } from "../flink/cluster.ts";
import { waitFor } from "../support/child.ts";
import { cancelJob } from "./checkpointing.ts";
import { jobOptions, type Pressed } from "./press.ts";
import type { SnapshotStore } from "./stores.ts";

interface Exceptions {
  readonly exceptionHistory: { readonly entries: readonly { readonly stacktrace: string }[] };
}

/** Lets Flink restore a snapshot that it cannot restore, and returns the stack trace of why it cannot. */
export async function whyFlinkRefuses(
  cluster: Cluster,
  store: SnapshotStore,
  { flavour, pointer }: Pressed,
): Promise<string> {
  const { args = {}, parallelism = 1, flinkConfiguration = {} } = jobOptions(store, flavour);
  const jobId = await cluster.runJob({
    jarId: await cluster.uploadJar(join(cluster.workDir, "load-job.jar")),
    entryClass: loadJobEntryClass,
    args: Object.entries(args).flatMap(([key, value]) => [`--${key}`, String(value)]),
    parallelism,
    flinkConfiguration,
    savepointPath: pointer,
  });
  try {
    return await waitFor(`Flink to fail with ${pointer}`, 60_000, async () => {
      const { exceptionHistory } = await cluster.request<Exceptions>("GET", `/jobs/${jobId}/exceptions`);
      return exceptionHistory.entries.at(-1)?.stacktrace;
    });
  } finally {
    await cancelJob(cluster, jobId);
  }
}
