import { parse, stringify } from "yaml";
import { type FidelityPlan, type Fields, LOAD_JOB } from "./fidelity-plan.ts";

interface WorldFile {
  cluster: Fields;
  jobs: { checkpoints: Fields; vertices: Record<string, Fields> }[];
}

/** The text of a world of one load job, changed as the plan wants it. */
export function changedWorld(text: string, plan: FidelityPlan): string {
  const world = parse(text) as WorldFile;
  const { cluster = {}, checkpoints = {}, vertices = {} } = plan.world ?? {};
  const machines =
    plan.machines === undefined
      ? {}
      : { taskManagers: plan.machines.taskManagers, slotsPerTaskManager: plan.machines.slots };
  world.cluster = merged(merged(world.cluster, machines), cluster);
  for (const job of world.jobs) {
    job.checkpoints = merged(job.checkpoints, checkpoints);
    const costs = costsOf(plan);
    for (const [name, changes] of [...Object.entries(costs), ...Object.entries(vertices)])
      job.vertices[name] = merged(job.vertices[name] ?? {}, changes);
  }
  return stringify(world);
}

/** The waits that the load job is started with are those of the world. */
function costsOf({ args = {} }: FidelityPlan): Record<string, Fields> {
  return {
    work: { waitMs: args["work-ms"] ?? LOAD_JOB["work-ms"] },
    count: { waitMs: args["count-ms"] ?? LOAD_JOB["count-ms"] },
  };
}

function merged(base: Fields, over: Fields): Fields {
  const found: Record<string, Fields[string]> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = found[key];
    found[key] = typeof before === "object" && typeof value === "object" ? merged(before, value) : value;
  }
  return found;
}
