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
  const reply = await fetch(`${url}/advance?ms=${PASS_MS}`, { method: "POST" });
  await ride.round(Number(await reply.text()));
}
// Not killed: the exit status tells the test that its point was never reached.
process.exit(3);
