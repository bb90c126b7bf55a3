import { isTerminal } from "../../model/index.ts";
import { type JobView, Refused } from "./view.ts";
import type { Requirements, VertexPlan } from "./world.ts";

const REST = "org.apache.flink.runtime.rest.handler.RestHandlerException";

/** `-1` for both bounds stands for "any": Flink reads it as 1 … the maximum. */
export function boundsOf(job: JobView, wish: Requirements): Requirements {
  return Object.fromEntries(
    job.plan.vertices.map(({ id, maxParallelism }) => {
      const { lowerBound, upperBound } = wish[id] ?? { lowerBound: 1, upperBound: maxParallelism };
      return [
        id,
        lowerBound === -1 ? { lowerBound: 1, upperBound: maxParallelism } : { lowerBound, upperBound },
      ];
    }),
  );
}

/** Refuses what Flink refuses, in its words (seen on 1.20.5 and 2.3.0). */
export function checkRequirements(job: JobView, wish: Requirements): void {
  if (job.requirements === undefined) {
    throw new Refused(
      500,
      "java.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism without a job restart. This feature is currently only expected to work with the AdaptiveScheduler.",
    );
  }
  if (isTerminal(job.state)) {
    throw new Refused(
      500,
      `org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (${job.id})`,
    );
  }
  const refuse = (text: string): never => {
    throw new Refused(400, `${REST}: ${text}`);
  };
  if (Object.keys(wish).length === 0) refuse("Request body does not specify resource requirements.");
  for (const id of Object.keys(wish)) {
    if (!job.plan.vertices.some((v) => v.id === id))
      refuse(`Job vertex [${id}] was not found in the JobGraph.`);
  }
  for (const vertex of job.plan.vertices) {
    const why = objection(vertex, wish[vertex.id]);
    if (why !== undefined) refuse(why);
  }
}

function objection(
  { id, maxParallelism }: VertexPlan,
  bounds: Requirements[string] | undefined,
): string | undefined {
  if (bounds === undefined)
    return `The request is incomplete, missing job vertex [${id}] resource requirements.`;
  const { lowerBound: lower, upperBound: upper } = bounds;
  if (lower === -1 && upper === -1) return undefined;
  if (lower <= 0 || upper <= 0) {
    return `Both, the requested lower bound [${lower}] and upper bound [${upper}] for job vertex [${id}] must be greater than zero.`;
  }
  if (lower > upper) {
    return `The requested lower bound [${lower}] for job vertex [${id}] is higher than the upper bound [${upper}].`;
  }
  if (upper > maxParallelism) {
    return `The newly requested parallelism ${upper} for the job vertex ${id} exceeds its maximum parallelism ${maxParallelism}.`;
  }
  return undefined;
}
