import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { untilStopped } from "./until-stopped.ts";

/** A process that says when it waits, and when it was told to stop; then it hangs, as one that ends badly would. */
const SCRIPT = `
  import { untilStopped } from ${JSON.stringify(join(import.meta.dirname, "until-stopped.ts"))};
  const hang = setInterval(() => {}, 1_000);
  const stopped = untilStopped({});
  console.log("waiting");
  await stopped;
  console.log("stopping");
  if (process.env.HANG === undefined) clearInterval(hang);
`;

function startWaiting(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  let said = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    for (const listener of listeners) listener();
  });
  const saying = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = () => void (said.includes(text) && resolve());
      listeners.add(look);
      look();
    });
  // `close` comes when nobody holds the stream any more, a grandchild included.
  const closed = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, saying, closed };
}

const NODE = ["--input-type=module", "-e", SCRIPT];

describe("untilStopped", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends with %s, after which the process ends well",
    async (signal) => {
      const { child, saying, closed } = startWaiting(process.execPath, NODE);
      await saying("waiting");
      child.kill(signal);
      await saying("stopping");
      expect(await closed).toBe(0);
    },
  );

  it("lets a second Ctrl-C end at once what hangs, but not the echo of the first", async () => {
    const { child, saying, closed } = startWaiting(process.execPath, NODE, { HANG: "1" });
    await saying("waiting");
    child.kill("SIGINT");
    child.kill("SIGINT");
    await saying("stopping");
    await sleep(700);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect(await closed).toBe(130);
  });

  it("ends when npm's shell, which passes no signal on, is gone", async () => {
    const shell = ["-c", '"$0" "$@"; exit 0', process.execPath, ...NODE];
    const { child, saying, closed } = startWaiting("sh", shell, { npm_lifecycle_event: "start" });
    await saying("waiting");
    child.kill("SIGTERM");
    await saying("stopping");
    await closed;
  });

  it("ends by itself after the given time, and with what it waits for", async () => {
    await expect(untilStopped({ afterMs: 1 })).resolves.toBeUndefined();
    await expect(untilStopped({ done: Promise.resolve() })).resolves.toBeUndefined();
    await expect(untilStopped({ done: Promise.reject(new Error("store gone")) })).rejects.toThrow(
      "store gone",
    );
  });
});
