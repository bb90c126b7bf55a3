import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type Cluster, startCluster } from "../flink/cluster.ts";
import type { FlinkVersion } from "../flink/fetch.ts";
import type { Flavour } from "./flavours.ts";
import { type Pressed, press } from "./press.ts";
import { s3Plugin } from "./s3-plugin.ts";
import type { SnapshotStore } from "./stores.ts";

/** What to press, on what, and where the cluster listens. */
export interface PressOptions {
  readonly version: FlinkVersion;
  readonly portBase: number;
  readonly store: SnapshotStore;
  readonly flavours: readonly Flavour[];
  /** Where logs and configuration stay; else a folder that goes when the cluster stops. */
  readonly workDir?: string;
}

/** Snapshots, and the cluster that made most of them, which still runs; whoever asked for it stops it. */
export interface PressedAndCluster {
  readonly pressed: readonly Pressed[];
  readonly cluster: Cluster;
}

/** Starts real Flink, makes a snapshot of each flavour and leaves the cluster running. */
export async function pressAll(options: PressOptions): Promise<PressedAndCluster> {
  const pressed: Pressed[] = [];
  for (const flavour of options.flavours) {
    if (flavour.clusterConfiguration === undefined) continue;
    const own = await startPressCluster(options, flavour.clusterConfiguration);
    try {
      pressed.push(...(await press(own, options.store, [flavour])));
    } finally {
      await own.stop();
    }
  }
  const cluster = await startPressCluster(options, {});
  try {
    const rest = options.flavours.filter((flavour) => flavour.clusterConfiguration === undefined);
    pressed.push(...(await press(cluster, options.store, rest)));
    return { pressed, cluster };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function startPressCluster(
  { version, portBase, store, workDir }: PressOptions,
  config: Readonly<Record<string, string>>,
): Promise<Cluster> {
  return startCluster({
    version,
    portBase,
    slotsPerTaskManager: 16,
    ...(workDir === undefined ? {} : { workDir: mkdtempSync(join(workDir, "flink-")) }),
    plugins: store.name === "s3" ? [await s3Plugin(version)] : [],
    config: {
      // State lies in files however small it is. Flink 1.20 heeds this key only in the configuration of the cluster.
      "execution.checkpointing.data-inline-threshold": "0b",
      "metrics.fetcher.update-interval": "200",
      ...store.clusterConfiguration,
      ...config,
    },
  });
}
