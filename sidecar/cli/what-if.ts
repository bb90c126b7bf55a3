import type { Command } from "commander";
import { parseDuration } from "../../model/index.ts";
import type { Attach } from "./commands.ts";
import { CliError, EXIT } from "./exit.ts";
import { jobPath } from "./job-name.ts";
import { plain } from "./output.ts";
import { type Simulation, whatIfText } from "./what-if-text.ts";

interface Flags {
  readonly parallelism?: string;
  readonly load?: string;
  readonly for: string;
}

const MOST_MINUTES = 1_440;
/** A simulation may take this long in the server; a little more for the way. */
const TIMEOUT_MS = 65_000;

export function addWhatIfCommand(program: Command, attach: Attach): void {
  const command = program
    .command("what-if")
    .argument("<job>", "job key or name")
    .option("--parallelism <sizes>", "subtasks by vertex: work=6,count=3; a part of a name is enough")
    .option("--load <factor>", "the present load times this: x2, x0.5")
    .option("--for <duration>", "how far to look, up to 24h", "1h")
    .description(
      "simulate a job with another parallelism or load, fitted to what was learned of it; nothing is touched (exit 1: " +
        "something that is needed is not assessed yet)",
    );
  attach(command, async (s, flags: Flags, [job = ""]) => {
    const body = bodyOf(flags);
    const path = `${await jobPath(s.client, job)}/simulations`;
    s.print(await s.client.send<Simulation>("POST", path, body, TIMEOUT_MS), (answer) =>
      plain(whatIfText(answer)),
    );
    return EXIT.yes;
  });
}

/** The request that the flags mean. Throws a `CliError` that names the flag. */
export function bodyOf(flags: Flags): object {
  const { parallelism, load } = flags;
  if (parallelism === undefined && load === undefined)
    throw new CliError("say what is to be tried: --parallelism work=6 or --load x2, or both");
  const ms = parseDuration(flags.for);
  const minutes = ms === undefined ? Number.NaN : Math.ceil(ms / 60_000);
  if (!(minutes >= 1 && minutes <= MOST_MINUTES))
    throw new CliError(`--for: ${flags.for} is not a duration from 1min to 24h, such as 1h`);
  return {
    minutes,
    ...(parallelism === undefined ? {} : { parallelism: sizesOf(parallelism) }),
    ...(load === undefined ? {} : { loadFactor: factorOf(load) }),
  };
}

function sizesOf(text: string): Readonly<Record<string, number>> {
  const sizes = new Map<string, number>();
  for (const part of text.split(",")) {
    const [, name, size] = /^(.+)=(\d{1,5})$/.exec(part.trim()) ?? [];
    if (name === undefined || Number(size) < 1)
      throw new CliError(`--parallelism: cannot read ${JSON.stringify(part)}; expected work=6,count=3`);
    if (sizes.has(name.trim()))
      throw new CliError(`--parallelism: got ${name.trim()} twice; expected each vertex once`);
    sizes.set(name.trim(), Number(size));
  }
  return Object.fromEntries(sizes);
}

function factorOf(text: string): number {
  const digits = text.trim().replace(/^[x×]/i, "");
  const factor = Number(digits);
  if (!(digits !== "" && factor >= 0 && factor <= 1_000))
    throw new CliError(`--load: ${text} is not a factor from x0 to x1000, such as x2`);
  return factor;
}
