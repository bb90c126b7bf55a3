import { readFileSync } from "node:fs";
import { Failure, parseDuration } from "../../model/index.ts";
import { arrivalQuery } from "../whatif/arrival-query.ts";
import { type Backtest, backtest } from "../whatif/backtest.ts";
import type { BenchWorld } from "../whatif/contest.ts";
import type { FittedJob } from "../whatif/fitted-job.ts";
import { fittedBench } from "../whatif/fitted-world.ts";
import { type LoadFile, readLoadFile } from "../whatif/load-file.ts";
import { readPrometheusLoad } from "../whatif/prometheus-load.ts";
import { RIVALS, rivalNamed } from "../whatif/rivals.ts";
import { benchOfWorld } from "../whatif/world-bench.ts";
import type { BacktestFlags } from "./backtest.ts";
import { CliError } from "./exit.ts";
import { jobPath, resolveJob } from "./job-name.ts";
import { wholeNumber } from "./number-option.ts";
import type { Session } from "./output.ts";

const MOST_OBJECTIVE_MS = 86_400_000;
const LEAST_LAST_MS = 3_600_000;
const MOST_LAST_MS = 21 * 86_400_000;

/** Reads load and job, and runs the policies one after the other; which one goes to stderr. */
export async function runBacktest(s: Session, flags: BacktestFlags): Promise<Backtest> {
  const most = wholeNumber("--max-parallelism", flags.maxParallelism, 2_000, 1);
  const options = {
    policies: flags.policy === undefined ? RIVALS : flags.policy.map(rivalNamed),
    peakToMean: aNumber("--peak-to-mean", flags.peakToMean, 1.01, 20),
    pricePerSlotHour: aNumber("--price", flags.price, 0, 1e9),
    lagObjectiveMs: objectiveOf(flags.lagObjective),
    told: (policy: string) => s.io.err(`running ${policy} …\n`),
  };
  const load = await loadOf(s, flags);
  return await backtest(await benchFor(s, flags, most), load, options);
}

async function loadOf(s: Session, { load, from, query, last, job }: BacktestFlags): Promise<LoadFile> {
  if (load !== undefined) return readLoadFile(load);
  const [kind, url] = from ?? [];
  if (kind !== "prometheus" || url === undefined || from?.length !== 2)
    throw new CliError(`--from: ${(from ?? []).join(" ")} is not a source; expected prometheus URL`);
  if (query === undefined && job === undefined)
    throw new CliError(
      "--from prometheus: --query is needed with --world: PromQL of the records/s at all sources together",
    );
  const lastMs = parseDuration(last);
  if (lastMs === undefined || lastMs < LEAST_LAST_MS || lastMs > MOST_LAST_MS)
    throw new CliError(`--last: ${last} is not a duration from 1h to 21d`);
  const asked = query ?? arrivalQuery(await resolveJob(s.client, job ?? ""));
  return await readPrometheusLoad({ url, query: asked, lastMs, now: Date.now() });
}

async function benchFor(s: Session, { job, world }: BacktestFlags, most: number): Promise<BenchWorld> {
  if (world !== undefined) return benchOfWorld(textOf(world), most);
  const fitted = await s.client.get<FittedJob>(`${await jobPath(s.client, job ?? "")}/fit`);
  if (fitted.checkpointIntervalMs === null)
    throw new CliError(`cannot back-test ${fitted.job}: not assessed: its checkpoint interval`);
  return fittedBench({ ...fitted, slots: null }, most);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Failure("not-found", `cannot read world: ${file}; got no such file; expected YAML`, { cause });
  }
}

function aNumber(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (text.trim() === "" || !(n >= least && n <= most))
    throw new CliError(`${option}: ${text} is not a number from ${least} to ${most}`);
  return n;
}

function objectiveOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1_000 || ms > MOST_OBJECTIVE_MS)
    throw new CliError(`--lag-objective: ${text} is not a duration from 1s to 1d`);
  return ms;
}
