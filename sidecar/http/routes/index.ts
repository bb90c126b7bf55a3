import type { Route } from "../route.ts";
import { decisionRoutes } from "./decisions.ts";
import { eventRoutes } from "./events.ts";
import { jobRoutes } from "./jobs.ts";
import { recoveryRoutes } from "./recoveries.ts";
import { savepointRoutes } from "./savepoints.ts";
import { simulationRoutes } from "./simulations.ts";
import { snapshotRoutes } from "./snapshots.ts";
import { steeringRoutes } from "./steering.ts";
import { systemRoutes } from "./system.ts";

/** The table that both Express and the OpenAPI document are made from. A function: `system` needs it too. */
export function allRoutes(): readonly Route[] {
  return [
    ...jobRoutes,
    ...steeringRoutes,
    ...decisionRoutes,
    ...simulationRoutes,
    ...recoveryRoutes,
    ...snapshotRoutes,
    ...savepointRoutes,
    ...eventRoutes,
    ...systemRoutes,
  ];
}
