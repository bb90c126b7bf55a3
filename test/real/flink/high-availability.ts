import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Child, HopelessError, startChild, tailOf, waitFor } from "../support/child.ts";
import { type Cluster, type ClusterOptions, startCluster } from "./cluster.ts";
import { clusterConfig, portsFrom } from "./config.ts";
import { type FlinkVersion, fetchFlink } from "./fetch.ts";
import { jobManagerOptions } from "./java-options.ts";
import { entryPoint, startFlinkProcess, withPlugins } from "./process.ts";
import { flinkRequest } from "./rest.ts";

export interface HaOptions extends ClusterOptions {
  /** First of the four ports of the second JobManager. */
  readonly standbyPortBase: number;
  readonly zooKeeperPort: number;
}

/** A session cluster with ZooKeeper and two JobManagers; the one of `Cluster` leads until it is killed. */
export interface HaCluster extends Cluster {
  readonly standbyUrl: string;
  /** What Flink keeps for a JobManager to come: names of the files in its storage, without those of blobs. */
  haFiles(): readonly string[];
}

/** Starts ZooKeeper, the cluster, and once that leads the second JobManager. */
export async function startHaCluster(options: HaOptions): Promise<HaCluster> {
  const { version, standbyPortBase, zooKeeperPort } = options;
  const folder = mkdtempSync(join(tmpdir(), "outrider-ha-"));
  const storage = join(folder, "storage");
  mkdirSync(storage);
  const own: Child[] = [];
  const clean = async () => {
    await Promise.all(own.map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    own.push(await startZooKeeper(version, zooKeeperPort, folder));
    const config = { ...options.config, ...haConfig(zooKeeperPort, storage) };
    const cluster = await startCluster({ ...options, config });
    const stop = async () => {
      await cluster.stop();
      await clean();
    };
    try {
      const standby = await startStandby(cluster, { ...options, config }, standbyPortBase);
      own.push(standby);
      const standbyUrl = `http://127.0.0.1:${portsFrom(standbyPortBase).rest}`;
      await waitFor("the second JobManager", 60_000, async () => {
        if (!standby.running()) throw new HopelessError(`it ended: ${tailOf(standby.logFile)}`);
        await flinkRequest(standbyUrl, "GET", "/overview");
        return true;
      });
      return { ...cluster, standbyUrl, haFiles: () => filesIn(storage), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await clean();
    throw error;
  }
}

/** Flink's keys; a leader that is gone is noticed after the session's timeout, by default 60 s. */
function haConfig(zooKeeperPort: number, storage: string): Readonly<Record<string, string>> {
  return {
    "high-availability.type": "zookeeper",
    "high-availability.storageDir": `file://${storage}`,
    "high-availability.zookeeper.quorum": `127.0.0.1:${zooKeeperPort}`,
    "high-availability.cluster-id": "/drill",
    "high-availability.zookeeper.client.session-timeout": "6000",
  };
}

/** The server that lies in Flink's dist jar; no download. */
async function startZooKeeper(version: FlinkVersion, port: number, folder: string): Promise<Child> {
  const { libDir } = await fetchFlink(version);
  const configFile = join(folder, "zoo.cfg");
  const settings = {
    tickTime: 1_000,
    initLimit: 10,
    syncLimit: 5,
    dataDir: join(folder, "zookeeper"),
    clientPort: port,
    clientPortAddress: "127.0.0.1",
    "admin.enableServer": false,
  };
  writeFileSync(
    configFile,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(""),
  );
  const jars = readdirSync(libDir).map((jar) => join(libDir, jar));
  const main = "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer";
  const home = process.env["JAVA_HOME"];
  const child = startChild({
    name: "zookeeper",
    command: home === undefined ? "java" : join(home, "bin", "java"),
    args: ["-Xmx64m", "-cp", jars.join(delimiter), main, "--zkConfigFile", configFile, "--peerId", "1"],
    cwd: folder,
    logFile: join(folder, "zookeeper.log"),
  });
  await waitFor("ZooKeeper", 30_000, async () => {
    if (!child.running()) throw new HopelessError(`it ended: ${tailOf(child.logFile)}`);
    return (await listens(port)) ? true : undefined;
  });
  return child;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function startStandby(cluster: Cluster, options: ClusterOptions, portBase: number): Promise<Child> {
  const { version, slotsPerTaskManager = 8, plugins = [] } = options;
  const { workDir } = cluster;
  const flink = withPlugins(await fetchFlink(version), plugins, workDir);
  const config = {
    ...clusterConfig({ version, portBase, slotsPerTaskManager, workDir }),
    ...options.config,
    "metrics.reporter.prom.port": `${portsFrom(portBase).jobManagerReporter}`,
  };
  return startFlinkProcess(
    flink,
    workDir,
    "jm-standby",
    jobManagerOptions(version),
    entryPoint.jobManager,
    config,
  );
}

/** Folders of jobs and of blobs come and go with them; only what describes a job counts. */
function filesIn(storage: string): readonly string[] {
  return readdirSync(storage, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/blob"))
    .map((entry) => entry.name)
    .sort();
}
