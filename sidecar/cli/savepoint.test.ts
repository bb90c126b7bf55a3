import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { main } from "./program.ts";

const JOB = "flink/default/orders";
const PATH = "file:/svp/savepoint-1";
const RECORD = { id: "p-1", job: JOB, at: 0, kind: "savepoint", reason: "savepoint", guards: [] };
const PLAN = { triggerId: "0".repeat(32), targetDirectory: null, format: "canonical" };
const ACT = { ...RECORD, sentence: "Take it.", proposal: PLAN, effective: PLAN };

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

interface Canned {
  readonly record?: object;
  readonly outcome?: object | null;
  readonly state?: string;
}

/** An Outrider that answers each question in one way; the bodies it was sent. */
async function run(canned: Canned, ...args: readonly string[]) {
  const sent: unknown[] = [];
  const outcome = canned.outcome ?? { at: 1, verdict: "reached", location: PATH, sentence: `Taken: ${PATH}` };
  const history = { record: ACT, permits: [], approval: null, attempts: [], outcome, ...canned };
  const item = { path: PATH, decision: "p-1", format: "canonical", takenAt: 0, removing: false, stays: null };
  const list = { items: [{ ...item, state: canned.state ?? "verified" }], next: null, nextDueAt: null };
  server = createServer(async (request, response) => {
    if (request.method === "POST") sent.push(JSON.parse(await text(request)));
    const isList = request.method === "GET" && request.url?.endsWith("/savepoints") === true;
    response.end(JSON.stringify(isList ? list : history));
  });
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  let out = "";
  let err = "";
  const io = {
    out: (t: string) => {
      out += t;
    },
    err: (t: string) => {
      err += t;
    },
    env: { OUTRIDER_SERVER: `http://127.0.0.1:${port}` },
    signal: new AbortController().signal,
  };
  const code = await main(["savepoint", JOB, ...args], io);
  return { code, out, err, sent };
}

describe("savepoint", () => {
  it.each([
    ["verified", 0],
    ["incomplete", 3],
    ["corrupt", 3],
    ["unsupported", 4],
    ["unknown", 5],
  ])("that was taken and is %s exits %i", async (state, code) => {
    const ran = await run({ state });
    expect(ran).toMatchObject({ code, out: expect.stringContaining(PATH) });
  });

  it.each([
    [
      "was not completed",
      { outcome: { at: 1, verdict: "not-reached", sentence: "No savepoint: disk full" } },
      "disk full",
    ],
    [
      "is held",
      { record: { ...ACT, effective: null, sentence: "Hold: it is FAILED." }, outcome: null },
      "Hold: it is",
    ],
  ])("that %s exits 1 and says why", async (_what, canned, said) => {
    expect(await run(canned)).toMatchObject({ code: 1, out: expect.stringContaining(said) });
  });

  it("sends what was chosen, and nothing that was not", async () => {
    expect((await run({})).sent).toEqual([{}]);
    server?.close();
    const { sent } = await run({}, "--format", "native", "--target", "s3://b/x");
    expect(sent).toEqual([{ format: "native", directory: "s3://b/x" }]);
  });

  it("lists what was taken without taking any", async () => {
    const { code, out, sent } = await run({}, "--list");
    expect({ code, sent }).toEqual({ code: 0, sent: [] });
    expect(out).toContain("would be removed");
  });
});
