import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { readPrometheusLoad } from "./prometheus-load.ts";

const NOW = Date.UTC(2026, 10, 21, 12, 3);
const END = Date.UTC(2026, 10, 21, 12) / 1_000;
const MATRIX = { status: "success", data: { resultType: "matrix" } };

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that answers every request so; where it listens, and what it was asked. */
async function scripted(reply: string | undefined): Promise<{ url: string; asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = [];
  server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    asked.push(new URLSearchParams(body));
    if (reply !== undefined) res.end(reply);
  });
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prom/`, asked };
}

const matrix = (...series: readonly (readonly [number, string])[][]): string =>
  JSON.stringify({ ...MATRIX, data: { ...MATRIX.data, result: series.map((values) => ({ values })) } });

const question = (url: string, timeoutMs = 20_000) => ({
  url,
  query: "sum(rate)",
  lastMs: 3_600_000,
  now: NOW,
  timeoutMs,
});

describe("a load from Prometheus", () => {
  it("is read in steps of five minutes, and what is missing stays missing", async () => {
    const { url, asked } = await scripted(
      matrix([
        [END - 2_700, "10"],
        [END - 2_400, "NaN"],
        [END - 2_100, "-1"],
        [END - 900, "30.5"],
        [END, "40"],
      ]),
    );
    const load = await readPrometheusLoad(question(url));
    expect(load).toEqual({
      name: "prometheus",
      stepMinutes: 5,
      values: [10, null, null, null, null, null, 30.5, null, null, 40],
    });
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      query: "sum(rate)",
      start: `${END - 3_600}`,
      end: `${END}`,
      step: "300",
    });
  });

  it.each<[string, string | undefined, string, string]>([
    ["no series", matrix(), "bad-reply", "got no series"],
    ["several series", matrix([[END, "1"]], [[END, "2"]]), "bad-reply", "put sum(…) around"],
    ["only NaN", matrix([[END, "NaN"]]), "bad-reply", "no value that is a rate"],
    ["a refusal", '{"status":"error","error":"parse error at char 3"}', "bad-reply", "parse error at char 3"],
    ["a login page", "<html>", "bad-reply", "<html>"],
    ["too much", " ".repeat(9 * 2 ** 20), "too-large", "bytes"],
    ["nothing", undefined, "timeout", "no answer within 0.5 s"],
  ])("that answers with %s is refused", async (_, reply, code, text) => {
    const { url } = await scripted(reply);
    const asked = question(url, code === "timeout" ? 500 : undefined);
    await expect(readPrometheusLoad(asked)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    });
  });

  it("from where nobody listens is refused with the cause and what to check", async () => {
    const { url } = await scripted("");
    await new Promise((done) => server?.close(done));
    await expect(readPrometheusLoad(question(url))).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(/got no answer \(ECONNREFUSED\); expected a Prometheus there: check/),
    });
  });

  it("from an address that is none is refused", async () => {
    await expect(readPrometheusLoad(question("ftp://x"))).rejects.toMatchObject({ code: "bad-request" });
  });
});
