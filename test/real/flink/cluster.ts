import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, HopelessError, tailOf, waitFor } from "../support/child.ts";
import { clusterConfig, portsFrom } from "./config.ts";
import { type FlinkVersion, fetchFlink } from "./fetch.ts";
import { jobManagerOptions, taskManagerOptions } from "./java-options.ts";
import { entryPoint, startFlinkProcess, withPlugins } from "./process.ts";
import { flinkRequest, type RunJobOptions, runJob, uploadJar } from "./rest.ts";

/** What cluster to start. */
export interface ClusterOptions {
  readonly version: FlinkVersion;
  /** 1 unless given. */
  readonly taskManagers?: number;
  /** 8 unless given. */
  readonly slotsPerTaskManager?: number;
  /** First of the ports; the cluster takes this one and the next 3 + number of TaskManagers. */
  readonly portBase: number;
  /** Keys added to the configuration of every process; they win. */
  readonly config?: Readonly<Record<string, string>>;
  /** Cores that the TaskManagers share, as `taskset -c` names them (Linux); all of the machine unless given. */
  readonly taskManagerCores?: string;
  /** Plugins besides the Prometheus reporter: each a folder with jars. */
  readonly plugins?: readonly string[];
  /** Folder for logs, state and configuration; without it a temporary one, removed by `stop`. */
  readonly workDir?: string;
}

/** A session cluster of real Flink processes that listens on loopback (but see `reporterUrls`). */
export interface Cluster {
  readonly version: FlinkVersion;
  readonly restUrl: string;
  /** Prometheus pages. Flink has no bind address for them: they listen on all interfaces. */
  readonly reporterUrls: { readonly jobManager: string; readonly taskManagers: readonly string[] };
  readonly workDir: string;
  readonly libDir: string;
  readonly checkpointDir: string;
  readonly savepointDir: string;
  uploadJar(path: string): Promise<string>;
  runJob(options: RunJobOptions): Promise<string>;
  /** A request to the REST interface, path from the root on, reply parsed. */
  request<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Crashes one TaskManager (they count from 0). */
  killTaskManager(index: number): Promise<void>;
  /** Starts one more TaskManager, or a crashed one again, and does not wait for it. */
  startTaskManager(index: number): void;
  /** A TaskManager that lives and answers nobody, until it is thawed. */
  freezeTaskManager(index: number): void;
  thawTaskManager(index: number): void;
  /** Starts a crashed TaskManager again and waits until it has registered. */
  restartTaskManager(index: number): Promise<void>;
  /** Crashes the JobManager; without high availability its jobs are gone. */
  killJobManager(): Promise<void>;
  /** Starts the JobManager again and waits until it answers. */
  restartJobManager(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a cluster (after fetching Flink if need be) and returns once all TaskManagers have registered. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const taskManagerCount = options.taskManagers ?? 1;
  const slotsPerTaskManager = options.slotsPerTaskManager ?? 8;
  const workDir = options.workDir ?? mkdtempSync(join(tmpdir(), "outrider-flink-"));
  for (const name of ["log", "upload", "checkpoints", "savepoints"]) {
    mkdirSync(join(workDir, name), { recursive: true });
  }
  const { version, portBase } = options;
  const flink = withPlugins(await fetchFlink(version), options.plugins ?? [], workDir);
  const config = { ...clusterConfig({ version, portBase, slotsPerTaskManager, workDir }), ...options.config };
  const ports = portsFrom(portBase);
  const restUrl = `http://127.0.0.1:${ports.rest}`;

  const startJobManager = () => {
    const own = { "metrics.reporter.prom.port": `${ports.jobManagerReporter}` };
    return startFlinkProcess(flink, workDir, "jm", jobManagerOptions(version), entryPoint.jobManager, {
      ...config,
      ...own,
    });
  };
  const startTaskManager = (index: number) => {
    const own = {
      "taskmanager.resource-id": `tm-${index}`,
      "metrics.reporter.prom.port": `${ports.taskManagerReporter(index)}`,
    };
    const name = `tm-${index}`;
    return startFlinkProcess(
      flink,
      workDir,
      name,
      taskManagerOptions(version),
      entryPoint.taskManager,
      { ...config, ...own },
      options.taskManagerCores,
    );
  };

  await refuseForeignCluster(restUrl);
  let jobManager = startJobManager();
  const taskManagers = Array.from({ length: taskManagerCount }, (_, index) => startTaskManager(index));
  const stop = async () => {
    await Promise.all([...taskManagers, jobManager].map((child) => child.stop()));
    if (options.workDir === undefined) rmSync(workDir, { recursive: true, force: true });
  };
  const registered = (what: string, atLeast: number, needed: () => readonly Child[]) =>
    waitFor(what, 90_000, async () => {
      for (const child of needed()) failIfEnded(child);
      const overview = await flinkRequest<{ taskmanagers: number }>(restUrl, "GET", "/overview");
      return overview.taskmanagers >= atLeast ? true : undefined;
    });
  try {
    await registered("the cluster to start", taskManagerCount, () => [jobManager, ...taskManagers]);
  } catch (error) {
    const logs = [jobManager, ...taskManagers].map((child) => `--- ${child.name}\n${tailOf(child.logFile)}`);
    await stop();
    throw new Error(`Flink ${version} did not start: ${(error as Error).message}\n${logs.join("\n")}`, {
      cause: error,
    });
  }

  return {
    version,
    restUrl,
    reporterUrls: {
      jobManager: `http://127.0.0.1:${ports.jobManagerReporter}/metrics`,
      taskManagers: taskManagers.map((_, i) => `http://127.0.0.1:${ports.taskManagerReporter(i)}/metrics`),
    },
    workDir,
    libDir: flink.libDir,
    checkpointDir: join(workDir, "checkpoints"),
    savepointDir: join(workDir, "savepoints"),
    uploadJar: (path) => uploadJar(restUrl, path),
    runJob: (job) => runJob(restUrl, job),
    request: (method, path, body) => flinkRequest(restUrl, method, path, body),
    async killTaskManager(index) {
      await taskManagers.at(index)?.kill();
    },
    startTaskManager(index) {
      taskManagers[index] = startTaskManager(index);
    },
    freezeTaskManager: (index) => taskManagers[index]?.freeze(),
    thawTaskManager: (index) => taskManagers[index]?.thaw(),
    async restartTaskManager(index) {
      await taskManagers.at(index)?.kill();
      taskManagers[index] = startTaskManager(index);
      const wanted = taskManagers.filter((child) => child.running()).length;
      await registered(`TaskManager ${index} to come back`, wanted, () =>
        taskManagers.slice(index, index + 1),
      );
    },
    async killJobManager() {
      await jobManager.kill();
    },
    async restartJobManager() {
      await jobManager.kill();
      jobManager = startJobManager();
      await registered("the JobManager to come back", 0, () => [jobManager]);
    },
    stop,
  };
}

function failIfEnded(child: Child): void {
  if (!child.running()) throw new HopelessError(`process ${child.name} ended`);
}

/** A cluster left over on the same port would answer in place of the new one. */
async function refuseForeignCluster(restUrl: string): Promise<void> {
  const answered = await fetch(restUrl, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );
  if (answered) throw new Error(`cannot start Flink: something already listens at ${restUrl}`);
}
