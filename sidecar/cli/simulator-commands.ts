import { type Command, Option } from "commander";
import { parseDuration } from "../../model/index.ts";
import { CliError } from "./exit.ts";
import { wholeNumber } from "./number-option.ts";
import type { ProgramOptions } from "./process-commands.ts";

interface DemoFlags extends ProgramOptions {
  readonly port: string;
  readonly speed: string;
  readonly seed?: string;
  readonly for?: string;
}

interface SimulatorFlags extends ProgramOptions {
  readonly world?: string;
  readonly port: string;
  readonly speed: string;
  readonly stepped?: boolean;
  readonly seed?: string;
  readonly snapshots?: string;
}

const MOST_SPEED = 100;
const MOST_SEED = 2 ** 32 - 1;
const MOST_FOR_MS = 7 * 86_400_000;

/** The commands that need no Flink, because they bring a simulated one. */
export function addSimulatorCommands(program: Command, done: (exitCode: number) => void): void {
  program
    .command("demo")
    .summary("see Outrider at work beside a simulated Flink, with its console and a story in the terminal")
    .description(
      "see Outrider at work beside a simulated Flink, with its console and a story in the terminal; with -o json the " +
        "story goes to stderr, and stdout gets one document at the end: jobs, each with key, state, decisions (records, " +
        "holds included), rescales (decisions that came true), lagRecords (null: not assessed) and parallelism " +
        "(subtasks by vertex)",
    )
    .option("--port <port>", "port of console and API; 0 takes a free one", "8090")
    .option("--speed <n>", "how many times as fast as the clock Flink's time runs", "10")
    .option("--seed <n>", "of the simulated Flink's noise: the same one gives the same world")
    .option("--for <duration>", "end by itself after this long on the wall, such as 60s; else with Ctrl-C")
    .action(async (_options: object, command: Command) => {
      const flags = command.optsWithGlobals<DemoFlags>();
      const options = {
        output: flags.output,
        port: wholeNumber("--port", flags.port, 65_535),
        speed: speedOf(flags.speed),
        ...seedOf(flags.seed),
        ...(flags.for === undefined ? {} : { forMs: wallTimeOf(flags.for) }),
      };
      const { demo } = await import("./demo.ts");
      done(await demo(options));
    });

  program
    .command("simulator")
    .description("run a simulated Flink cluster that speaks Flink's REST API")
    .option("--world <file>", "cluster, jobs, load and trouble (YAML); without it one job with a load step")
    .option("--port <port>", "port of the REST API; 0 takes a free one", "8081")
    .addOption(
      new Option("--speed <n>", "how many times as fast as the clock its time runs")
        .default("1")
        .conflicts("stepped"),
    )
    .option("--stepped", "time stands still until POST /simulator/clock moves it")
    .option("--seed <n>", "of its noise, in place of the world's own")
    .option(
      "--snapshots <dir>",
      "write checkpoints and savepoints there, in Flink's format; a new or empty folder",
    )
    .action(async (_options: object, command: Command) => {
      const flags = command.optsWithGlobals<SimulatorFlags>();
      const options = {
        output: flags.output,
        port: wholeNumber("--port", flags.port, 65_535),
        speed: flags.stepped === true ? ("stepped" as const) : speedOf(flags.speed),
        ...seedOf(flags.seed),
        ...(flags.world === undefined ? {} : { world: flags.world }),
        ...(flags.snapshots === undefined ? {} : { snapshots: flags.snapshots }),
      };
      const { simulator } = await import("./simulator.ts");
      done(await simulator(options));
    });
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (text.trim() === "" || !(speed > 0 && speed <= MOST_SPEED)) {
    throw new CliError(`--speed: ${text} is not a number above 0 and at most ${MOST_SPEED}`);
  }
  return speed;
}

function seedOf(text: string | undefined): { readonly seed?: number } {
  return text === undefined ? {} : { seed: wholeNumber("--seed", text, MOST_SEED) };
}

function wallTimeOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0 || ms > MOST_FOR_MS) {
    throw new CliError(`--for: ${text} is not a duration from 1ms to 7d, such as 60s or 5min`);
  }
  return ms;
}
