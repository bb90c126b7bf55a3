import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../flink/cluster.ts";
import { type LoadJob, type LoadJobOptions, startLoadJob } from "../flink/load.ts";
import { waitFor } from "../support/child.ts";
import { cancelJob, restoredFrom, takeCheckpoint } from "./checkpointing.ts";
import { commonConfiguration, rocksdbIncremental } from "./flavours.ts";
import { rewritten } from "./rewrite.ts";
import type { SnapshotStore } from "./stores.ts";

/** What became of a job that resumed from a checkpoint whose `_metadata` we wrote. */
export interface Restored {
  readonly atCheckpoint: Seen;
  readonly atEnd: Seen;
  readonly pointer: string;
  /** From where Flink says that it restored. */
  readonly restoredFrom: string | undefined;
  /** Whether our bytes are other than Flink's. */
  readonly bytesDiffer: boolean;
}

/** Records, once the load stands still. */
export interface Seen {
  /** Those that the load was made of so far. */
  readonly due: number;
  /** Those that "work" has seen in all its lives, by its own state. */
  readonly ever: number;
  /** Those that it has seen in this life. */
  readonly now: number;
}

const options: LoadJobOptions = {
  rate: 1_000,
  parallelism: 2,
  args: { "work-ms": 0, "count-ms": 0, partitions: 4, "max-parallelism": 16, "operator-state": true },
  flinkConfiguration: { ...commonConfiguration, ...rocksdbIncremental },
};

/**
 * Runs a job, takes a checkpoint of it, writes that checkpoint's `_metadata` anew into a copy of its directory, takes
 * the original away, and resumes from the copy (from nothing when `given` is false).
 */
export async function restoreRewritten(
  cluster: Cluster,
  store: SnapshotStore,
  given: boolean,
): Promise<Restored> {
  const first = await startLoadJob(cluster, options);
  const atCheckpoint = await pause(cluster, first);
  const { external_path: original } = await takeCheckpoint(cluster, first.jobId);
  await cancelJob(cluster, first.jobId);
  const { pointer, bytesDiffer } = copyAnew(store, original);
  const { rate: _, ...again } = { ...options, continues: first.load };
  const second = await startLoadJob(cluster, given ? { ...again, savepointPath: pointer } : again);
  try {
    first.load.setRate(1_000);
    const atEnd = await pause(cluster, second);
    const restored = await restoredFrom(cluster, second.jobId);
    return { atCheckpoint, atEnd, pointer, restoredFrom: restored?.external_path, bytesDiffer };
  } finally {
    await cancelJob(cluster, second.jobId);
  }
}

function copyAnew(
  store: SnapshotStore,
  original: string,
): { readonly pointer: string; readonly bytesDiffer: boolean } {
  const pointer = `${original}-anew`;
  cpSync(store.onDisk(original), store.onDisk(pointer), { recursive: true });
  const metadata = join(store.onDisk(pointer), "_metadata");
  const before = readFileSync(metadata);
  const bytes = rewritten(new Uint8Array(before), pointer);
  writeFileSync(metadata, bytes);
  renameSync(store.onDisk(original), `${store.onDisk(original)}-gone`);
  return { pointer, bytesDiffer: !before.equals(bytes) };
}

/** Lets some records pass, stops the load and waits until all of them are seen, or for a minute. */
async function pause(cluster: Cluster, job: LoadJob): Promise<Seen> {
  const before = (await seen(cluster, job)).now;
  await waitFor("300 records", 60_000, async () =>
    (await seen(cluster, job)).now > before + 300 ? true : undefined,
  );
  // Ahead of time: the job reads its rate four times a second, and would go on with the old one meanwhile.
  const end = Date.now() + 1_000;
  job.load.setRate(0, end);
  const whole = async () => {
    const reading = await seen(cluster, job);
    return Date.now() > end && reading.ever === reading.due ? reading : undefined;
  };
  return waitFor("every record to be seen", 60_000, whole, 500).catch(() => seen(cluster, job));
}

async function seen(cluster: Cluster, { jobId, load, vertices }: LoadJob): Promise<Seen> {
  const work = vertices["work"] ?? "";
  const job = await cluster.request<{ vertices: { id: string; metrics: Record<string, number> }[] }>(
    "GET",
    `/jobs/${jobId}`,
  );
  const path = `/jobs/${jobId}/vertices/${work}/subtasks/metrics?get=work.recordsEver&agg=sum`;
  const [ever] = await cluster.request<{ sum: number }[]>("GET", path);
  const now = job.vertices.find(({ id }) => id === work)?.metrics["read-records"] ?? 0;
  return { due: dueBy(Date.now(), load.file), ever: ever?.sum ?? 0, now };
}

/** The integral of the rate file, which is all that the job's source goes by. */
function dueBy(nowMs: number, rateFile: string): number {
  const lines = readFileSync(rateFile, "utf8").trim().split("\n");
  const rates = lines.map((line) => line.split(" ").map(Number));
  return rates.reduce((sum, [start = 0, rate = 0], i) => {
    const end = Math.min(nowMs, rates[i + 1]?.[0] ?? nowMs);
    return sum + (rate * Math.max(0, end - start)) / 1_000;
  }, 0);
}
