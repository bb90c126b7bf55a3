import { Command, CommanderError, Option } from "commander";
import { Failure } from "../../model/index.ts";
import settings from "../../package.json" with { type: "json" };
import { addBacktestCommand } from "./backtest.ts";
import { createClient } from "./client.ts";
import type { Attach } from "./commands.ts";
import { addDecisionCommands } from "./decision-commands.ts";
import { addEventCommands } from "./event-commands.ts";
import { CliError, defectText, EXIT } from "./exit.ts";
import { addGenerateCommands } from "./generate-commands.ts";
import { addJobCommands } from "./job-commands.ts";
import { type Io, outputOption, type Session } from "./output.ts";
import { addProcessCommands, type ProgramOptions } from "./process-commands.ts";
import { addRecoverCommand } from "./recover.ts";
import { addSavepointCommand } from "./savepoint.ts";
import { addSimulatorCommands } from "./simulator-commands.ts";
import { addSnapshotCommands } from "./snapshot-commands.ts";
import { addWhatIfCommand } from "./what-if.ts";

const EXAMPLES = `
Examples:
  outrider demo                                        see it at work; needs no Flink
  outrider doctor --url http://127.0.0.1:8081          what is wrong with this cluster?
  outrider run --url http://127.0.0.1:8081             ride beside it, changing nothing
  outrider jobs                                        how is everything?
  outrider explain orders                              why does it (not) scale?
  outrider what-if orders --load x2                    would it carry twice as much?
  outrider pause orders --for 2h --reason "release"    hands off for two hours
  outrider recover orders --plan                       what would a restore do?
  outrider savepoint orders                            take one, and prove it
  outrider decisions --job orders -o json              for scripts
  outrider snapshots verify s3://bucket/ckpt/…/chk-42  can it be restored?
  outrider generate alerts --out rules                 rules for Prometheus

Exit codes: 0 yes, or nothing found; 1 findings, or no; 2 usage, or could not ask; 3 snapshot incomplete or corrupt;
4 unsupported; 5 unknown; 70 a defect of ours.`;

/** The whole command line. `done` takes the exit code of the command that ran. */
export function createProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command("outrider")
    .description("Rides beside Apache Flink jobs: scales only when that helps, and says why in one line.")
    .version(settings.version, "-V, --version")
    .addOption(outputOption())
    .addOption(
      new Option("--server <url>", "address of a running Outrider (or OUTRIDER_SERVER)").default(
        "http://127.0.0.1:8090",
      ),
    )
    .addOption(new Option("--token <token>", "for a server that wants one (better: OUTRIDER_TOKEN)"))
    .addHelpText("after", EXAMPLES)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });

  const attach: Attach = (command, work) => {
    command.action(async () => {
      const globals = program.opts<ProgramOptions>();
      done(await work(openSession(io, program, globals), command.opts(), command.args));
    });
  };
  addProcessCommands(program, done);
  addSimulatorCommands(program, done);
  addGenerateCommands(program, done);
  addJobCommands(program, attach);
  addDecisionCommands(program, attach);
  addWhatIfCommand(program, attach);
  addBacktestCommand(program, attach);
  addRecoverCommand(program, attach);
  addSavepointCommand(program, attach);
  addEventCommands(program, attach);
  addSnapshotCommands(program, attach);
  return program;
}

/** A flag before the environment before the default. */
function openSession(io: Io, program: Command, options: ProgramOptions): Session {
  const given = program.getOptionValueSource("server") === "cli";
  const server = given ? options.server : io.env["OUTRIDER_SERVER"] || options.server;
  const token = options.token ?? (io.env["OUTRIDER_TOKEN"] || undefined);
  return {
    io,
    format: options.output,
    client: createClient({ server, token }),
    print: (value, render) =>
      io.out(`${options.output === "json" ? JSON.stringify(value, null, 2) : render(value)}\n`),
  };
}

/** Runs one command line; never throws. The answer is the exit code. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.yes;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    if (args.length === 0) {
      io.err(program.helpInformation() + EXAMPLES.trimEnd().concat("\n"));
      return EXIT.usage;
    }
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return explainEnd(error, io);
  }
}

function explainEnd(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.yes : EXIT.usage;
  if (error instanceof CliError) {
    io.err(`outrider: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof Failure) {
    io.err(`outrider: ${error.message}\n`);
    return EXIT.usage;
  }
  io.err(defectText(error, io.env["OUTRIDER_DEBUG"] === "1"));
  return EXIT.defect;
}
