import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildLoadJob } from "../../../engine/load-job/build.ts";
import type { Cluster } from "../flink/cluster.ts";
import { type LoadJob, type LoadJobOptions, startLoadJob } from "../flink/load.ts";
import { waitFor } from "../support/child.ts";
import { cancelJob, takeCheckpoint, takeSavepoint } from "./checkpointing.ts";
import { commonConfiguration, type Flavour } from "./flavours.ts";
import type { SnapshotStore } from "./stores.ts";

/** A snapshot that real Flink wrote, and whose job is over. */
export interface Pressed {
  readonly flavour: Flavour;
  /** As Flink names it: a directory with `_metadata`. */
  readonly pointer: string;
  /** The jobs whose directories hold its files: its own, and the one that it resumed from before that. */
  readonly jobIds: readonly string[];
}

/** How many jobs press at the same time; each takes 2 slots. */
const AT_ONCE = 3;
const PARALLELISM = 2;

/** Makes one snapshot of each flavour. Fails when one cannot be made, after the others have ended. */
export async function press(
  cluster: Cluster,
  store: SnapshotStore,
  flavours: readonly Flavour[],
): Promise<readonly Pressed[]> {
  const jar = join(cluster.workDir, "load-job.jar");
  if (!existsSync(jar)) await buildLoadJob(cluster.libDir, jar);
  const left = [...flavours];
  const pressed: Pressed[] = [];
  const work = async () => {
    for (let flavour = left.shift(); flavour !== undefined; flavour = left.shift()) {
      pressed.push(await pressOne(cluster, store, flavour));
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const failed = ended.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const order = flavours.map((flavour) => flavour.name);
  return pressed.sort((a, b) => order.indexOf(a.flavour.name) - order.indexOf(b.flavour.name));
}

/** Makes one snapshot. */
async function pressOne(cluster: Cluster, store: SnapshotStore, flavour: Flavour): Promise<Pressed> {
  try {
    return flavour.resumed === undefined
      ? await pressFromScratch(cluster, store, flavour)
      : await pressResumed(cluster, store, flavour, flavour.resumed);
  } catch (cause) {
    throw new Error(`Flink ${cluster.version} did not make ${flavour.name}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function pressFromScratch(cluster: Cluster, store: SnapshotStore, flavour: Flavour): Promise<Pressed> {
  const job = await startLoadJob(cluster, jobOptions(store, flavour));
  const pointer = await takeFrom(cluster, store, flavour, job);
  await cancelJob(cluster, job.jobId);
  return { flavour, pointer, jobIds: [job.jobId] };
}

async function pressResumed(
  cluster: Cluster,
  store: SnapshotStore,
  flavour: Flavour,
  claimMode: "CLAIM" | "NO_CLAIM",
): Promise<Pressed> {
  const options = jobOptions(store, flavour);
  const first = await startLoadJob(cluster, options);
  const savepointPath = await takeFrom(cluster, store, flavour, first);
  await cancelJob(cluster, first.jobId);
  const resumed = { ...options, savepointPath, claimMode, continues: first.load };
  const second = await startLoadJob(cluster, resumed);
  const pointer = await takeFrom(cluster, store, { ...flavour, before: 0 }, second);
  await cancelJob(cluster, second.jobId);
  return { flavour, pointer, jobIds: [second.jobId, first.jobId] };
}

/** How the load job is started for a flavour. */
export function jobOptions(store: SnapshotStore, flavour: Flavour): LoadJobOptions {
  const { rate = 1_000, ...args } = { "work-ms": 0, "count-ms": 0, ...flavour.args };
  return {
    rate: Number(rate),
    parallelism: PARALLELISM,
    args: { partitions: 4, keys: 2_000, "max-parallelism": 16, ...args },
    flinkConfiguration: {
      ...commonConfiguration,
      ...(flavour.entropy === true && store.entropyRoot !== undefined
        ? { "execution.checkpointing.dir": store.entropyRoot }
        : {}),
      ...flavour.flinkConfiguration,
    },
  };
}

async function takeFrom(
  cluster: Cluster,
  store: SnapshotStore,
  flavour: Flavour,
  job: LoadJob,
): Promise<string> {
  const { jobId } = job;
  await waitForRecords(cluster, job);
  for (let taken = 0; taken < (flavour.before ?? 0); taken++) {
    await takeCheckpoint(cluster, jobId);
    await waitForRecords(cluster, job);
  }
  await waitForFinishedTasks(cluster, jobId, flavour.finishedTasks ?? 0);
  if (flavour.takes !== "checkpoint") {
    const format = flavour.takes === "savepoint-native" ? "NATIVE" : "CANONICAL";
    return takeSavepoint(cluster, jobId, store.savepointRoot, format);
  }
  return waitFor(`a checkpoint with ${flavour.name} state`, 60_000, async () => {
    const completed = await takeCheckpoint(cluster, jobId);
    return flavour.inFlight !== true || completed.persisted_data > 0 ? completed.external_path : undefined;
  });
}

interface JobDetails {
  readonly vertices: readonly {
    readonly id: string;
    readonly metrics: Readonly<Record<string, number>>;
    readonly tasks: Readonly<Record<string, number>>;
  }[];
}

/** Waits until "count" has read records that it had not read before: without new state no new file is written. */
async function waitForRecords(cluster: Cluster, job: LoadJob): Promise<void> {
  const read = async () => {
    const { vertices } = await cluster.request<JobDetails>("GET", `/jobs/${job.jobId}`);
    return vertices.find(({ id }) => id === job.vertices["count"])?.metrics["read-records"] ?? 0;
  };
  const before = await read();
  await waitFor(`records to reach count in ${job.jobId}`, 30_000, async () =>
    (await read()) > before ? true : undefined,
  );
}

async function waitForFinishedTasks(cluster: Cluster, jobId: string, wanted: number): Promise<void> {
  await waitFor(`${wanted} tasks of ${jobId} to finish`, 30_000, async () => {
    const { vertices } = await cluster.request<JobDetails>("GET", `/jobs/${jobId}`);
    const finished = vertices.reduce((sum, { tasks }) => sum + (tasks["FINISHED"] ?? 0), 0);
    return finished >= wanted ? true : undefined;
  });
}
