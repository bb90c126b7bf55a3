import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadJobEntryClass } from "../../../engine/load-job/build.ts";
import type { Cluster } from "../flink/cluster.ts";
import { type LoadJob, startLoadJob } from "../flink/load.ts";
import { waitFor } from "../support/child.ts";
import { type RunningOutrider, startOutrider } from "../support/outrider.ts";
import { snapshotsOf } from "./asking.ts";
import { jarOf, PORTS } from "./lab.ts";

/** A drill: real Flink, the load job, and Outrider beside them with nothing but its default recovery settings. */
export interface Drill {
  readonly cluster: Cluster;
  readonly job: LoadJob;
  /** Of the job, as Outrider calls it. */
  readonly key: string;
  readonly outrider: RunningOutrider;
  /** The folder with the `chk-N` of the job's first life, on this machine. */
  readonly checkpointDir: string;
  /** Where each life of the job writes when it processed records. */
  readonly witnessDir: string;
  /** The job fails once, at its next record. */
  failNow(): void;
  /** Ends Outrider and whatever of the job lives. */
  stop(): Promise<void>;
}

export interface DrillOptions {
  /** Also the name of the job: jobs of other drills on the same cluster are none of its business. */
  readonly name: string;
  /** Where Outrider finds Flink; the cluster's own address unless given. */
  readonly url?: string;
  /** Where checkpoints lie on this machine; the cluster's own folder unless given. */
  readonly checkpointRoot?: string;
  /** Arguments of the load job beside its faults. */
  readonly args?: Readonly<Record<string, string | number>>;
  /** Flink configuration of the job alone. */
  readonly configuration?: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  /** Settings of recovery beside `restore`. */
  readonly recovery?: Readonly<Record<string, unknown>>;
  /** Other sections of Outrider's configuration, such as `storage`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Records per second: work at 1 ms each is busy for a quarter of its time. */
export const RATE = 250;
/** Shows that the drills can fail: Outrider looks and does nothing. */
const MODE = process.env["SUBJECT_OFF"] === "1" ? "observe" : "act";

/** Starts the job and Outrider, and waits until Outrider has proven a checkpoint of the running job. */
export async function startDrill(cluster: Cluster, options: DrillOptions): Promise<Drill> {
  const workDir = join(cluster.workDir, options.name);
  const witnessDir = join(workDir, "witness");
  mkdirSync(witnessDir, { recursive: true });
  const faults = join(workDir, "faults.txt");
  const args = {
    "job-name": options.name,
    "work-ms": 1,
    "count-ms": 1,
    "operator-state": "true",
    "fail-at-file": faults,
    "witness-dir": witnessDir,
    ...options.args,
  };
  const { parallelism = 1, configuration = {} } = options;
  const job = await startLoadJob(cluster, {
    rate: RATE,
    parallelism,
    args,
    flinkConfiguration: configuration,
  });
  const restore = {
    jar: jarOf(cluster),
    entryClass: loadJobEntryClass,
    args: [
      "--rate-file",
      job.load.file,
      ...Object.entries(args).flatMap(([key, value]) => [`--${key}`, String(value)]),
    ],
    parallelism,
    configuration,
  };
  const configFile = join(workDir, "outrider.yaml");
  const config = {
    clusters: [{ name: "flink", url: options.url ?? cluster.restUrl }],
    autoscaler: { enabled: false },
    recovery: { ...options.recovery, restore },
    ...options.settings,
  };
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(config, null, 2));
  const key = `flink/default/${options.name}`;
  let outrider: RunningOutrider | undefined;
  const stop = async () => {
    await outrider?.stop();
    await endJobs(cluster, options.name);
  };
  try {
    const started = await startOutrider({
      configFile,
      mode: MODE,
      port: PORTS.outrider,
      workDir,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    outrider = started;
    await waitFor("Outrider to prove a checkpoint of the running job", 90_000, async () => {
      const { items } = await snapshotsOf({ outrider: started, key });
      return items.some((s) => s.state === "verified") ? true : undefined;
    });
    return {
      cluster,
      job,
      key,
      outrider: started,
      checkpointDir: join(options.checkpointRoot ?? cluster.checkpointDir, job.jobId),
      witnessDir,
      failNow: () => writeFileSync(faults, `${Date.now()}\n`, { flag: "a" }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Cancels what lives of a name; a cluster that does not answer has nothing left to be tidied. */
async function endJobs(cluster: Cluster, name: string): Promise<void> {
  const list = () => cluster.request<JobList>("GET", "/jobs/overview").catch(() => ({ jobs: [] }));
  const live = (await list()).jobs.filter((job) => job.name === name && job["end-time"] < 0);
  for (const { jid } of live) await cluster.request("PATCH", `/jobs/${jid}`).catch(() => undefined);
}

interface JobList {
  readonly jobs: readonly { readonly jid: string; readonly name: string; readonly "end-time": number }[];
}
