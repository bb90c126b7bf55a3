import { createInterface } from "node:readline/promises";
import { defectText, EXIT } from "./cli/exit.ts";
import { main } from "./cli/program.ts";

const debug = process.env["OUTRIDER_DEBUG"] === "1";

function crash(error: unknown): void {
  process.stderr.write(defectText(error, debug));
  process.exit(EXIT.defect);
}

// `outrider decisions | head` closes our stdout early; that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    crash(error);
  });
}
process.on("unhandledRejection", crash);
process.on("uncaughtException", crash);

const args = process.argv.slice(2);
const interrupt = new AbortController();
// `run` ends by its own handlers; here a follower's Ctrl-C is a plain end.
if (args.includes("--follow") || args[0] === "recover") process.once("SIGINT", () => interrupt.abort());

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

process.exitCode = await main(args, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  signal: interrupt.signal,
  ...(process.stdin.isTTY === true && process.stderr.isTTY === true ? { ask } : {}),
});
