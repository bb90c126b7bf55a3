import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNT, DROP, GEN, JOB, simulatedFlink, WORK } from "../../../test/support/simulated-flink.ts";

const UNKNOWN = "0".repeat(32);
const REQUIREMENTS = `/jobs/${JOB}/resource-requirements`;
const bounds = (lowerBound: unknown, upperBound: unknown) => ({ parallelism: { lowerBound, upperBound } });
const wish = (work: object) => ({
  [GEN]: bounds(1, 1),
  [WORK]: work,
  [COUNT]: bounds(1, 1),
  [DROP]: bounds(1, 1),
});

const errorsOf = (body: unknown): string => (body as { errors?: string[] }).errors?.join("\n") ?? "";

describe("requests that Flink refuses", () => {
  it.each([
    ["GET /nope", 404, "Unable to load requested file /nope."],
    ["POST /nope", 404, "Not found: /nope"],
    ["HEAD /config", 404, "Not found: /config"],
    ["GET /jobs/xyz", 400, 'Cannot resolve path parameter (jobid) from value "xyz".'],
    [`GET /jobs/${JOB}/vertices/xyz`, 400, 'Cannot resolve path parameter (vertexid) from value "xyz".'],
    [`GET /jobs/${UNKNOWN}`, 404, `NotFoundException: Job ${UNKNOWN} not found`],
    [`GET /jobs/${UNKNOWN}/exceptions`, 404, `Job ${UNKNOWN} not found`],
    [`GET /jobs/${UNKNOWN}/status`, 500, `FlinkJobNotFoundException: Could not find Flink job (${UNKNOWN})`],
    [`GET /jobs/${UNKNOWN}/resource-requirements`, 500, "Internal server error."],
    [`PATCH /jobs/${UNKNOWN}?mode=cancel`, 404, "Job could not be found."],
    [`GET /jobs/${JOB}/vertices/${UNKNOWN}`, 404, `JobVertex ${UNKNOWN} not found`],
    [`GET /jobs/${JOB}/checkpoints/details/999`, 404, "statistics for checkpoint 999."],
    [`GET /jobs/${JOB}/checkpoints/${UNKNOWN}`, 404, "There is no checkpoint operation with triggerId="],
    ["GET /taskmanagers/tm-99", 404, "Could not find TaskExecutor with id tm-99."],
    [`GET /jobs/${JOB}/vertices/${WORK}/subtasks/metrics?get=x&agg=bad`, 400, "query parameter (agg)"],
    ["POST /jars/upload", 400, "it takes no jars"],
    [`POST /jobs/${JOB}/savepoints`, 400, "takes no savepoints"],
    ["GET /jobs/%E0%A4%A", 400, "percent-encoding"],
  ])("%s → %d", (asked, status, text) => {
    const reply = simulatedFlink().ask(asked);
    expect(reply.status).toBe(status);
    expect(errorsOf(reply.body)).toContain(text);
  });

  it.each([
    ["an upper bound above the maximum", wish(bounds(1, 129)), 400, "parallelism 129 for the job vertex"],
    ["zero", wish(bounds(1, 0)), 400, "must be greater than zero"],
    ["lower above upper", wish(bounds(4, 3)), 400, "lower bound [4]"],
    [
      "an unknown vertex",
      { ...wish(bounds(1, 2)), [UNKNOWN]: bounds(1, 1) },
      400,
      "not found in the JobGraph",
    ],
    ["a missing vertex", { [GEN]: bounds(1, 1) }, 400, "The request is incomplete, missing job vertex ["],
    ["nothing", {}, 400, "Request body does not specify resource requirements."],
    [
      "text for a number",
      wish(bounds("1", "2")),
      400,
      "did not match expected format JobResourceRequirementsBody.",
    ],
    ["a bad vertex id", { work: bounds(1, 2) }, 400, "did not match expected format"],
    ["a list", [], 400, "did not match expected format"],
  ])("requirements with %s", (_, body, status, text) => {
    const reply = simulatedFlink().ask(`PUT ${REQUIREMENTS}`, JSON.stringify(body));
    expect(reply.status).toBe(status);
    expect(errorsOf(reply.body)).toContain(text);
  });

  it("requirements in broken JSON", () => {
    expect(simulatedFlink().ask(`PUT ${REQUIREMENTS}`, '{"a":').status).toBe(400);
  });

  it.each(["GET", "PUT"])("%s of requirements with the default scheduler", (method) => {
    const { ask } = simulatedFlink({ cluster: { scheduler: "default" } });
    const reply = ask(`${method} ${REQUIREMENTS}`, JSON.stringify(wish(bounds(1, 2))));
    expect(reply.status).toBe(500);
    expect(errorsOf(reply.body)).toMatch(/DefaultScheduler does not support changing the parallelism/);
  });

  it("checkpoints of a job that takes none", () => {
    const { ask } = simulatedFlink({ job: { checkpoints: undefined } });
    expect(errorsOf(ask(`GET /jobs/${JOB}/checkpoints`).body)).toContain(
      "Checkpointing has not been enabled",
    );
    expect(ask(`GET /jobs/${JOB}/checkpoints/config`).status).toBe(404);
  });
});

