/** Rides beside a job in trouble until it kills itself at a point. Arguments: address of Flink, jar, store, scenario, point. */
import { CrashPoints } from "./crash-points.ts";
import { FLINK_ENTRY } from "./failing-flink.ts";
import { crashRide, type ScenarioName } from "./restore-crash.ts";
import { PASS_MS } from "./ride.ts";

const [url = "", jar = "", storePath = "", scenario = "", point = ""] = process.argv.slice(2);
const points = new CrashPoints((reached) => {
  if (reached === point) process.kill(process.pid, "SIGKILL");
});
const { onWrite, through } = points;
const spec = { jar, entryClass: FLINK_ENTRY, args: [], parallelism: null, configuration: {} };
const ride = crashRide({ url, spec }, scenario as ScenarioName, storePath, { onWrite, through });
for (let i = 0; i < 60; i++) await ride.round(await advance());

/** Moves the simulated Flink on by one pass; its new time. */
async function advance(): Promise<number> {
  const { nowMs } = await ask("GET");
  return (await ask("POST", { advanceToMs: nowMs + PASS_MS })).nowMs;
}

async function ask(method: string, body?: unknown): Promise<{ readonly nowMs: number }> {
  // A kept connection may be ended by the server just as it is used again, on a machine that is busy.
  const headers = { connection: "close" };
  const reply = await fetch(`${url}/simulator/clock`, { method, headers, body: JSON.stringify(body) });
  return (await reply.json()) as { nowMs: number };
}

// Not killed: the exit status tells the test that its point was never reached.
process.exit(3);
