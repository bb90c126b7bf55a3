import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Child, HopelessError, startChild, tailOf, waitFor } from "../support/child.ts";
import { clusterConfig, portsFrom, writeConfigDir } from "./config.ts";
import { type FlinkFiles, type FlinkVersion, fetchFlink } from "./fetch.ts";
import { jobManagerOptions, taskManagerOptions } from "./java-options.ts";
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
  /** Starts a crashed TaskManager again and waits until it has registered. */
  restartTaskManager(index: number): Promise<void>;
  /** Crashes the JobManager; without high availability its jobs are gone. */
  killJobManager(): Promise<void>;
  /** Starts the JobManager again and waits until it answers. */
  restartJobManager(): Promise<void>;
  stop(): Promise<void>;
}

const entryPoint = {
  jobManager: "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
  taskManager: "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
};

/** Starts a cluster (after fetching Flink if need be) and returns once all TaskManagers have registered. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const flink = await fetchFlink(options.version);
  const taskManagerCount = options.taskManagers ?? 1;
  const slotsPerTaskManager = options.slotsPerTaskManager ?? 8;
  const workDir = options.workDir ?? mkdtempSync(join(tmpdir(), "outrider-flink-"));
  for (const name of ["log", "upload", "checkpoints", "savepoints"]) {
    mkdirSync(join(workDir, name), { recursive: true });
  }
  const { version, portBase } = options;
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
    return startFlinkProcess(flink, workDir, name, taskManagerOptions(version), entryPoint.taskManager, {
      ...config,
      ...own,
    });
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

/** Starts one Flink process with its own configuration folder, temporary folder and log file. */
function startFlinkProcess(
  flink: FlinkFiles,
  workDir: string,
  name: string,
  javaOptions: readonly string[],
  mainClass: string,
  config: Readonly<Record<string, string>>,
): Child {
  const temporary = join(workDir, `tmp-${name}`);
  mkdirSync(temporary, { recursive: true });
  const confDir = writeConfigDir(join(workDir, `conf-${name}`), { ...config, "io.tmp.dirs": temporary });
  const jars = readdirSync(flink.libDir).map((jar) => join(flink.libDir, jar));
  const logging = `-Dlog4j.configurationFile=file:${join(confDir, "log4j.properties")}`;
  return startChild({
    name,
    command: process.env["JAVA_HOME"] === undefined ? "java" : join(process.env["JAVA_HOME"], "bin", "java"),
    args: [...javaOptions, logging, "-cp", jars.join(delimiter), mainClass, "-c", confDir],
    env: {
      FLINK_CONF_DIR: confDir,
      FLINK_PLUGINS_DIR: dirname(dirname(flink.pluginJar)),
      FLINK_LIB_DIR: flink.libDir,
    },
    cwd: workDir,
    logFile: join(workDir, "log", `${name}.log`),
  });
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
