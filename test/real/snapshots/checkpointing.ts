import type { Cluster } from "../flink/cluster.ts";
import { waitFor } from "../support/child.ts";

/** What Flink says of the checkpoint or savepoint that it completed last. */
export interface Completed {
  readonly id: number;
  /** As Flink names it: `file:/…/chk-3`, `s3://…`. */
  readonly external_path: string;
  /** Bytes of records in flight that it holds. */
  readonly persisted_data: number;
}

interface Checkpoints {
  readonly latest: {
    readonly completed: Completed | null;
    readonly failed: { readonly id: number; readonly failure_message: string } | null;
    readonly restored: { readonly id: number; readonly external_path: string } | null;
  };
}

interface Triggered {
  readonly status: { readonly id: "IN_PROGRESS" | "COMPLETED" };
  readonly operation?: {
    readonly checkpointId?: number;
    readonly location?: string;
    readonly "failure-cause"?: { readonly "stack-trace"?: string };
  };
}

/**
 * Takes a checkpoint now and returns it once it is complete; fails with Flink's own words. A checkpoint can fail when a
 * task finishes meanwhile: then it takes another one.
 */
export async function takeCheckpoint(cluster: Cluster, jobId: string): Promise<Completed> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryCheckpoint(cluster, jobId);
    if (!("failed" in outcome)) return outcome;
    if (attempt === 3) throw new Error(`Flink ${cluster.version}, checkpoint of ${jobId}: ${outcome.failed}`);
  }
}

async function tryCheckpoint(
  cluster: Cluster,
  jobId: string,
): Promise<Completed | { readonly failed: string }> {
  const operation = await trigger(cluster, jobId, "checkpoints", { checkpointType: "CONFIGURED" });
  const id = operation.checkpointId;
  if (id === undefined) return { failed: wordsOf(operation) };
  return waitFor(`checkpoint ${id} of ${jobId}`, 30_000, async () => {
    const { latest } = await cluster.request<Checkpoints>("GET", `/jobs/${jobId}/checkpoints`);
    if (latest.completed !== null && latest.completed.id >= id) return latest.completed;
    return latest.failed?.id === id ? { failed: latest.failed.failure_message } : undefined;
  });
}

/** Takes a savepoint below `directory` while the job runs on, and returns where it lies. */
export async function takeSavepoint(
  cluster: Cluster,
  jobId: string,
  directory: string,
  formatType: "CANONICAL" | "NATIVE",
): Promise<string> {
  const body = { "target-directory": directory, "cancel-job": false, formatType };
  const { location } = await trigger(cluster, jobId, "savepoints", body);
  if (location === undefined)
    throw new Error(`Flink ${cluster.version} took a savepoint and did not say where`);
  return location;
}

/** What a job resumed from; null when it began without state. */
export async function restoredFrom(
  cluster: Cluster,
  jobId: string,
): Promise<{ readonly id: number; readonly external_path: string } | null> {
  const { latest } = await cluster.request<Checkpoints>("GET", `/jobs/${jobId}/checkpoints`);
  return latest.restored;
}

/** Cancels a job and waits for its end; its newest checkpoint is retained. */
export async function cancelJob(cluster: Cluster, jobId: string): Promise<void> {
  await cluster.request("PATCH", `/jobs/${jobId}?mode=cancel`);
  await waitFor(`job ${jobId} to be cancelled`, 30_000, async () => {
    const { status } = await cluster.request<{ status: string }>("GET", `/jobs/${jobId}/status`);
    return status === "CANCELED" ? true : undefined;
  });
}

async function trigger(
  cluster: Cluster,
  jobId: string,
  what: "checkpoints" | "savepoints",
  body: unknown,
): Promise<NonNullable<Triggered["operation"]>> {
  const path = `/jobs/${jobId}/${what}`;
  const { "request-id": id } = await cluster.request<{ "request-id": string }>("POST", path, body);
  return waitFor(`${what} of ${jobId}`, 60_000, async () => {
    const reply = await cluster.request<Triggered>("GET", `${path}/${id}`);
    return reply.status.id === "COMPLETED" ? (reply.operation ?? {}) : undefined;
  });
}

const wordsOf = (operation: NonNullable<Triggered["operation"]>): string =>
  operation["failure-cause"]?.["stack-trace"]?.slice(0, 1_500) ?? "failed, and Flink does not say why";
