import { spawn } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../../sidecar/main.ts");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An `outrider …` process of its own, as a shell starts it. */
export interface RunningCommand {
  /** Resolves with the first line of a stream; rejects when the process ends without one. */
  firstLine(stream: "out" | "err"): Promise<string>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

export function startCommand(...args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  const listeners = new Set<() => void>();
  const hear = (stream: "out" | "err") => (chunk: Buffer) => {
    said[stream] += chunk.toString("utf8");
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", hear("out"));
  child.stderr.on("data", hear("err"));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said }));
  });
  const firstLine = (stream: "out" | "err"): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const end = said[stream].indexOf("\n");
        if (end >= 0) resolve(said[stream].slice(0, end));
      };
      listeners.add(look);
      look();
      ended.then(({ err }) => reject(new Error(`ended without a line: ${err}`)), reject);
    });
  return { firstLine, ended, signal: (name) => void child.kill(name) };
}
