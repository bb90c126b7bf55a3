import { Refused } from "../view.ts";
import { checkpointRoutes } from "./checkpoint-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import type { Desk } from "./desk.ts";
import { jarRoutes } from "./jar-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { metricRoutes } from "./metric-routes.ts";
import {
  plainError,
  routeNotFound,
  type SimulatorReply,
  type SimulatorRequest,
  serverError,
  thrownError,
} from "./reply.ts";
import { requirementRoutes } from "./requirement-routes.ts";
import { matchRoute, type Route, segmentsOf } from "./route.ts";
import { savepointRoutes } from "./savepoint-routes.ts";
import { type SimulatorControls, simulatorRoutes } from "./simulator-routes.ts";
import { taskManagerRoutes } from "./task-manager-routes.ts";
import { triggerRoutes } from "./trigger-routes.ts";
import { vertexRoutes } from "./vertex-routes.ts";

const FLINK_ROUTES: readonly Route[] = [
  ...clusterRoutes,
  ...jobRoutes,
  ...vertexRoutes,
  ...metricRoutes,
  ...taskManagerRoutes,
  ...checkpointRoutes,
  ...triggerRoutes,
  ...savepointRoutes,
  ...requirementRoutes,
  ...jarRoutes,
];

/** Flink's words while no JobManager leads; clients try again. */
const NO_LEADER = "Service temporarily unavailable due to an ongoing leader election. Please refresh.";

/** Answers every request with a valid reply; never throws. */
export function createAnswer(
  desk: Desk,
  controls: SimulatorControls,
): (request: SimulatorRequest) => SimulatorReply {
  const ownRoutes = simulatorRoutes(controls);
  return (request) => {
    try {
      controls.clock.catchUp();
      return answered(desk, ownRoutes, request);
    } catch (error) {
      if (error instanceof Refused) return thrownError(error.status, error.message);
      return serverError(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  };
}

export const isSimulatorPath = (path: string): boolean => path.startsWith("/simulator/");

function answered(desk: Desk, ownRoutes: readonly Route[], request: SimulatorRequest): SimulatorReply {
  const { method, query = "", body = "" } = request;
  const segments = decoded(request.path);
  if (segments === undefined) return plainError(400, "The path is no valid percent-encoding.");
  const own = isSimulatorPath(request.path);
  const troubled = own ? undefined : statusOfTrouble(desk);
  if (troubled !== undefined) return plainError(troubled, NO_LEADER);
  const versioned = segments[0] === "v1" && segments.length > 1 ? segments.slice(1) : segments;
  const asked = { desk, query: new URLSearchParams(query), body };
  let bad: SimulatorReply | undefined;
  for (const route of own ? ownRoutes : FLINK_ROUTES) {
    const match = matchRoute(route, method, versioned);
    if (match.kind === "match") return route.answer({ ...asked, at: match.at });
    // Another route may still have the text as a fixed part: `/jobs/overview` is no job.
    if (match.kind === "bad") bad ??= match.reply;
  }
  return bad ?? routeNotFound(method, request.path);
}

/** Over HTTP a JobManager that is down does not answer at all; in process this is the nearest to it. */
function statusOfTrouble({ cluster, troubles }: Desk): number | undefined {
  return cluster.jobManager.state === "up" ? troubles.restStatus() : 503;
}

/** Undefined where the path is no valid percent-encoding. */
function decoded(path: string): readonly string[] | undefined {
  try {
    return segmentsOf(path).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