describe("requests that act", () => {
  it("requirements are shown at once, and the job runs with them later", () => {
    const { ask, at } = simulatedFlink();
    at(60);
    const extra = { ...wish({ ...bounds(1, 4), comment: "ignored" }) };
    expect(ask(`PUT /v1${REQUIREMENTS}`, JSON.stringify(extra))).toEqual({ status: 200, body: {} });
    expect(ask(`GET ${REQUIREMENTS}`).body).toMatchObject({ [WORK]: bounds(1, 4) });
    at(90);
    const { vertices } = ask(`GET /jobs/${JOB}`).body as { vertices: { id: string; parallelism: number }[] };
    expect(vertices.find((v) => v.id === WORK)?.parallelism).toBe(4);
  });

  it("a cancelled job says so at once in its status; cancelling it again is accepted", () => {
    const { ask, at } = simulatedFlink();
    at(60);
    expect(ask(`PATCH /jobs/${JOB}?mode=cancel`).status).toBe(202);
    at(61);
    expect(ask(`GET /jobs/${JOB}/status`).body).toEqual({ status: "CANCELED" });
    expect(ask(`PATCH /jobs/${JOB}`).status).toBe(202);
    expect(ask("GET /jobs/overview").body).toMatchObject({
      jobs: [{ state: "CANCELED", "end-time": expect.any(Number) }],
    });
  });

  it("a checkpoint is triggered once per trigger id", () => {
    const { ask, at } = simulatedFlink();
    at(62);
    const triggerId = "a".repeat(32);
    for (let times = 0; times < 2; times++) {
      const reply = ask(
        `POST /jobs/${JOB}/checkpoints`,
        JSON.stringify({ checkpointType: "FULL", triggerId }),
      );
      expect(reply).toEqual({ status: 202, body: { "request-id": triggerId } });
    }
    at(64);
    const status = ask(`GET /jobs/${JOB}/checkpoints/${triggerId}`).body;
    expect(status).toEqual({ status: { id: "COMPLETED" }, operation: { checkpointId: expect.any(Number) } });
  });

  it("a failed checkpoint tells when and why", () => {
    const trouble = { atMs: 57_000, kind: "checkpoints-fail", job: "orders", forMs: 6_000 } as const;
    const { ask, at } = simulatedFlink({ trouble: [trouble] });
    at(64);
    const { latest } = ask(`GET /jobs/${JOB}/checkpoints`).body as { latest: { failed: unknown } };
    expect(latest.failed).toMatchObject({ status: "FAILED", failure_message: expect.stringMatching(/./) });
  });
});

describe("metrics", () => {
  const path = `/jobs/${JOB}/vertices/${WORK}/subtasks/metrics`;
  const warm = () => {
    const flink = simulatedFlink({ parallelism: 2 });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask("GET /jobmanager/metrics");
    }
    return flink;
  };

  it.each([
    [`${path}?get=numRecordsIn,nope`, []],
    [`/jobs/${JOB}/vertices/${UNKNOWN}/subtasks/metrics?get=numRecordsIn`, []],
    [
      `/jobs/${JOB}/vertices/${WORK}/metrics?get=0.numRecordsIn,7.numRecordsIn,0.nope`,
      [{ id: "0.numRecordsIn", value: expect.stringMatching(/^12[45]\d\d$/) }],
    ],
    [
      `${path}?get=numRecordsIn&agg=min,sum`,
      [{ id: "numRecordsIn", min: expect.closeTo(12_500, -1), sum: expect.closeTo(25_000, -1) }],
    ],
    [`/jobs/${JOB}/metrics?get=numRestarts,nope`, [{ id: "numRestarts", value: "0" }]],
    [
      "/jobmanager/metrics?get=taskSlotsTotal,taskSlotsAvailable",
      [
        { id: "taskSlotsTotal", value: "32" },
        { id: "taskSlotsAvailable", value: "30" },
      ],
    ],
    [`/jobs/${JOB}/vertices/${GEN}/watermarks`, []],
    [`/jobs/${JOB}/vertices/${UNKNOWN}/backpressure`, { status: "deprecated" }],
  ])("GET %s", (asked, expected) => {
    expect(warm().ask(`GET ${asked}`)).toEqual({ status: 200, body: expected });
  });

  it.each([
    ["1.20.5", 0],
    ["2.3.0", 25_000],
  ])("on %s the task of a source has read %d records", (flinkVersion, read) => {
    const flink = simulatedFlink({ cluster: { flinkVersion } });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask(`GET /jobs/${JOB}`);
    }
    const { vertices } = flink.ask(`GET /jobs/${JOB}`).body as {
      vertices: { metrics: Record<string, unknown> }[];
    };
    expect(vertices[0]?.metrics).toMatchObject({
      "read-records": expect.closeTo(read, -1),
      "write-records": expect.closeTo(25_000, -1),
    });
  });

  it("a source that does not report pending records has no such name", () => {
    const flink = simulatedFlink({ reportsPending: false });
    for (const seconds of [100, 103]) {
      flink.at(seconds);
      flink.ask(`GET /jobs/${JOB}`);
    }
    const names = JSON.stringify(flink.ask(`GET /jobs/${JOB}/vertices/${GEN}/subtasks/metrics`).body);
    expect(names).toContain("Source__gen.numRecordsIn");
    expect(names).not.toContain("pendingRecords");
  });
});

