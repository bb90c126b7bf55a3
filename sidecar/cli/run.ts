import { existsSync } from "node:fs";
import { Failure } from "../../model/index.ts";
import { startApp } from "../app.ts";
import { loadConfig } from "../config/index.ts";
import { version } from "../version.ts";
import { EXIT } from "./exit.ts";
import { untilStopped } from "./until-stopped.ts";

export interface RunOptions {
  readonly config?: string;
  readonly url?: string;
  readonly mode?: string;
  readonly host?: string;
  readonly port?: number;
  readonly store?: string;
  readonly output?: string;
}

const DEFAULT_FLINK = "http://127.0.0.1:8081";
const DEFAULT_FILE = "outrider.yaml";

/** `outrider run`: rides beside Flink until SIGINT or SIGTERM. Returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const file =
    options.config ?? (options.url === undefined && existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  if (file !== undefined && options.url !== undefined) {
    throw new Failure("bad-config", "cannot start: got both --config and --url; expected one of them");
  }
  const url = options.url ?? (file === undefined ? DEFAULT_FLINK : undefined);
  const { config, warnings } = loadConfig({
    file,
    ...(url === undefined ? {} : { text: JSON.stringify({ clusters: [{ name: "flink", url }] }) }),
    env: process.env,
    overrides: {
      mode: options.mode,
      "server.host": options.host,
      "server.port": options.port,
      "store.path": options.store,
    },
  });
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const app = await startApp(config, version);
  try {
    // First, because whoever reads the address may send a signal at once.
    const stopped = untilStopped({ done: app.done });
    (options.output === "json" ? process.stderr : process.stdout).write(`Outrider: ${app.url}\n`);
    for (const cluster of config.clusters) {
      process.stderr.write(`Flink: ${cluster.name} at ${cluster.url}, mode ${config.mode}\n`);
    }
    await stopped;
    return EXIT.yes;
  } finally {
    await app.stop();
  }
}
