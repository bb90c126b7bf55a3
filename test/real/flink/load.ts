import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildLoadJob, loadJobEntryClass } from "../../../engine/load-job/build.ts";
import { HopelessError, waitFor } from "../support/child.ts";
import type { Cluster } from "./cluster.ts";

/** The rate of a running load job: a file that the job reads again every 250 ms. */
export class LoadRate {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** From now on (or from `atMs` on) this many records per second arrive at the imagined broker. */
  setRate(recordsPerSecond: number, atMs: number = Date.now()): void {
    appendFileSync(this.file, `${atMs} ${recordsPerSecond}\n`);
  }

  /** Records that have arrived at the imagined broker by `atMs`: the integral of the file, as the job computes it. */
  producedBy(atMs: number): number {
    const steps = readFileSync(this.file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" ").map(Number));
    const total = steps.reduce((sum, [from = 0, rate = 0], i) => {
      const to = Math.min(atMs, steps[i + 1]?.[0] ?? atMs);
      return sum + (Math.max(0, to - from) * rate) / 1_000;
    }, 0);
    return Math.floor(total);
  }
}

/** How to start the load job; every argument of its README may stand in `args`, without the dashes. */
export interface LoadJobOptions {
  /** Records per second at the start, 100 unless given. */
  readonly rate?: number;
  /** Parallelism of every vertex at the start, 1 unless given. */
  readonly parallelism?: number;
  readonly args?: Readonly<Record<string, string | number | boolean>>;
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
  readonly savepointPath?: string;
  /** NO_CLAIM unless given. */
  readonly claimMode?: "NO_CLAIM" | "CLAIM";
  /** Continue the load of an earlier job (to resume from its state); else a new rate file is begun. */
  readonly continues?: LoadRate;
}

/** A load job that has reached RUNNING (its finite branch may have FINISHED). */
export interface LoadJob {
  readonly jobId: string;
  readonly load: LoadRate;
  /** Vertex ids by short name: gen, work, count, drop. */
  readonly vertices: Readonly<Record<string, string>>;
}

let rateFiles = 0;

/** Builds the load job if this cluster has none yet, runs it and waits until all its tasks run. */
export async function startLoadJob(cluster: Cluster, options: LoadJobOptions = {}): Promise<LoadJob> {
  const jar = join(cluster.workDir, "load-job.jar");
  if (!existsSync(jar)) await buildLoadJob(cluster.libDir, jar);
  const load =
    options.continues ?? new LoadRate(join(cluster.workDir, `rate-${process.pid}-${rateFiles++}.txt`));
  if (options.continues === undefined || options.rate !== undefined) load.setRate(options.rate ?? 100);
  const given = Object.entries(options.args ?? {}).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const makesItsOwnLoad = options.args?.["mode"] === "load-simulation";
  const jobId = await cluster.runJob({
    jarId: await cluster.uploadJar(jar),
    entryClass: loadJobEntryClass,
    args: makesItsOwnLoad ? given : ["--rate-file", load.file, ...given],
    parallelism: options.parallelism ?? 1,
    ...(options.flinkConfiguration === undefined ? {} : { flinkConfiguration: options.flinkConfiguration }),
    ...(options.savepointPath === undefined ? {} : { savepointPath: options.savepointPath }),
    ...(options.claimMode === undefined ? {} : { claimMode: options.claimMode }),
  });
  return { jobId, load, vertices: await runningVertices(cluster, jobId) };
}

interface JobDetails {
  readonly state: string;
  readonly vertices: readonly { readonly id: string; readonly name: string; readonly status: string }[];
}

async function runningVertices(cluster: Cluster, jobId: string): Promise<Record<string, string>> {
  return waitFor(`job ${jobId} to run`, 60_000, async () => {
    const { state, vertices } = await cluster.request<JobDetails>("GET", `/jobs/${jobId}`);
    if (state === "FAILED") throw new HopelessError(await whyFailed(cluster, jobId));
    const up = ({ status }: { readonly status: string }) => status === "RUNNING" || status === "FINISHED";
    if (vertices.length === 0 || !vertices.every(up)) return undefined;
    return Object.fromEntries(vertices.map((vertex) => [shortName(vertex.name), vertex.id]));
  });
}

async function whyFailed(cluster: Cluster, jobId: string): Promise<string> {
  interface Exceptions {
    readonly exceptionHistory: { readonly entries: readonly { readonly stacktrace: string }[] };
  }
  const reply = await cluster.request<Exceptions>("GET", `/jobs/${jobId}/exceptions`);
  return `job ${jobId} FAILED: ${reply.exceptionHistory.entries[0]?.stacktrace ?? "Flink tells no exception"}`;
}

/** "Source: gen" and "drop: Writer" become "gen" and "drop", the uids of the operators. */
function shortName(vertexName: string): string {
  return vertexName.replace(/^Source: /, "").replace(/: Writer$/, "");
}
