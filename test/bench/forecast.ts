import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, sentenceOf } from "../../model/index.ts";
import { loadsToMeasure } from "./forecast-loads.ts";
import { measurePath, pathCosts } from "./forecast-path.ts";
import { missedBy, renderPage, renderText } from "./forecast-report.ts";
import { measure } from "./forecast-run.ts";

/**
 * `npm run -s bench:forecast -- [--load FILE.csv]… [--peak-to-mean K] [-o json] [--write]`: how wrong forecasts 5, 15
 * and 60 minutes ahead are, ours beside the customary ones. Without `--load`: the recorded loads, or else synthetic
 * shapes (step, ramp, sine, sine with spikes, random walk). `--write`: also docs/benchmarks/forecast.md, with the path of
 * the next day. Ends with 2 where a file or an argument is bad; what misses the goal is told on stderr.
 */
const PAGE = join(import.meta.dirname, "../../docs/benchmarks/forecast.md");
const PATH_DAYS = [2, 7, 14, 21];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function main(): void {
  const asked = askedIn(process.argv.slice(2));
  const loads = loadsToMeasure(asked.files, asked.peakToMean);
  const started = performance.now();
  const rows = loads.flatMap(measure);
  const seconds = (performance.now() - started) / 1_000;
  if (asked.write) {
    const machine = `Node ${process.version}, ${cpus().length} cores, load average ${(loadavg()[0] ?? 0).toFixed(0)}`;
    const paths = loads.map((load) => measurePath(load)).filter((row) => row !== null);
    const at = new Date().toISOString().slice(0, 10);
    writeFileSync(PAGE, renderPage({ at, machine, seconds, rows, paths, costs: pathCosts(PATH_DAYS) }));
  }
  process.stdout.write(asked.json ? `${JSON.stringify({ rows }, null, 1)}\n` : renderText(rows));
  for (const words of missedBy(rows)) say(`missed: ${words}`);
  if (!asked.json)
    for (const { days, ms } of pathCosts(PATH_DAYS)) say(`a path from ${days} days: ${ms.toFixed(1)} ms`);
}

interface Asked {
  readonly files: readonly string[];
  readonly peakToMean: number | undefined;
  readonly json: boolean;
  readonly write: boolean;
}

const HELP = "npm run -s bench:forecast -- [--load FILE.csv]… [--peak-to-mean K] [-o json] [--write]";

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        load: { type: "string", multiple: true },
        "peak-to-mean": { type: "string" },
        output: { type: "string", short: "o", default: "text" },
        write: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new Failure("bad-request", `cannot measure forecasts: ${sentenceOf(error)}\n${HELP}`);
  }
}

function askedIn(args: string[]): Asked {
  const values = parsed(args);
  const ratio = values["peak-to-mean"];
  const peakToMean = ratio === undefined ? undefined : Number(ratio);
  if (peakToMean !== undefined && !(peakToMean > 1 && Number.isFinite(peakToMean)))
    bad("--peak-to-mean", ratio, "a number above 1");
  if (values.output !== "json" && values.output !== "text") bad("--output", values.output, "json or text");
  return { files: values.load ?? [], peakToMean, json: values.output === "json", write: values.write };
}

function bad(option: string, got: string | undefined, expected: string): never {
  throw new Failure(
    "bad-request",
    `cannot measure forecasts: ${option}; got ${got}; expected ${expected}\n${HELP}`,
  );
}

try {
  main();
} catch (error) {
  say(sentenceOf(error));
  process.exitCode = 2;
}
