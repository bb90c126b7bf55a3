import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { flinkVersions } from "./flink/fetch.ts";
import { pageOf } from "./load-simulation-page.ts";
import { plotOf } from "./load-simulation-plot.ts";
import { summaryOf } from "./load-simulation-result.ts";
import { rideLoadSimulation } from "./load-simulation-ride.ts";

/**
 * `npm exec -c 'node test/real/load-simulation.ts --minutes 20 --write'`: one ride of the load simulation with Outrider in
 * mode act; prints what was seen of each vertex and, with `--write`, keeps page and picture in the docs. The loads are those
 * of the example.
 */
const { values } = parseArgs({
  options: {
    version: { type: "string", default: "1.20.5" },
    mode: { type: "string", default: "act" },
    loads: { type: "string", default: "1;2;4;8;16|16;8;4;2;1|8;4;16;1;2" },
    minutes: { type: "string", default: "20" },
    periods: { type: "string", default: "1.25" },
    "port-base": { type: "string", default: "18500" },
    write: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const version = flinkVersions.find((known) => known === values.version);
if (version === undefined) throw new Error(`--version must be one of ${flinkVersions.join(", ")}`);
if (values.mode !== "act" && values.mode !== "observe") throw new Error("--mode must be act or observe");
const result = await rideLoadSimulation({
  version,
  mode: values.mode,
  portBase: Number(values["port-base"]),
  maxLoadPerTask: values.loads,
  periodMinutes: Number(values.minutes),
  periods: Number(values.periods),
});
if (values.write) {
  const docs = join(import.meta.dirname, "../../docs");
  const recorded = `Recorded ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores.`;
  writeFileSync(join(docs, "images/load-simulation.svg"), plotOf(result));
  writeFileSync(join(docs, "benchmarks/load-simulation.md"), pageOf(result, recorded));
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(result));
const told = summaryOf(result).map(({ stage, ...figures }) => ({
  branch: stage.branch,
  maxLoad: stage.maxLoad,
  ...figures,
}));
process.stdout.write(
  `${JSON.stringify({ rescales: result.rescales, told, story: result.story }, null, 1)}\n`,
);
