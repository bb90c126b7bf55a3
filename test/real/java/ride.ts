/**
 * `npm exec -c 'node test/real/java/ride.ts 1.20.5'`: the Java peer rides one load step, its figures as JSON on
 * stdout. The first argument may also be a world of the simulated Flink (`load-job-1.20`), the second is the first
 * port (18700 unless given), the third the world's seed.
 */
import { flinkVersions } from "../flink/fetch.ts";
import { startFlinkTarget } from "./on-flink.ts";
import { loadJobWorlds, startSimulatedTarget } from "./on-simulator.ts";
import { rideStep } from "./step.ts";

const [wanted = "1.20.5", port = "18700", seed = "1"] = process.argv.slice(2);
const version = flinkVersions.find((known) => known === wanted);
const world = loadJobWorlds.find((known) => known === wanted);
if (version === undefined && world === undefined) {
  throw new Error(`expected ${[...flinkVersions, ...loadJobWorlds].join(", ")}, got ${wanted}`);
}
const target =
  world === undefined
    ? await startFlinkTarget(version ?? "1.20.5", Number(port))
    : await startSimulatedTarget(world, Number(port), Number(seed));
try {
  process.stdout.write(`${JSON.stringify(await rideStep(target), null, 2)}\n`);
} finally {
  await target.stop();
}
