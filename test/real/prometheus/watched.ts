import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startCluster } from "../flink/cluster.ts";
import type { FlinkVersion } from "../flink/fetch.ts";
import { type Child, startChild, tailOf, waitFor } from "../support/child.ts";
import { generateInto } from "./generated.ts";
import { type Prometheus, startPrometheus } from "./server.ts";

const main = join(import.meta.dirname, "../../../sidecar/main.ts");

/** Real Flinks, an Outrider that observes them, and a Prometheus that reads all with what Outrider generated. */
export interface Watched {
  /** By the name that is the label `cluster`, such as `flink-2-3`. */
  readonly clusters: Readonly<Record<string, Cluster>>;
  readonly prometheus: Prometheus;
  /** Job names by cluster, as Outrider's API lists them with their state. */
  jobs(): Promise<readonly { readonly name: string; readonly cluster: string; readonly state: string }[]>;
  stop(): Promise<void>;
}

/** What to watch, and how much shorter all times of rules are. */
export interface WatchedOptions {
  /** First of 40 ports: ten for each cluster, Outrider at 30, Prometheus at 31. */
  readonly portBase: number;
  readonly versions: readonly FlinkVersion[];
  /** Divides every duration of rules and scrapes. */
  readonly durationFactor: number;
}

/** Name of the cluster of a version: the value of the label `cluster`. */
export function clusterName(version: FlinkVersion): string {
  return `flink-${version.split(".").slice(0, 2).join("-")}`;
}

/** Starts everything; nothing has been scraped yet when it returns. */
export async function startWatched(options: WatchedOptions): Promise<Watched> {
  const workDir = mkdtempSync(join(tmpdir(), "outrider-watched-"));
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
    rmSync(workDir, { recursive: true, force: true });
  };
  try {
    const clusters: Record<string, Cluster> = {};
    for (const [index, version] of options.versions.entries()) {
      const cluster = await startCluster({ version, portBase: options.portBase + 10 * index });
      stops.push(() => cluster.stop());
      clusters[clusterName(version)] = cluster;
    }
    const port = options.portBase + 30;
    const configFile = join(workDir, "outrider.json");
    writeFileSync(configFile, JSON.stringify(configOf(clusters, port, options.durationFactor, workDir)));
    const outrider = await startOutrider(configFile, port, workDir);
    stops.push(() => outrider.stop());
    const prometheus = await startGenerated(configFile, options.portBase + 31, workDir);
    stops.push(() => prometheus.stop());
    return { clusters, prometheus, jobs: () => jobsOf(`http://127.0.0.1:${port}`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configOf(
  clusters: Readonly<Record<string, Cluster>>,
  port: number,
  durationFactor: number,
  workDir: string,
) {
  const address = (url: string) => new URL(url).host;
  return {
    clusters: Object.entries(clusters).map(([name, { restUrl }]) => ({ name, url: restUrl })),
    mode: "observe",
    interval: "1s",
    server: { port },
    store: { path: join(workDir, "outrider.sqlite") },
    alerts: {
      durationFactor,
      scrape: {
        outrider: [`127.0.0.1:${port}`],
        kubernetes: { enabled: false },
        flink: Object.entries(clusters).map(([cluster, { reporterUrls }]) => ({
          cluster,
          jobManagers: [address(reporterUrls.jobManager)],
          taskManagers: reporterUrls.taskManagers.map(address),
        })),
      },
    },
  };
}

async function startOutrider(configFile: string, port: number, workDir: string): Promise<Child> {
  const child = startChild({
    name: "outrider",
    command: process.execPath,
    args: [main, "run", "--config", configFile],
    cwd: workDir,
    logFile: join(workDir, "outrider.log"),
  });
  await waitFor("Outrider is ready", 30_000, async () => {
    if (!child.running()) throw new Error(`Outrider ended: ${tailOf(child.logFile)}`);
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok ? true : undefined;
  });
  return child;
}

/** Prometheus with the files of `outrider generate`, unchanged. */
async function startGenerated(settingsFile: string, port: number, workDir: string): Promise<Prometheus> {
  const folder = join(workDir, "prometheus");
  mkdirSync(folder);
  await generateInto(folder, settingsFile);
  return startPrometheus({ port, workDir: folder });
}

async function jobsOf(url: string) {
  const { items } = (await (await fetch(`${url}/api/v1/jobs?limit=100`)).json()) as {
    items: readonly { name: string; cluster: string; state: string }[];
  };
  return items;
}