describe("trouble", () => {
  it("rest-fails spoils every route of Flink while it lasts, and none of the simulator", () => {
    const { ask, at } = simulatedFlink({
      trouble: [{ atMs: 10_000, kind: "rest-fails", status: 503, forMs: 5_000 }],
    });
    const statuses = [9, 10, 14.9, 15].map((seconds) => {
      at(seconds);
      return [ask("GET /config").status, ask("GET /simulator/clock").status];
    });
    expect(statuses).toEqual([
      [200, 200],
      [503, 200],
      [503, 200],
      [200, 200],
    ]);
  });
});

describe("a restart", () => {
  interface Seen {
    readonly timestamps: { readonly RUNNING: number };
    readonly vertices: readonly { parallelism: number; metrics: Record<string, unknown> }[];
  }

  it("leaves the old graph in the cache for a while, with counters that are gone", () => {
    const { ask, at, cluster } = simulatedFlink();
    const look = (): Seen => ask(`GET /jobs/${JOB}`).body as Seen;
    for (const seconds of [60, 63]) {
      at(seconds);
      look();
    }
    ask(`PUT ${REQUIREMENTS}`, JSON.stringify(wish(bounds(1, 2))));
    while (cluster.jobs[0]?.vertices[1]?.parallelism !== 2) {
      cluster.advanceTo(cluster.now() + 50);
      look();
    }
    const before = look();
    cluster.advanceTo(cluster.now() + 100);
    const old = look();
    expect(ask(`GET /jobs/${JOB}/status`).body).toEqual({ status: "RUNNING" });
    expect(old.vertices[1]?.parallelism).toBe(1);
    expect(old.timestamps).toEqual(before.timestamps);
    at((cluster.now() - cluster.epoch) / 1_000 + 2.5);
    expect(look().vertices[1]?.metrics).toMatchObject({ "read-records": 0, "read-records-complete": false });
    at((cluster.now() - cluster.epoch) / 1_000 + 3);
    expect(look().vertices[1]?.parallelism).toBe(2);
  });
});

describe("any request whatsoever", () => {
  const word = fc.constantFrom(
    "jobs",
    JOB,
    UNKNOWN,
    "vertices",
    WORK,
    "subtasks",
    "metrics",
    "v1",
    "checkpoints",
    "details",
    "1",
    "config",
    "taskmanagers",
    "tm-1",
    "resource-requirements",
    "simulator",
    "reporter",
    "exceptions",
    "..",
    "__proto__",
    "",
  );
  const path = fc.array(fc.oneof({ weight: 4, arbitrary: word }, fc.string()), { maxLength: 7 });
  const query = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "?get=numRecordsIn",
      "?get=,,&agg=sum",
      "?get=__proto__",
      "?maxExceptions=-5",
      "?mode=x",
      "?name[]=a",
    ),
  );
  const body = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(wish(bounds(1, 1e9)))));

  it("gets a reply with a valid status that can be sent", () => {
    const { server, at } = simulatedFlink();
    at(30);
    const methods = fc.constantFrom("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "x");
    fc.assert(
      fc.property(methods, path, query, body, (method, segments, q, b) => {
        const reply = server.answer({ method, path: `/${segments.join("/")}`, query: q, body: b });
        expect(reply.status).toBeGreaterThanOrEqual(200);
        expect(reply.status).toBeLessThan(600);
        expect(JSON.stringify(reply.body)).toEqual(expect.any(String));
        // A handler that stumbled would have been answered for by the net around it.
        expect(errorsOf(reply.body)).not.toMatch(/(Type|Range|Reference|Syntax)Error/);
      }),
      { numRuns: 2_000 },
    );
  });
});
