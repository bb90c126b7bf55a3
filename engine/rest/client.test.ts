import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Failure, sentenceOf } from "../../model/index.ts";
import { createFlinkRest, type FlinkRest } from "./client.ts";
import type { FlinkRestOptions } from "./transport.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const open: { server: Server; rest: FlinkRest }[] = [];

/** A client of a real server that answers every request with `handler`. */
async function against(
  handler: Handler,
  options: Partial<FlinkRestOptions> = {},
): Promise<{ rest: FlinkRest; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const rest = createFlinkRest({ url: `http://127.0.0.1:${port}`, timeoutMs: 2_000, retries: 0, ...options });
  open.push({ server, rest });
  return { rest, requests };
}

afterEach(async () => {
  for (const { server, rest } of open.splice(0)) {
    await rest.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const answer =
  (status: number, body: unknown, type = "application/json"): Handler =>
  (_, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome = await promise.then(
    () => undefined,
    (error: Failure) => error,
  );
  if (outcome === undefined) throw new Error("it did not fail");
  return outcome;
}

const java = (text: string): string =>
  `org.apache.flink.runtime.rest.handler.RestHandlerException: ${text}\n\tat a.B.c(B.java:1)`;
const NO_JOB = {
  errors: [
    "Internal server error.",
    "<Exception on server side:\norg.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (0)\n\tat x",
  ],
};
const NOT_ADAPTIVE = {
  errors: [
    "Internal server error.",
    "<Exception on server side:\njava.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism without a job restart.\n\tat x",
  ],
};

describe("a call that fails", () => {
  it.each([
    [401, "", "unauthorized", "401 without an explanation"],
    [403, { errors: [java("no")] }, "forbidden", "403: no"],
    [404, { errors: [java("Job x not found.")] }, "not-found", "404: Job x not found;"],
    [404, "<html>nginx</html>", "not-found", "404, a web page"],
    [
      404,
      { errors: [java("Checkpointing has not been enabled.")] },
      "not-supported",
      "Checkpointing has not",
    ],
    [404, { errors: ["Unable to load requested file /nope."] }, "not-supported", "Unable to load"],
    [400, { errors: [java("exceeds its maximum parallelism 128.")] }, "rejected", "400: exceeds its maximum"],
    [429, "", "throttled", "429"],
    [500, NO_JOB, "not-found", "500: Could not find Flink job (0)"],
    [500, NOT_ADAPTIVE, "not-supported", "500: The DefaultScheduler does not support"],
    [500, { errors: ["Internal server error."] }, "unavailable", "500: Internal server error"],
    [
      503,
      { errors: ["Service temporarily unavailable due to an ongoing leader election."] },
      "unavailable",
      "503",
    ],
    [502, "<html>bad gateway</html>", "unavailable", "502, a web page"],
  ])("says what %i %j means: %s", async (status, body, code, words) => {
    const { rest } = await against(answer(status, body));
    const failure = await failureOf(rest.job("x"));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.message).toMatch(
      /^cannot read the job: GET http:\/\/127\.0\.0\.1:\d+\/jobs\/x; got .*; expected .*[^.]$/,
    );
    expect(failure.message).not.toMatch(/\n|\tat |RestHandlerException/);
  });

  it.each([
    ["a web page", "<!doctype html><p>hello", "got a web page"],
    ["garbage", "\u0000\u0001nonsense", "got text that is not JSON"],
    ["nothing", "", "got null at the top"],
    ["half a reply", '{"taskmanagers":', "got text that is not JSON"],
    ["another shape", { taskmanagers: "many" }, 'got "many" at taskmanagers; expected number'],
    ["a missing field", { taskmanagers: 1 }, "got nothing at slots-total; expected number"],
  ])("does not take %s for a reply", async (_, body, words) => {
    const { rest } = await against(answer(200, body));
    const failure = await failureOf(rest.overview());
    expect(failure.code).toBe("bad-reply");
    expect(failure.message).toContain(words);
  });

  it("names the path inside a long reply that is wrong", async () => {
    const job = { jid: "a", name: "n", state: "RUNNING", "start-time": 1 };
    const { rest } = await against(answer(200, { jobs: [job, { ...job, state: "DANCING" }] }));
    expect((await failureOf(rest.jobs())).message).toMatch(/got "DANCING" at jobs\[1\]\.state; expected /);
  });

  it("gives up on a server that never answers", async () => {
    const { rest } = await against(() => {}, { timeoutMs: 150 });
    expect(await failureOf(rest.config())).toMatchObject({ code: "timeout", retryable: true });
  });

  it("gives up on a reply that trickles for ever, at the deadline of the whole call", async () => {
    const { rest } = await against(
      (_, response) => {
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
      { timeoutMs: 200, retries: 3 },
    );
    const started = performance.now();
    expect((await failureOf(rest.config())).code).toBe("timeout");
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it("stops reading an endless reply at the limit", async () => {
    let closed = false;
    const { rest } = await against(
      (_, response) => {
        const pump = (): void => {
          while (response.write("x".repeat(65_536)));
          response.once("drain", pump);
        };
        response.on("close", () => {
          closed = true;
        });
        pump();
      },
      { maxBytes: 1_000_000 },
    );
    expect(await failureOf(rest.config())).toMatchObject({ code: "too-large", retryable: false });
    await expect.poll(() => closed).toBe(true);
  });

  it("does not follow a redirect to a login page", async () => {
    const { rest, requests } = await against((_, response) => {
      response.writeHead(302, { location: "/login" });
      response.end();
    });
    expect(await failureOf(rest.config())).toMatchObject({ code: "rejected" });
    expect(requests).toHaveLength(1);
  });

  it("is unreachable when nothing listens", async () => {
    const rest = createFlinkRest({ url: "http://127.0.0.1:1", retries: 0 });
    expect(await failureOf(rest.config())).toMatchObject({ code: "unreachable" });
    await rest.close();
  });
});

describe("retrying", () => {
  const CONFIG = { "flink-version": "2.3.0", features: {} };
  const firstFails = (status: number, then: unknown): Handler => {
    let calls = 0;
    return (request, response) => {
      calls += 1;
      answer(calls === 1 ? status : 200, calls === 1 ? "" : then)(request, response);
    };
  };

  it("asks again when a GET fails in a way that may pass", async () => {
    const { rest, requests } = await against(firstFails(503, CONFIG), { retries: 1 });
    expect(await rest.config()).toMatchObject({ "flink-version": "2.3.0" });
    expect(requests).toHaveLength(2);
  });

  it("does not ask again when it cannot help", async () => {
    const { rest, requests } = await against(firstFails(401, CONFIG), { retries: 3 });
    await failureOf(rest.config());
    expect(requests).toHaveLength(1);
  });

  it("never repeats an act", async () => {
    const { rest, requests } = await against(firstFails(503, { "request-id": "a" }), { retries: 3 });
    await failureOf(rest.triggerSavepoint("x", { triggerId: "a" }));
    expect(requests).toHaveLength(1);
  });
});

describe("credentials", () => {
  it.each([
    [{ auth: { bearer: "s3cret" } }, "Bearer s3cret"],
    [{ auth: { username: "u", password: "s3cret" } }, `Basic ${btoa("u:s3cret")}`],
  ])("are sent and never shown: %j", async (options, header) => {
    const { rest, requests } = await against(answer(401, ""), options);
    const failure = await failureOf(rest.config());
    expect(requests[0]?.headers.authorization).toBe(header);
    expect(sentenceOf(failure)).not.toContain("s3cret");
  });

  it("may stand in the address", async () => {
    const { server } = await against(answer(401, "")).then(() => open[0] ?? { server: createServer() });
    const { port } = server.address() as AddressInfo;
    let seen: string | undefined;
    server.on("request", (request) => {
      seen = request.headers.authorization;
    });
    const rest = createFlinkRest({ url: `http://u:p%40ss@127.0.0.1:${port}/` });
    const failure = await failureOf(rest.config());
    await rest.close();
    expect(seen).toBe(`Basic ${btoa("u:p@ss")}`);
    expect(failure.message).not.toContain("p%40ss");
  });

  it("are not shown when the address is wrong", () => {
    expect(() => createFlinkRest({ url: "ftp://u:s3cret@host/" })).toThrow(/ftp:\/\/<secret>@host/);
  });
});

describe("replies", () => {
  it("reads numbers that are none, and leaves unknown fields out", async () => {
    const body = [{ id: "a", sum: "NaN", max: "Infinity", extra: 1 }];
    const { rest } = await against(answer(200, body));
    expect(await rest.subtaskMetrics("j", "v", ["a"], ["sum", "max"])).toEqual(
      new Map([["a", { sum: Number.NaN, max: Number.POSITIVE_INFINITY }]]),
    );
  });

  it("splits a long list of metric names over several requests", async () => {
    const { rest, requests } = await against(answer(200, []));
    await rest.jmMetrics(Array.from({ length: 200 }, (_, i) => `Status.JVM.Memory.Some.Long.Name${i}`));
    expect(requests.length).toBeGreaterThan(1);
    expect(Math.max(...requests.map((r) => (r.url ?? "").length))).toBeLessThan(4_000);
  });

  it.each([
    [{ status: { id: "IN_PROGRESS" }, operation: null }, { kind: "in-progress" }],
    [
      { status: { id: "COMPLETED" }, operation: { location: "s3://b/sp" } },
      { kind: "completed", location: "s3://b/sp", checkpointId: undefined },
    ],
    [
      {
        status: { id: "COMPLETED" },
        operation: { "failure-cause": { "stack-trace": "a.B: c.D: disk full.\n\tat x" } },
      },
      { kind: "failed", sentence: "disk full", salvaged: undefined },
    ],
    [
      {
        status: { id: "COMPLETED" },
        operation: {
          "failure-cause": {
            "stack-trace": "a.B: A savepoint has been created at: s3://b/sp, but the job failed",
          },
        },
      },
      { kind: "failed", sentence: expect.stringContaining("created at"), salvaged: "s3://b/sp" },
    ],
  ])("reads the status of a savepoint: %j", async (body, expected) => {
    const { rest } = await against(answer(200, body));
    expect(await rest.savepointStatus("j", "t")).toEqual(expected);
  });

  it.each([
    [
      "triggerSavepoint",
      "/jobs/j/savepoints",
      { "cancel-job": false, "target-directory": "s3://b", formatType: "NATIVE", triggerId: "t" },
    ],
    [
      "stopWithSavepoint",
      "/jobs/j/stop",
      { drain: false, targetDirectory: "s3://b", formatType: "NATIVE", triggerId: "t" },
    ],
  ] as const)("%s sends our trigger id and the field names of its route", async (method, path, body) => {
    let sent = "";
    const { rest, requests } = await against((request, response) => {
      request.on("data", (chunk) => {
        sent += chunk;
      });
      request.on("end", () => answer(202, { "request-id": "t" })(request, response));
    });
    const asked = { triggerId: "t", targetDirectory: "s3://b", formatType: "NATIVE" } as const;
    expect(await rest[method]("j", asked)).toBe("t");
    expect(requests[0]?.url).toBe(path);
    expect(JSON.parse(sent)).toEqual(body);
  });

  it("disposes of a savepoint by its path, under a request id of Flink's", async () => {
    let sent = "";
    const { rest, requests } = await against((request, response) => {
      request.on("data", (chunk) => {
        sent += chunk;
      });
      request.on("end", () => {
        const done = { status: { id: "COMPLETED" }, operation: {} };
        answer(200, request.method === "POST" ? { "request-id": "r1" } : done)(request, response);
      });
    });
    expect(await rest.disposeSavepoint("s3://b/savepoint-1")).toBe("r1");
    expect(JSON.parse(sent)).toEqual({ "savepoint-path": "s3://b/savepoint-1" });
    expect(await rest.disposalStatus("r1")).toMatchObject({ kind: "completed" });
    expect(requests.map((r) => `${r.method} ${r.url}`)).toEqual([
      "POST /savepoint-disposal",
      "GET /savepoint-disposal/r1",
    ]);
  });

  it.each([
    [{ status: { id: "IN_PROGRESS" } }, undefined],
    [{ status: { id: "COMPLETED" }, "job-execution-result": { id: "j" } }, undefined],
    [
      {
        "job-execution-result": {
          "failure-cause": { class: "a.B", "stack-trace": "a.B: no", "serialized-throwable": "x" },
        },
      },
      { class: "a.B", stack: "a.B: no" },
    ],
  ])("reads how a job ended: %j", async (body, expected) => {
    const { rest } = await against(answer(200, body));
    expect(await rest.failureCause("j")).toEqual(expected);
  });

  it("tells a job id that is taken from other refusals of a jar", async () => {
    const errors = [
      "Internal server error.",
      "<Exception on server side:\norg.apache.flink.client.program.ProgramInvocationException: The main method caused an error\nCaused by: org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has already been submitted.\n\tat x",
    ];
    const { rest } = await against(answer(500, { errors }));
    expect(await failureOf(rest.runJar("a.jar", {}))).toMatchObject({ code: "conflict" });
  });

  it("keeps the path prefix of a proxy and escapes what it is given", async () => {
    const { rest, requests } = await against(answer(404, ""));
    await failureOf(rest.job("a/../b"));
    expect(requests[0]?.url).toBe("/jobs/a%2F..%2Fb");
  });
});
