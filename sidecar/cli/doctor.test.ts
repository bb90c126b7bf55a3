import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { doctor, doctorText } from "./doctor.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function run(url: string, output: "json" | "text" = "json") {
  let [out, err] = ["", ""];
  const code = await doctor({
    url,
    output,
    timeout: 3_000,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

/** The recorded Flink 2.3, over a real socket. */
const recorded: RequestListener = (request, response) => {
  const file = new URL("../../engine/tuning/fixtures/2.3.json", import.meta.url);
  const replies: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  const reply = replies[(request.url ?? "").slice(1).replace(/\?.*$/, "")];
  response.statusCode = reply === undefined ? 404 : 200;
  response.end(JSON.stringify(reply ?? { errors: ["Not found."] }));
};

test("prints exactly one JSON document and returns 1 where there are findings", async () => {
  const { code, out, err } = await run(await serve(recorded));
  expect(code).toBe(1);
  expect(err).toBe("");
  const { findings, notAssessed } = JSON.parse(out);
  expect(Object.keys(findings[0]).toSorted()).toEqual([
    "code",
    "evidence",
    "job",
    "sentence",
    "severity",
    "vertex",
  ]);
  expect(notAssessed[0]).toEqual({ what: expect.any(String), why: expect.any(String) });
});

test("prints findings with what was seen and what to do for people", async () => {
  const { out } = await run(await serve(recorded), "text");
  expect(out).toMatch(/^Flink 2\.3\.0, 1 job: \d+ findings/);
  expect(out).toMatch(/WARNING {3}no-high-availability {2}\(cluster\)\n.*\n +seen: type=NONE\n +do: /);
  expect(out).toContain("Not assessed, which is not the same as healthy:");
});

test("nothing from outside steers the terminal", () => {
  const finding = {
    code: "x",
    severity: "info",
    job: null,
    vertex: null,
    sentence: "a\u001b[2Jb\nc",
    evidence: {},
  } as const;
  expect(doctorText({ findings: [finding], notAssessed: [] }, "Flink")).not.toContain("\u001b");
});

const UNREADABLE: Readonly<Record<string, RequestListener>> = {
  "a web page": (_q, s) => s.end("<!doctype html><title>Login</title>"),
  garbage: (_q, s) => s.end("\u0000\u0001 not json"),
  "another JSON server": (_q, s) => s.end('{"hello":"world"}'),
  "401": (_q, s) => {
    s.statusCode = 401;
    s.end("who are you?");
  },
  "500 with a stack trace": (_q, s) => {
    s.statusCode = 500;
    s.end(JSON.stringify({ errors: ["java.lang.X: no\n\tat a.b(C.java:1)\n\tat d.e(F.java:2)"] }));
  },
  silence: () => undefined,
  "an endless reply": (_q, s) => {
    const timer = setInterval(() => s.write("[1,2,3,"), 5);
    s.on("close", () => clearInterval(timer));
  },
};

describe("Flink that cannot be read", () => {
  test.each(Object.entries(UNREADABLE))("%s gives 2 and one sentence", async (_name, listener) => {
    const started = performance.now();
    const { code, out, err } = await run(await serve(listener));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^outrider doctor: cannot [^\n]+\n$/);
    expect(err).not.toMatch(/\bat [\w.]+\(/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each(["http://127.0.0.1:1", "not an address", "ftp://flink"])("%s gives 2", async (url) => {
    const { code, err } = await run(url);
    expect(code).toBe(2);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("a password in the address is not shown", async () => {
    const { err } = await run("http://me:hunter2@127.0.0.1:1");
    expect(err).not.toContain("hunter2");
  });
});
