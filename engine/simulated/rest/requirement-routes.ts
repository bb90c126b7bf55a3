import { isTerminal } from "../../../model/index.ts";
import type { Requirements } from "../world.ts";
import { isObject, objectIn } from "./json-body.ts";
import { badBody, jobNotFoundByDispatcher, ok, type SimulatorReply, serverError } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";

const NOT_ADAPTIVE =
  "java.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism without a job restart. This feature is currently only expected to work with the AdaptiveScheduler.";

/** The requirements of running jobs: not cached, and 500 for what is not there, as in Flink. */
export const requirementRoutes: readonly Route[] = [
  route("GET /jobs/:jobid/resource-requirements", (asked) => {
    const requirements = requirementsOf(asked);
    if (!("bounds" in requirements)) return requirements;
    const lines = Object.entries(requirements.bounds).map(([id, parallelism]) => [id, { parallelism }]);
    return ok(Object.fromEntries(lines));
  }),
  route("PUT /jobs/:jobid/resource-requirements", (asked) => {
    const wish = wishIn(asked.body);
    if (wish === undefined) return badBody("JobResourceRequirementsBody");
    const requirements = requirementsOf(asked);
    if (!("bounds" in requirements)) return requirements;
    asked.desk.cluster.putRequirements(asked.at["jobid"] ?? "", wish);
    return ok({});
  }),
];

function requirementsOf({ desk, at }: Asked): { readonly bounds: Requirements } | SimulatorReply {
  const job = desk.job(at["jobid"] ?? "");
  if (job === undefined || isTerminal(job.state)) return jobNotFoundByDispatcher(at["jobid"] ?? "");
  return job.requirements === undefined ? serverError(NOT_ADAPTIVE) : { bounds: job.requirements };
}

const VERTEX = /^[0-9a-f]{32}$/i;

/** `{"<vertex>": {"parallelism": {"lowerBound": 1, "upperBound": 4}}}`; further fields are ignored, as by Flink. */
function wishIn(body: string): Requirements | undefined {
  const given = objectIn(body);
  if (given === undefined) return undefined;
  const wish: Record<string, Requirements[string]> = {};
  for (const [id, line] of Object.entries(given)) {
    const bounds = boundsIn(line);
    if (!VERTEX.test(id) || bounds === undefined) return undefined;
    wish[id.toLowerCase()] = bounds;
  }
  return wish;
}

function boundsIn(line: unknown): Requirements[string] | undefined {
  const parallelism = isObject(line) ? line["parallelism"] : undefined;
  if (!isObject(parallelism)) return undefined;
  const { lowerBound, upperBound } = parallelism;
  return isInt(lowerBound) && isInt(upperBound) ? { lowerBound, upperBound } : undefined;
}

const isInt = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
