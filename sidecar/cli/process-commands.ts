import { type Command, Option } from "commander";
import { MODES } from "../../model/index.ts";
import { EXIT } from "./exit.ts";
import { wholeNumber } from "./number-option.ts";
import type { OutputFormat } from "./output.ts";

/** Options of the program itself, which every command has. */
export interface ProgramOptions {
  readonly output: OutputFormat;
  readonly server: string;
  readonly token?: string;
}

interface RunOptions extends ProgramOptions {
  readonly config?: string;
  readonly url?: string;
  readonly mode?: (typeof MODES)[number];
  readonly host?: string;
  readonly port?: string;
  readonly store?: string;
}

interface DoctorOptions extends ProgramOptions {
  readonly url: string;
  readonly timeout?: string;
}

/** The commands that do not ask a running Outrider. What they do is loaded only when it is wanted. */
export function addProcessCommands(program: Command, done: (exitCode: number) => void): void {
  program
    .command("run")
    .description("ride beside Flink: watch, decide, explain, and act where you allow it")
    .option("--config <file>", "settings (YAML)")
    .option("--url <url>", "address of a Flink REST service to watch")
    .addOption(new Option("--mode <mode>", "mode of jobs without one of their own").choices(MODES))
    .option("--host <host>", "address to listen on")
    .option("--port <port>", "port to listen on; 0 takes a free one")
    .option("--store <file>", "file of the store, or :memory:")
    .action(async (_options: object, command: Command) => {
      const { config, url, mode, host, port, store, output } = command.optsWithGlobals<RunOptions>();
      const { run } = await import("./run.ts");
      done(
        await run({
          output,
          ...(config === undefined ? {} : { config }),
          ...(url === undefined ? {} : { url }),
          ...(mode === undefined ? {} : { mode }),
          ...(host === undefined ? {} : { host }),
          ...(port === undefined ? {} : { port: wholeNumber("--port", port, 65_535) }),
          ...(store === undefined ? {} : { store }),
        }),
      );
    });

  program
    .command("doctor")
    .description(`look a Flink cluster over and name what is wrong (exit ${EXIT.no}: something is)`)
    .requiredOption("--url <url>", "address of a Flink REST service")
    .option("--timeout <seconds>", "how long to wait for all answers, at most 14")
    .action(async (_options: object, command: Command) => {
      const { url, token, output, timeout } = command.optsWithGlobals<DoctorOptions>();
      const { doctor } = await import("./doctor.ts");
      done(
        await doctor({
          url,
          output,
          ...(token === undefined ? {} : { token }),
          ...(timeout === undefined ? {} : { timeout: wholeNumber("--timeout", timeout, 14) * 1_000 }),
        }),
      );
    });
}
