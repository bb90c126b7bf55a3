/**
 * A real Flink cluster with the load job, to look at by hand:
 *
 *   node test/real/flink/try.ts --version 1.20.5 --rate 250 [--port-base 18100] [--slots 24] [--parallelism 1]
 *
 * Everything after a bare `--` goes to the load job: `-- --work-ms 4 --sink-cap 500`. Ctrl-C ends it all.
 */
import { parseArgs } from "node:util";
import { startCluster } from "./cluster.ts";
import { type FlinkVersion, flinkVersions } from "./fetch.ts";
import { startLoadJob } from "./load.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: "string", default: "1.20.5" },
    "port-base": { type: "string", default: "18100" },
    "task-managers": { type: "string", default: "1" },
    slots: { type: "string", default: "24" },
    parallelism: { type: "string", default: "1" },
    rate: { type: "string", default: "250" },
    "work-dir": { type: "string" },
  },
});

const version = flinkVersions.find((known) => known === values.version) as FlinkVersion | undefined;
if (version === undefined) throw new Error(`--version must be one of ${flinkVersions.join(", ")}`);

const jobArgs: Record<string, string> = {};
for (let i = 0; i + 1 < positionals.length; i += 2) {
  jobArgs[String(positionals[i]).replace(/^--/, "")] = String(positionals[i + 1]);
}

const interrupted = new Promise<void>((resolve) => process.once("SIGINT", () => resolve()));
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`starting Flink ${version}, the first time after a download of about 300 MB`);
const cluster = await startCluster({
  version,
  portBase: Number(values["port-base"]),
  taskManagers: Number(values["task-managers"]),
  slotsPerTaskManager: Number(values.slots),
  ...(values["work-dir"] === undefined ? {} : { workDir: values["work-dir"] }),
});
try {
  const job = await startLoadJob(cluster, {
    rate: Number(values.rate),
    parallelism: Number(values.parallelism),
    args: jobArgs,
  });
  say(`REST and web UI  ${cluster.restUrl}`);
  say(`metrics pages    ${cluster.reporterUrls.jobManager} ${cluster.reporterUrls.taskManagers.join(" ")}`);
  say(`work folder      ${cluster.workDir}`);
  say(`job              ${job.jobId}`);
  say(`change the rate  echo "$(date +%s000) 1500" >> ${job.load.file}`);
  // Something must keep the process alive while nothing happens.
  const keepAlive = setInterval(() => {}, 60_000);
  await interrupted;
  clearInterval(keepAlive);
} finally {
  await cluster.stop();
}
