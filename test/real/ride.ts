import { rideLoadStep } from "./load-step.ts";

// `npm exec -c 'node test/real/ride.ts 1.20.5 act'`: one ride, its figures as JSON on stdout.
const [version = "1.20.5", mode = "act", portBase = "18300"] = process.argv.slice(2);
if (version !== "1.20.5" && version !== "2.3.0") throw new Error(`expected 1.20.5 or 2.3.0, got ${version}`);
if (mode !== "act" && mode !== "observe") throw new Error(`expected act or observe, got ${mode}`);
const result = await rideLoadStep({ version, mode, portBase: Number(portBase) });
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
