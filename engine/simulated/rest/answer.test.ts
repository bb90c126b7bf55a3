import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COUNT, DROP, GEN, JOB, simulatedFlink, WORK } from "../../../test/support/simulated-flink.ts";

const UNKNOWN = "0".repeat(32);
const bounds = (lowerBound: unknown, upperBound: unknown) => ({ parallelism: { lowerBound, upperBound } });
const wish = (work: object) => ({
  [GEN]: bounds(1, 1),
  [WORK]: work,
  [COUNT]: bounds(1, 1),
  [DROP]: bounds(1, 1),
});

const errorsOf = (body: unknown): string => (body as { errors?: string[] }).errors?.join("\n") ?? "";

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
