import { parseArgs } from "node:util";
import { Failure } from "../../../model/index.ts";

/** What the command line of `bench:peer` asks for. */
export interface Asked {
  readonly files: readonly string[];
  readonly peakToMean: number | undefined;
  readonly worlds: readonly string[];
  /** Names of shapes (`step`, `ramp` …). */
  readonly shapes: readonly string[];
  /** Names of rows to run; empty: all. */
  readonly policies: readonly string[];
  readonly seed: number;
  /** First of the ports that the simulated Flink listens on; 0: any free one. */
  readonly port: number;
  readonly json: boolean;
  /** Prints every rescale to stderr. */
  readonly moves: boolean;
  /** Also writes docs/benchmarks/peer.{json,md}. */
  readonly write: boolean;
}

const HELP = `npm run -s bench:peer -- [--load FILE.csv]… [--peak-to-mean K] [--world NAME]… [--shape NAME]…
  [--policy NAME]… [--seed N] [--port N] [--moves] [--write] [-o json]`;

const many = { type: "string", multiple: true } as const;
const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** Throws a `Failure("bad-request")` that says what was wrong with the arguments. */
export function askedIn(args: readonly string[]): Asked {
  const values = parsed(args);
  const output = values.output ?? "text";
  if (output !== "json" && output !== "text") throw wrong("-o", output, "json or text");
  return {
    files: values.load ?? [],
    peakToMean: values["peak-to-mean"] === undefined ? undefined : ratioIn(values["peak-to-mean"]),
    worlds: [...new Set(values.world ?? [])],
    shapes: [...new Set(values.shape ?? [])],
    policies: [...new Set(values.policy ?? [])],
    seed: wholeIn("--seed", values.seed ?? "1", 2 ** 31),
    port: wholeIn("--port", values.port ?? "0", 65_535),
    json: output === "json",
    moves: values.moves ?? false,
    write: values.write ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        load: many,
        "peak-to-mean": one,
        world: many,
        shape: many,
        policy: many,
        seed: one,
        port: one,
        output: { type: "string", short: "o" },
        moves: flag,
        write: flag,
      },
    }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure("bad-request", `cannot run the bench: ${why}\n${HELP}`);
  }
}

const wrong = (option: string, got: string, expected: string): Failure =>
  new Failure("bad-request", `cannot run the bench: ${option}; got ${got}; expected ${expected}\n${HELP}`);

function wholeIn(option: string, text: string, most: number): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw wrong(option, text, `a whole number from 0 to ${most}`);
  return value;
}

function ratioIn(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 1.01 && value <= 20))
    throw wrong("--peak-to-mean", text, "a number from 1.01 to 20");
  return value;
}
