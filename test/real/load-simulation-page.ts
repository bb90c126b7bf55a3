import { type LoadSimulationResult, summaryOf } from "./load-simulation-result.ts";

/** `docs/benchmarks/load-simulation.md`: one ride, with the picture beside it in `docs/images`. */
export function pageOf(result: LoadSimulationResult, recorded: string): string {
  const told = summaryOf(result);
  const up = told.filter(({ stage, highest }) => highest >= stage.maxLoad).length;
  const down = told.filter(({ stage, lowestAfter }) => lowestAfter <= Math.ceil(stage.maxLoad / 2)).length;
  const rows = told.map(({ stage, highest, lowestAfter, shortShare, slotsPerLoad }) =>
    [
      stage.branch,
      stage.maxLoad,
      highest,
      lowestAfter,
      `${(shortShare * 100).toFixed(0)} %`,
      slotsPerLoad.toFixed(2),
    ].join(" | "),
  );
  return [
    `# The load simulation on real Flink ${result.version}`,
    "",
    "<!-- written by test/real/load-simulation.ts -->",
    "",
    "A job whose busy time has nothing to do with its rate of records, after the LoadSimulationPipeline example of the Flink",
    "Kubernetes operator ([load job](../../engine/load-job/README.md), mode `load-simulation`): ten ticks per second and branch",
    "for ever, while every vertex wants to keep `MaxLoad × (0.5 + 0.5 × sin)` subtasks busy; where it has fewer, ticks wait. What",
    `is wanted is that each is scaled on its own, up and down. Outrider in mode \`${result.mode}\` with default settings; a period of ${(result.periodS / 60).toFixed(0)} minutes.`,
    "",
    "![Load and parallelism of every vertex over time](../images/load-simulation.svg)",
    "",
    "*short*: share of the time with fewer subtasks than the load. *cost*: mean parallelism ÷ mean load (at the default target of",
    "94 % utilisation 1.06 would be exact; whole subtasks, what queued up in restarts and waiting before a step down come on top).",
    "",
    "| branch | MaxLoad | highest | lowest after the peak | short | cost |",
    "|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row} |`),
    "",
    `${up} of ${told.length} vertices were given at least their largest load, ${down} came down to half of it afterwards.`,
    `${result.rescales} rescales in ${((result.points.at(-1)?.atS ?? 0) / 60).toFixed(0)} minutes. ${recorded}`,
    "",
  ].join("\n");
}
