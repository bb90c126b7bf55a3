import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Failure } from "../../../model/index.ts";

/** What the command line asks for. */
export interface Asked {
  readonly files: readonly string[];
  readonly peakToMean: number | undefined;
  readonly worlds: readonly string[];
  /** Names of shapes; in place of the default set. */
  readonly shapes: readonly string[];
  readonly troubles: readonly string[];
  readonly policies: readonly string[];
  readonly seeds: readonly number[] | undefined;
  readonly full: boolean;
  readonly json: boolean;
  /** Also writes docs/benchmarks/autoscaler.{json,md}. */
  readonly write: boolean;
  readonly threads: number;
  /** Prints every rescale to stderr. */
  readonly moves: boolean;
}

const HELP = `npm run -s bench:autoscaler -- [--load FILE.csv]… [--peak-to-mean K] [--world NAME]… [--policy NAME]…
  [--seed N] [--full] [--shape NAME]… [--trouble NAME]… [--threads N] [--moves] [--write] [-o json]`;

const many = { type: "string", multiple: true } as const;
const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** Throws a `Failure("bad-request")` that says what was wrong with the arguments. */
export function askedIn(args: readonly string[]): Asked {
  const values = parsed(args);
  const output = values.output ?? "text";
  if (output !== "json" && output !== "text") throw wrong("-o", output, "json or text");
  const seed = numberIn("--seed", values.seed, 0, 2 ** 31);
  if (seed !== undefined && !Number.isInteger(seed)) throw wrong("--seed", String(seed), "a whole number");
  return {
    files: values.load ?? [],
    peakToMean: numberIn("--peak-to-mean", values["peak-to-mean"], 1.01, 20),
    worlds: values.world ?? [],
    shapes: values.shape ?? [],
    troubles: values.trouble ?? [],
    policies: values.policy ?? [],
    seeds: seed === undefined ? undefined : [seed],
    full: values.full ?? false,
    json: output === "json",
    write: values.write ?? false,
    moves: values.moves ?? false,
    threads: numberIn("--threads", values.threads, 1, 64) ?? Math.max(1, Math.min(4, availableParallelism())),
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
        trouble: many,
        policy: many,
        seed: one,
        full: flag,
        output: { type: "string", short: "o" },
        write: flag,
        threads: one,
        moves: flag,
      },
    }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure("bad-request", `cannot run the bench: ${why}\n${HELP}`);
  }
}

const wrong = (option: string, got: string, expected: string): Failure =>
  new Failure("bad-request", `cannot run the bench: ${option}; got ${got}; expected ${expected}\n${HELP}`);

function numberIn(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most))
    throw wrong(option, text, `a number from ${least} to ${most}`);
  return value;
}
