import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

const alive = new Set<ChildProcess>();
let watching = false;

/** A process that was started for a test, with both its output streams in one file. */
export interface Child {
  readonly name: string;
  readonly logFile: string;
  /** True until the process has ended. */
  running(): boolean;
  /** Ends it: politely first, by force after `graceMs`. Does nothing when it has ended already. */
  stop(graceMs?: number): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Stops it where it stands: it lives and answers nobody, as a process on a frozen machine. */
  freeze(): void;
  /** Lets a frozen process go on. */
  thaw(): void;
}

/** Starts a process that never outlives this one (unless this one is ended with SIGKILL). */
export function startChild(options: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
}): Child {
  endChildrenWithThisProcess();
  const log = openSync(options.logFile, "a");
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  alive.add(child);
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      alive.delete(child);
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  return {
    name: options.name,
    logFile: options.logFile,
    running: () => alive.has(child),
    kill,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async stop(graceMs = 5000) {
      if (!alive.has(child)) return;
      child.kill("SIGTERM");
      const force = setTimeout(() => void kill(), graceMs);
      await ended;
      clearTimeout(force);
    },
  };
}

/** The last lines of a log file, for error messages; a missing file is an empty log. */
export function tailOf(file: string, lines = 30): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}

/** Asks `probe` again and again until it gives a value, and fails with what it said last after `timeoutMs`. */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
  everyMs = 100,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let last = "not yet"; ; ) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
      last = "not yet";
    } catch (error) {
      if (error instanceof HopelessError) throw error;
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}; last answer: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Thrown by a probe that knows that waiting longer is useless. */
export class HopelessError extends Error {}

function endChildrenWithThisProcess(): void {
  if (watching) return;
  watching = true;
  const killAll = () => {
    for (const child of alive) child.kill("SIGKILL");
  };
  process.on("exit", killAll);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      killAll();
      process.kill(process.pid, signal);
    });
  }
}
