import { describe, expect, it } from "vitest";
import { COUNT, DROP, GEN, JOB, simulatedFlink, WORK } from "../../../test/support/simulated-flink.ts";

const REQUIREMENTS = `/jobs/${JOB}/resource-requirements`;
const bounds = (lowerBound: unknown, upperBound: unknown) => ({ parallelism: { lowerBound, upperBound } });
const wish = (work: object) => ({
  [GEN]: bounds(1, 1),
  [WORK]: work,
  [COUNT]: bounds(1, 1),
  [DROP]: bounds(1, 1),
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

  it("an ended job keeps its last counters and its length", () => {
    const { ask, at } = simulatedFlink();
    at(60);
    ask(`PATCH /jobs/${JOB}`);
    at(600);
    const job = ask(`GET /jobs/${JOB}`).body as { duration: number; vertices: { metrics: unknown }[] };
    expect(job.duration).toBeLessThan(61_000);
    expect(job.vertices[1]?.metrics).toMatchObject({ "read-records": expect.closeTo(15_000, -1.5) });
    expect(ask("GET /overview").body).toMatchObject({ "jobs-running": 0, "jobs-cancelled": 1 });
    expect(ask(`GET /jobs/${JOB}/resource-requirements`).status).toBe(500);
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

  it("never lends the new attempt's counters to the old graph", () => {
    const { ask, at } = simulatedFlink({ cluster: { refreshIntervalMs: 60_000 } });
    for (const seconds of [60, 63]) {
      at(seconds);
      ask(`GET /jobs/${JOB}`);
    }
    ask(`PUT ${REQUIREMENTS}`, JSON.stringify(wish(bounds(1, 2))));
    for (const seconds of [80, 85, 90]) {
      at(seconds);
      ask("GET /jobmanager/metrics");
    }
    const { vertices } = ask(`GET /jobs/${JOB}`).body as Seen;
    expect(vertices[1]).toMatchObject({ parallelism: 1, metrics: { "read-records": 0 } });
    expect(ask(`GET /jobs/${JOB}/vertices/${WORK}/subtasks/metrics?get=numRecordsIn`).body).toHaveLength(1);
  });
});
