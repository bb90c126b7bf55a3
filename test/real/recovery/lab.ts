import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildLoadJob } from "../../../engine/load-job/build.ts";
import { type Cluster, type ClusterOptions, startCluster } from "../flink/cluster.ts";

/** First of the ports of the drills: Flink's, then Outrider's, then what stands between the two. */
export const PORTS = {
  flink: 18_960,
  standby: 18_970,
  s3: 18_980,
  zooKeeper: 18_981,
  front: 18_982,
  outrider: 18_990,
} as const;

export const FULL = process.env["REAL_FULL"] === "1";

/**
 * Heartbeats of the default 50 s would make a lost JobManager cost a minute; with REAL_FULL=1 the defaults are ridden.
 * Outrider is told nothing of it: it reads them from Flink.
 */
export const HEARTBEATS: Readonly<Record<string, string>> = FULL
  ? {}
  : { "heartbeat.interval": "1s", "heartbeat.timeout": "5s" };

/** Flink restarts the job itself, again and again. */
export const LOOPING = {
  "restart-strategy.type": "exponential-delay",
  "restart-strategy.exponential-delay.initial-backoff": "1 s",
  "restart-strategy.exponential-delay.max-backoff": "2 s",
} as const;

/** What every cluster of the drills is set to: three checkpoints stay, and a failed job stays failed. */
export const DRILL_CONFIG: Readonly<Record<string, string>> = {
  "execution.checkpointing.num-retained": "3",
  "execution.checkpointing.interval": "2s",
  // State lies in files however small it is. Flink 1.20 heeds this key only here.
  "execution.checkpointing.data-inline-threshold": "0b",
  "restart-strategy.type": "none",
};

/** A session cluster that drills may be ridden on one after the other. */
export async function startLab(options: Omit<ClusterOptions, "portBase">): Promise<Cluster> {
  const config = { ...DRILL_CONFIG, ...HEARTBEATS, ...options.config };
  return withLoadJob(await startCluster({ ...options, portBase: PORTS.flink, config }));
}

let built: Promise<string> | undefined;

/** Puts the load job's jar where a cluster looks for it: one jar serves every Flink, and is built once. */
export async function withLoadJob<C extends Pick<Cluster, "libDir" | "workDir">>(cluster: C): Promise<C> {
  built ??= buildOnce(cluster.libDir);
  copyFileSync(await built, jarOf(cluster));
  return cluster;
}

async function buildOnce(libDir: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "outrider-drills-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const jar = join(folder, "load-job.jar");
  await buildLoadJob(libDir, jar);
  return jar;
}

export const jarOf = ({ workDir }: Pick<Cluster, "workDir">): string => join(workDir, "load-job.jar");
