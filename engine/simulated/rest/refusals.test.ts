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
    ["POST /jars/upload", 400, "Exactly 1 file must be sent, received 0."],
    ["POST /jars/none.jar/run", 500, "none.jar does not exist"],
    ["DELETE /jars/none.jar", 400, "File none.jar does not exist"],
    ["POST /savepoint-disposal", 400, "did not match expected format SavepointDisposalRequest"],
    [`GET /savepoint-disposal/${UNKNOWN}`, 404, "There is no savepoint disposal operation"],
    [`GET /jobs/${JOB}/savepoints/${UNKNOWN}`, 404, "There is no savepoint operation with triggerId="],
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
