import { spawn } from "node:child_process";

/** What a program said and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end without blocking this process, and returns what it said whatever its exit code. Rejects
 * only when it cannot be started. Ended by force after `timeoutMs` (two minutes unless given).
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string;
    readonly timeoutMs?: number;
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs ?? 120_000,
      killSignal: "SIGKILL",
    });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    }
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...said }));
    // A program that reads nothing may close its input before it is written.
    child.stdin.once("error", () => undefined);
    child.stdin.end(options.input);
  });
}
