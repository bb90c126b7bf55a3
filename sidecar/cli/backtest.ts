import type { Command } from "commander";
import { backtestText } from "./backtest-text.ts";
import type { Attach } from "./commands.ts";
import { CliError, EXIT } from "./exit.ts";
import { plain } from "./output.ts";

export interface BacktestFlags {
  readonly load?: string;
  readonly from?: readonly string[];
  readonly query?: string;
  readonly last: string;
  readonly job?: string;
  readonly world?: string;
  readonly policy?: readonly string[];
  readonly peakToMean?: string;
  readonly price?: string;
  readonly maxParallelism: string;
  readonly lagObjective: string;
}

export function addBacktestCommand(program: Command, attach: Attach): void {
  const command = program
    .command("backtest")
    .option("--load <file>", "a recorded load: CSV with the columns minute,rate (records/s)")
    .option("--from <source...>", "where else the load is: prometheus URL")
    .option(
      "--query <promql>",
      "with --from: one series, the records/s that arrive at all sources together; without it what Outrider measured of --job",
    )
    .option("--last <duration>", "with --from: how far back, up to 21d", "7d")
    .option(
      "--job <job>",
      "a job of a running Outrider: its key or name; its graph and costs are taken as learned",
    )
    .option("--world <file>", "in place of a running Outrider: the first job of this world file (YAML)")
    .option("--policy <name...>", "outrider, flink, static-peak, static-mean; without it all of them")
    .option("--peak-to-mean <ratio>", "spread the load so that its peak is so many times its mean")
    .option("--price <price>", "of one slot-hour: adds the cost")
    .option("--max-parallelism <n>", "bound of every vertex, for every policy", "64")
    .option("--lag-objective <duration>", "lag that is still fine", "30s")
    .description(
      "what each policy would have done over a recorded load: rescales, share of time inside the lag objective, slot-hours, " +
        "cost. Its last 24 hours are run, with the days before as what the policies have learned from",
    );
  attach(command, async (s, flags: BacktestFlags) => {
    if ((flags.load === undefined) === (flags.from === undefined))
      throw new CliError("say where the load is: --load FILE.csv or --from prometheus URL");
    if ((flags.job === undefined) === (flags.world === undefined))
      throw new CliError("say what the job is like: --job KEY of a running Outrider, or --world FILE");
    // A simulated Flink is loaded only by those who ask for it.
    const { runBacktest } = await import("./backtest-run.ts");
    s.print(await runBacktest(s, flags), (result) => plain(backtestText(result)));
    return EXIT.yes;
  });
}
