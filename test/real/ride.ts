import { parseArgs } from "node:util";
import { rideLoadStep } from "./load-step.ts";

// `npm exec -c 'node test/real/ride.ts 1.20.5 act [--flink-defaults]'`: one ride, its figures as JSON on stdout.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "flink-defaults": { type: "boolean", default: false } },
});
const [version = "1.20.5", mode = "act", portBase = "18300"] = positionals;
if (version !== "1.20.5" && version !== "2.3.0") throw new Error(`expected 1.20.5 or 2.3.0, got ${version}`);
if (mode !== "act" && mode !== "observe") throw new Error(`expected act or observe, got ${mode}`);
const flinkDefaults = values["flink-defaults"];
const result = await rideLoadStep({ version, mode, portBase: Number(portBase), flinkDefaults });
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
