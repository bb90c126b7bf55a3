import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { type Peer, startPeer } from "./peer.ts";

/** These need Java and Maven, but no Flink: the peer's own manners against a few canned replies. */
const port = 18790;
const url = `http://127.0.0.1:${port}`;
let server: Server | undefined;
let peer: Peer | undefined;

afterEach(async () => {
  await peer?.stop();
  server?.close();
  server?.closeAllConnections();
  peer = undefined;
  server = undefined;
});

/** Answers the list of jobs, and 404 to everything else; returns the paths that were asked for. */
async function serveJobs(jobs: readonly unknown[]): Promise<string[]> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const known = request.url === "/v1/jobs/overview";
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? { jobs } : { errors: ["not here"] }));
  });
  await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
  return asked;
}

function jobInState(digit: string, state: string, running: number) {
  const states = ["created", "scheduled", "deploying", "finished", "canceling", "canceled", "failed"];
  const zero = Object.fromEntries([...states, "reconciling", "initializing"].map((name) => [name, 0]));
  const times = { "start-time": 0, "end-time": -1, duration: 1, "last-modification": 0 };
  return { jid: digit.repeat(32), name: "job", state, tasks: { ...zero, total: 4, running }, ...times };
}

test("every option in force is told, given or not", async () => {
  await serveJobs([]);
  peer = await startPeer({ url, mode: "stepped", options: { "job.autoscaler.metrics.window": "15s" } });
  expect(peer.effectiveOptions).toMatchObject({
    "job.autoscaler.enabled": true,
    "job.autoscaler.metrics.window": "15 s",
    "job.autoscaler.stabilization.interval": "5 min",
    "job.autoscaler.target.utilization": 0.7,
    "job.autoscaler.quota.cpu": null,
  });
});

test.each([
  [
    "an option of a later library",
    { "job.autoscaler.utilization.target": "0.7" },
    /unknown key; got job\.auto/,
  ],
  [
    "an option without a sense",
    { "job.autoscaler.metrics.window": "soon" },
    /got job\.autoscaler\.metrics\.window=soon/,
  ],
])("%s is refused with a sentence", async (_, options, sentence) => {
  await expect(startPeer({ url, mode: "stepped", options })).rejects.toThrow(sentence);
});

test("only jobs all of whose tasks run are judged", async () => {
  const asked = await serveJobs([
    jobInState("a", "CANCELED", 0),
    jobInState("b", "RESTARTING", 0),
    jobInState("c", "RUNNING", 3),
    jobInState("d", "RUNNING", 4),
  ]);
  peer = await startPeer({ url, mode: "stepped", options: {} });
  const pass = await peer.pass(60_000);
  expect(pass).toMatchObject({ at: 60_000, jobs: 1, puts: [] });
  expect(pass.errors.map((error) => error.at)).toEqual([60_000]);
  const jobsAsked = asked.map((path) => path.split("/")[3]).filter((id) => id !== "overview");
  expect(new Set(jobsAsked)).toEqual(new Set(["d".repeat(32)]));
});

test("a Flink that is away is an error of the pass, and the next pass asks again", async () => {
  peer = await startPeer({ url, mode: "stepped", options: {} });
  expect((await peer.pass(1_000)).errors[0]?.reason).toBe("JobListFailed");
  await serveJobs([]);
  expect((await peer.pass(2_000)).errors).toEqual([]);
});

test("time that goes back ends the peer, with the reason", async () => {
  await serveJobs([]);
  peer = await startPeer({ url, mode: "stepped", options: {} });
  await peer.pass(2_000);
  await expect(peer.pass(1_000)).rejects.toThrow("time goes back; got 1000, expected at least 2000");
  await expect(peer.pass(3_000)).rejects.toThrow("the Java peer ended");
});
