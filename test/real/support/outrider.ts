import { join } from "node:path";
import { type Child, startChild, tailOf, waitFor } from "./child.ts";

/** A running `outrider run`, as a user starts it: a process of its own, asked over HTTP. */
export interface RunningOutrider {
  readonly url: string;
  readonly child: Child;
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

/** Either the address of a Flink, everything else by default, or a configuration file. */
type Target =
  | { readonly flinkUrl: string; readonly configFile?: never }
  | { readonly configFile: string; readonly flinkUrl?: never };

export async function startOutrider(
  options: Target & {
    readonly env?: Readonly<Record<string, string>>;
    readonly mode: "observe" | "approve" | "act";
    readonly port: number;
    readonly workDir: string;
  },
): Promise<RunningOutrider> {
  const url = `http://127.0.0.1:${options.port}`;
  const root = join(import.meta.dirname, "../../..");
  const child = startChild({
    name: "outrider",
    command: process.execPath,
    args: [
      join(root, "sidecar/main.ts"),
      "run",
      ...(options.configFile === undefined ? ["--url", options.flinkUrl] : ["--config", options.configFile]),
      "--mode",
      options.mode,
      "--port",
      String(options.port),
      "--store",
      join(options.workDir, "outrider.sqlite"),
    ],
    cwd: options.workDir,
    ...(options.env === undefined ? {} : { env: options.env }),
    logFile: join(options.workDir, "outrider.log"),
  });
  const get = async <T>(path: string): Promise<T> => {
    if (!child.running()) throw new Error(`outrider ended: ${tailOf(child.logFile)}`);
    const reply = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) });
    if (!reply.ok) throw new Error(`GET ${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  await waitFor(
    "Outrider is ready",
    20_000,
    async () => {
      if (!child.running()) throw new Error(`outrider ended: ${tailOf(child.logFile)}`);
      const reply = await fetch(`${url}/readyz`).catch(() => undefined);
      return reply?.ok === true ? true : undefined;
    },
    200,
  );
  return { url, child, get, stop: () => child.stop() };
}
