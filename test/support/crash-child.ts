/** Rides until it kills itself at a point. Arguments: address of Flink, file of the store, point. */
import { CrashPoints } from "./crash-points.ts";
import { CRASH_SETTINGS, PASS_MS, Ride } from "./ride.ts";

const [url = "", storePath = "", point = ""] = process.argv.slice(2);
const points = new CrashPoints((reached) => {
  if (reached === point) process.kill(process.pid, "SIGKILL");
});
const { onWrite, through } = points;
const ride = new Ride({ clusters: { main: url }, storePath, settings: CRASH_SETTINGS, onWrite, through });
for (let i = 0; i < 60; i++) {
  await ride.round(await advance());
}
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
